import type { SelectHTMLAttributes } from "react";

import { Icon } from "./Icon";

/** A native select with the frame of the other controls. */
export function Select({ className = "", children, ...rest }: SelectHTMLAttributes<HTMLSelectElement>) {
  return (
    <span className={`select ${className}`}>
      <select {...rest}>{children}</select>
      <Icon name="down" size={14} />
    </span>
  );
}
