/** Which rows of a long list are worth drawing: those in sight and a few around them. */

import { useEffect, useState, type RefObject } from "react";

export type Rows = { first: number; last: number };

/** Pure: the half-open stretch of rows between two distances from the list's top. */
export function rowsInSight(count: number, height: number, from: number, until: number, around = 12): Rows {
  const first = Math.max(0, Math.min(count, Math.floor(from / height) - around));
  const last = Math.max(first, Math.min(count, Math.ceil(until / height) + around));
  return { first, last };
}

/** Follows the scrolling of the nearest `.page-scroll` around `list`; `onEnd` is called when the last row is drawn. */
export function useWindowedRows(
  list: RefObject<HTMLElement | null>,
  count: number,
  height: number,
  onEnd?: () => void,
): Rows {
  const [rows, setRows] = useState<Rows>(() => rowsInSight(count, height, 0, 1200));
  useEffect(() => {
    const element = list.current;
    const scroller = element?.closest(".page-scroll");
    if (!element || !scroller) return;
    const update = () => {
      const top = scroller.getBoundingClientRect().top - element.getBoundingClientRect().top;
      const next = rowsInSight(count, height, top, top + (scroller.clientHeight || 1200));
      setRows((old) => (old.first === next.first && old.last === next.last ? old : next));
    };
    update();
    scroller.addEventListener("scroll", update, { passive: true });
    window.addEventListener("resize", update);
    return () => {
      scroller.removeEventListener("scroll", update);
      window.removeEventListener("resize", update);
    };
  }, [list, count, height]);
  const last = Math.min(Math.max(rows.last, rows.first), count);
  useEffect(() => {
    if (last >= count) onEnd?.();
  }, [last, count, onEnd]);
  return { first: Math.min(rows.first, count), last };
}
