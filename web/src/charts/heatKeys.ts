/** What a key does on the heat map: one tab stop, arrows move a cell cursor. Pure. */

export type Cursor = { row: number; column: number };

export type HeatMove =
  { kind: "move"; cursor: Cursor } | { kind: "zoom"; factor: number } | { kind: "whole" } | { kind: "open" } | null;

export function heatMove(key: string, cursor: Cursor, rows: number, columns: number, big = false): HeatMove {
  const step = big ? 10 : 1;
  const to = (row: number, column: number): HeatMove => ({
    kind: "move",
    cursor: { row: Math.max(0, Math.min(rows - 1, row)), column: Math.max(0, Math.min(columns - 1, column)) },
  });
  switch (key) {
    case "ArrowDown":
      return to(cursor.row + step, cursor.column);
    case "ArrowUp":
      return to(cursor.row - step, cursor.column);
    case "ArrowRight":
      return to(cursor.row, cursor.column + step);
    case "ArrowLeft":
      return to(cursor.row, cursor.column - step);
    case "PageDown":
      return to(cursor.row + 10, cursor.column);
    case "PageUp":
      return to(cursor.row - 10, cursor.column);
    case "Home":
      return to(cursor.row, 0);
    case "End":
      return to(cursor.row, columns - 1);
    case "+":
    case "=":
      return { kind: "zoom", factor: 0.5 };
    case "-":
    case "_":
    case "\u2212":
      return { kind: "zoom", factor: 2 };
    case "0":
      return { kind: "whole" };
    case "Enter":
      return { kind: "open" };
    default:
      return null;
  }
}

/** A range made shorter or longer around one time, kept inside what there is. */
export function zoomed(
  start: number,
  end: number,
  around: number,
  factor: number,
  least: number,
): { start: number; end: number } {
  const size = Math.max(least, (end - start) * factor);
  const share = (around - start) / (end - start || 1);
  return { start: around - size * share, end: around + size * (1 - share) };
}
