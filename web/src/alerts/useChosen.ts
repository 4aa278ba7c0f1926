import { useState } from "react";

type Chosen<Row> = {
  ids: ReadonlySet<string>;
  /** The chosen rows that are still listed, in the list's order. */
  alerts: Row[];
  toggle: (index: number, range: boolean) => void;
  toggleAll: () => void;
  clear: () => void;
};

/** Which rows are chosen; with `range` everything from the row that was toggled last. */
export function useChosen<Row extends { id: string }>(rows: readonly Row[]): Chosen<Row> {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const [last, setLast] = useState<string | null>(null);
  const alerts = rows.filter((row) => ids.has(row.id));
  return {
    ids,
    alerts,
    toggle: (index, range) => {
      const row = rows.at(index);
      if (index < 0 || !row) return;
      const anchor = range ? rows.findIndex((each) => each.id === last) : -1;
      const [from, until] = anchor < 0 ? [index, index] : [Math.min(anchor, index), Math.max(anchor, index)];
      const on = !ids.has(row.id);
      const next = new Set(ids);
      for (const each of rows.slice(from, until + 1)) {
        if (on) next.add(each.id);
        else next.delete(each.id);
      }
      setIds(next);
      setLast(row.id);
    },
    toggleAll: () => {
      setIds(alerts.length === rows.length ? new Set() : new Set(rows.map((row) => row.id)));
    },
    clear: () => {
      setIds(new Set());
    },
  };
}
