import type { RefObject } from "react";

import { useKeys } from "./useKeys";

/** The place of the row whose link has the keyboard, -1 when none has. */
export function rowInFocus(): number {
  const row = document.activeElement?.closest<HTMLElement>("tr[data-index]");
  return row ? Number(row.dataset["index"]) : -1;
}

/** J and K go from row to row; a row that is out of sight is scrolled to, then focused once it is drawn. */
export function useRowKeys(body: RefObject<HTMLElement | null>, count: number, height: number): void {
  const move = (step: number) => {
    const next = Math.min(count - 1, Math.max(0, rowInFocus() + step));
    const link = () => body.current?.querySelector<HTMLElement>(`tr[data-index="${String(next)}"] a`);
    const scroller = body.current?.closest(".page-scroll");
    const focus = () => {
      link()?.focus({ preventScroll: true });
      link()?.closest("tr")?.scrollIntoView({ block: "nearest" });
    };
    if (link()) focus();
    else if (scroller) {
      scroller.scrollTop += step * height * 8;
      requestAnimationFrame(focus);
    }
  };
  useKeys({
    j: () => {
      move(1);
    },
    k: () => {
      move(-1);
    },
  });
}
