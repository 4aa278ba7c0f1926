/** The figures of each class as the rows of a table. Pure. */

import type { Figure } from "../data/performance";

export type ClassRow = { label: string; cells: (Figure | undefined)[]; rows: number; change: number };

/** One row for each class, with the metrics as columns in the order they came; what lost most comes first. */
export function classRows(figures: readonly Figure[]): {
  columns: { metric: string; title: string }[];
  rows: ClassRow[];
} {
  const named = new Set(figures.filter((each) => each.label !== "").map((each) => each.metric));
  const ofClasses = figures.filter((each) => named.has(each.metric));
  const columns = [...new Map(ofClasses.map(({ metric, title }) => [metric, { metric, title }])).values()];
  const labels = [...new Set(ofClasses.map((each) => each.label))];
  const deciding = columns.find((each) => each.metric === "f1") ?? columns.at(0);
  const rows = labels.map((label) => {
    const mine = ofClasses.filter((each) => each.label === label);
    const decides = mine.find((each) => each.metric === deciding?.metric);
    return {
      label,
      cells: columns.map((column) => mine.find((each) => each.metric === column.metric)),
      rows: Math.max(0, ...mine.map((each) => each.rows)),
      change:
        decides && decides.value !== null && decides.baseline !== null ? decides.value - decides.baseline : Infinity,
    };
  });
  return { columns, rows: rows.sort((a, b) => (a.change === b.change ? b.rows - a.rows : a.change - b.change)) };
}
