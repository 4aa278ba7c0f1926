/** What the check would have found on each window of the mock model: seven days, every fourteen hours. */

import type { DriftMetric, Level } from "../src/graphql/graphql";

import { flightColumns, type MockColumn } from "./flightColumns.ts";
import { normal, seeded } from "./random.ts";

const HOUR = 3_600_000;
const NEW_YEAR = Date.UTC(2013, 0, 1);
export const FIRST = Date.UTC(2013, 3, 1);
export const LAST = Date.UTC(2013, 11, 31, 22);
export const REFERENCE_ROWS = 80_789;

export const times: number[] = [];
for (let end = LAST; end > FIRST; end -= 14 * HOUR) times.unshift(end);

export function dayOfYear(time: number): number {
  return (time - NEW_YEAR) / (24 * HOUR);
}

const random = seeded(2013);

export const rows: number[] = times.map((time, index) => {
  if (index < 3) return 90 + index * 40;
  const week = Math.min(1, (time - FIRST) / (7 * 24 * HOUR));
  return Math.round((6_480 + 300 * Math.sin(dayOfYear(time) / 40) + 80 * normal(random)) * week);
});

export type MockWindow = { psi: number; ks: number | null; kl: number; nulls: number; chance: number; level: Level };

export const windows = new Map<string, MockWindow[]>(flightColumns.map((column) => [column.name, windowsOf(column)]));

function windowsOf(column: MockColumn): MockWindow[] {
  let since = 0;
  return times.map((time, index) => {
    const noise = 1 / rows[index] + 1 / REFERENCE_ROWS;
    const shift = column.shift(dayOfYear(time));
    const missing = column.missingOn(dayOfYear(time));
    const fromMissing =
      missing === 0 ? 0 : (missing - column.missing) * Math.log(missing / Math.max(column.missing, 1e-4));
    const strength = Math.min(shift * shift, 1.1 + 0.35 * Math.abs(shift)) * (1 + 0.05 * normal(random));
    const psi = Math.max(0.0002, strength + fromMissing + noise * Math.abs(4 + 3 * normal(random)));
    const large = psi > 0.1 || missing - column.missing > 0.05;
    since = large ? since + 1 : 0;
    return {
      psi,
      ks:
        column.kind === "NUMERIC" ? Math.min(0.95, 0.39 * Math.abs(shift) + 0.01 * random() + fromMissing * 0.1) : null,
      kl: psi * 0.47,
      nulls: missing + Math.sqrt((missing * (1 - missing)) / rows[index]) * normal(random),
      chance: noise * 24,
      level: rows[index] < 200 ? "INSUFFICIENT_DATA" : levelOf(psi, since, noise * 24, large),
    };
  });
}

function levelOf(psi: number, since: number, chance: number, large: boolean): Level {
  if (large && since >= 3) return psi > 0.25 ? "CRITICAL" : "WARNING";
  return psi > chance ? "NOTICE" : "OK";
}

export function valueOf(window: MockWindow, metric: DriftMetric): number | null {
  const known: Partial<Record<DriftMetric, number | null>> = {
    PSI: window.psi,
    KS: window.ks,
    KL: window.kl,
    NULLS: window.nulls,
    MISTYPED: 0,
    CHI_SQUARE: window.psi * 1500,
    ...(window.ks === null
      ? { UNSEEN: 0.0004 }
      : { SMOOTH: window.psi * 900, NANS: 0, INFINITE: 0, OUTSIDE: Math.max(0, window.ks - 0.2) * 0.2 }),
  };
  return known[metric] ?? null;
}
