/** Rows without a usable value in the mock model, for every column and kind. */

import type { DriftMetric, Level } from "../src/graphql/graphql";

import { flightColumns, type MockColumn } from "./flightColumns.ts";
import { REFERENCE_ROWS, rows, times, windows } from "./flightWindows.ts";

const ORDER: Level[] = ["CRITICAL", "WARNING", "ERROR", "NO_DATA", "NOTICE", "INSUFFICIENT_DATA", "OK"];
const iso = (time: number) => new Date(time).toISOString();
const POINTS = 60;

type Rated = { metric: DriftMetric; before: number; shares: number[] };

/** What each window holds of each kind: nulls as drawn, a few rows out of range, and one unit that came as text. */
function rated(column: MockColumn): Rated[] {
  const all = windows.get(column.name) ?? [];
  const nulls: Rated = { metric: "NULLS", before: column.missing, shares: all.map((each) => Math.max(0, each.nulls)) };
  const none = (metric: DriftMetric): Rated => ({ metric, before: 0, shares: all.map(() => 0) });
  if (column.kind !== "NUMERIC") {
    const fresh = column.name === "carrier" ? (index: number) => (index > all.length - 60 ? 0.019 : 0.0004) : () => 0;
    return [nulls, none("MISTYPED"), { metric: "UNSEEN", before: 0.0002, shares: all.map((_, index) => fresh(index)) }];
  }
  const far = all.map((each) => Math.min(0.09, Math.max(0, (each.ks ?? 0) - 0.2) * 0.2));
  return [
    nulls,
    none("NANS"),
    column.name === "precip"
      ? { metric: "INFINITE", before: 0, shares: all.map((_, index) => (index % 90 < 4 ? 0.0006 : 0)) }
      : none("INFINITE"),
    column.name === "seats"
      ? { metric: "MISTYPED", before: 0, shares: all.map((_, index) => (index > all.length - 130 ? 0.064 : 0)) }
      : none("MISTYPED"),
    { metric: "OUTSIDE", before: 0, shares: far },
  ];
}

function levelOf(gain: number, share: number, chance: number): Level {
  if (share <= chance) return "OK";
  return gain >= 0.05 ? "CRITICAL" : gain >= 0.01 ? "WARNING" : "NOTICE";
}

export function ratesOf({ start, end }: { start?: string | null; end?: string | null }) {
  const chosen = times.flatMap((time, index) =>
    time >= Date.parse(start ?? "1970-01-01") && time <= Date.parse(end ?? "2100-01-01") ? [index] : [],
  );
  const newest = chosen.at(-1);
  if (newest === undefined) return { end: null, rows: 0, referenceRows: 0, times: [], lines: [] };
  const each = Math.ceil(chosen.length / POINTS);
  const stretches = Array.from({ length: Math.ceil(chosen.length / each) }, (_, n) =>
    chosen.slice(n * each, (n + 1) * each),
  );
  const lines = flightColumns.map((column) => {
    const cells = rated(column).map(({ metric, before, shares }) => {
      const chance = before + 2.33 * Math.sqrt((Math.max(before, 1e-5) * (1 - before)) / rows[newest]) + 0.0002;
      const level = levelOf(shares[newest] - before, shares[newest], chance);
      let first = newest;
      while (first > 0 && levelOf(shares[first - 1] - before, shares[first - 1], chance) === level) first -= 1;
      const some = chosen.some((index) => shares[index] > 0);
      return {
        metric,
        value: shares[newest],
        before,
        chance,
        pValue: level === "OK" ? 0.4 : 1e-9,
        level,
        since: level === "OK" ? null : iso(times[first]),
        values: some ? stretches.map((stretch) => Math.max(...stretch.map((index) => shares[index]))) : [],
      };
    });
    const worst = [...cells].sort((a, b) => ORDER.indexOf(a.level) - ORDER.indexOf(b.level))[0];
    return { name: column.name, role: column.role, kind: column.kind, level: worst.level, since: worst.since, cells };
  });
  const gain = (line: (typeof lines)[number]) => Math.max(...line.cells.map((cell) => cell.value - cell.before));
  return {
    end: iso(times[newest]),
    rows: rows[newest],
    referenceRows: REFERENCE_ROWS,
    times: stretches.map((stretch) => iso(times[stretch[stretch.length - 1]])),
    lines: lines.sort((a, b) => ORDER.indexOf(a.level) - ORDER.indexOf(b.level) || gain(b) - gain(a)),
  };
}

/** Different values and repeated ids: one column with more of them than foretold. */
export function qualityOf({ end }: { end?: string | null }) {
  const { rows: count, lines } = ratesOf({ end: end ?? null });
  return {
    start: iso(times[0]),
    end: iso(times[times.length - 1]),
    rows: count,
    referenceRows: REFERENCE_ROWS,
    cardinality: lines.map((line, index) => ({
      name: line.name,
      role: line.role,
      kind: line.kind,
      level: line.name === "carrier" ? "NOTICE" : "OK",
      distinct: line.name === "carrier" ? 19 : 40 + index,
      reference: line.name === "carrier" ? 16 : 60,
      expected: line.name === "carrier" ? 15.8 : 40 + index,
      low: line.name === "carrier" ? 15 : 36 + index,
      high: line.name === "carrier" ? 16 : 44 + index,
      pValue: 0.001,
    })),
    repeatedIds: { rows: count, share: 0.004, low: 0.001, high: 0.011, exact: false, level: "OK" },
  };
}
