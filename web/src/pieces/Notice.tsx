import type { ReactNode } from "react";

import type { Level } from "../graphql/graphql";
import { LevelMark } from "../levels/LevelMark";

import "./notice.css";

type Props = { title: ReactNode; level?: Level; children: ReactNode; action?: ReactNode };

/** What, why, one action: where a page or a chart has nothing else to show. */
export function Notice({ title, level, children, action }: Props) {
  return (
    <div className="notice">
      <h2 className="notice-title">
        {level && <LevelMark level={level} />}
        {title}
      </h2>
      <div className="notice-text">{children}</div>
      {action && <div className="notice-action">{action}</div>}
    </div>
  );
}
