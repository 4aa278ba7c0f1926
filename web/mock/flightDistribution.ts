/** Distributions of the mock columns, reference against one window. */

import { dayOfYear, REFERENCE_ROWS, rows, times } from "./flightWindows.ts";
import type { MockColumn } from "./flightColumns.ts";

const BARS = 40;
const DAY = 86_400_000;

function bell(x: number, mean: number, deviation: number): number {
  const z = (x - mean) / deviation;
  return Math.exp((-z * z) / 2);
}

function shares(weights: number[], total: number): number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => (weight / sum) * total);
}

export function distributionOf(column: MockColumn, index: number) {
  const end = times[index];
  const shift = column.shift(dayOfYear(end));
  const missing = column.missingOn(dayOfYear(end));
  const common = {
    kind: column.kind,
    referenceLabel: "training, Jan–Mar 2013",
    referenceRows: REFERENCE_ROWS,
    windowRows: rows[index],
    windowStart: new Date(end - 7 * DAY).toISOString(),
    windowEnd: new Date(end).toISOString(),
  };
  const specials = missing || column.missing ? [{ name: "null", reference: column.missing, window: missing }] : [];
  if (column.kind === "CATEGORY")
    return {
      ...common,
      ...categories(column, shift),
      specials: [{ name: "other", reference: 0.021, window: 0.024 }, ...specials],
    };
  const width = (column.high - column.low) / BARS;
  const middles = Array.from({ length: BARS }, (_, bar) => column.low + (bar + 0.5) * width);
  const mean = column.mean + shift * column.deviation;
  const above = shift > 0.4 ? Math.min(0.7, 0.19 * shift * shift * 0.25) : 0;
  const reference = shares(
    middles.map((x) => bell(x, column.mean, column.deviation)),
    1 - column.missing,
  );
  const window = shares(
    middles.map((x) => bell(x, mean, column.deviation * 0.85)),
    1 - missing - above,
  );
  if (above > 0) specials.push({ name: "above", reference: 0, window: above });
  const bars = middles.map((x, bar) => ({
    lower: x - width / 2,
    upper: x + width / 2,
    reference: reference[bar],
    window: window[bar],
  }));
  return {
    ...common,
    bars,
    categories: [],
    specials,
    referenceMedian: column.mean,
    windowMedian: mean,
    referenceMean: column.mean,
    windowMean: mean,
    moved: moved(
      bars.map((bar) => ({
        label: `${bar.lower.toFixed(1)} to ${bar.upper.toFixed(1)}`,
        reference: bar.reference,
        window: bar.window,
      })),
    ),
  };
}

function categories(column: MockColumn, shift: number) {
  const reference = shares(
    column.categories.map((_, rank) => 1 / (rank + 1.6)),
    0.979,
  );
  const window = shares(
    reference.map((share, rank) => share * (1 + shift * (rank % 3 === 0 ? 1.6 : rank % 3 === 1 ? -1.1 : 0.2))),
    0.976,
  );
  const pairs = column.categories.map((name, rank) => ({ name, reference: reference[rank], window: window[rank] }));
  const medians = { referenceMedian: null, windowMedian: null, referenceMean: null, windowMean: null };
  return {
    bars: [],
    categories: pairs,
    ...medians,
    moved: moved(pairs.map((pair) => ({ ...pair, label: pair.name }))),
  };
}

function moved(groups: { label: string; reference: number; window: number }[]) {
  return groups
    .map((group) => ({
      ...group,
      part: (group.window - group.reference) * Math.log((group.window + 1e-4) / (group.reference + 1e-4)),
    }))
    .sort((a, b) => b.part - a.part)
    .slice(0, 5);
}
