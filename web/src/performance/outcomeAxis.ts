/** The vertical scale of a metric over time. Pure. */

import { linear, ticks, type Scale } from "../charts/scale";
import type { MetricFacts, OutcomeWindow, PerformanceLine } from "../data/performance";

export type OutcomeAxis = { y: Scale; low: number; high: number; ticks: number[] };

export type AxisLabel = { at: number; limit: boolean };

type Numbers = readonly (number | null)[];

/**
 * What windows without all their labels say does not stretch the axis: few labels, and the quick ones first, may say
 * anything. Where no window has all its labels, those with half of them count.
 */
export function outcomeAxis(
  line: PerformanceLine | undefined,
  windows: readonly OutcomeWindow[],
  facts: Pick<MetricFacts, "low" | "high"> | undefined,
  height: number,
): OutcomeAxis {
  const settled = (values: Numbers) => values.filter((_, index) => windows[index]?.mature);
  const lines = line ? [line.baseline, line.thresholdWarning, line.thresholdCritical] : [];
  const expected = line ? [...line.estimatedLows, ...line.estimatedHighs, ...line.estimated] : [];
  const realized = line ? [...settled(line.values), ...settled(line.lows), ...settled(line.highs)] : [];
  let numbers = [...realized, ...expected, ...lines].filter(isNumber);
  if (!realized.some(isNumber) && line)
    numbers = [...numbers, ...line.values.filter((_, index) => halfway(windows[index])).filter(isNumber)];
  if (numbers.length === 0) numbers = [0, 1];
  const least = Math.min(...numbers);
  const most = Math.max(...numbers);
  const room = Math.max((most - least) * 0.1, Math.abs(most) * 0.01, 1e-6);
  const low = Math.max(least - room, facts?.low ?? -Infinity);
  const high = Math.min(most + room, facts?.high ?? Infinity);
  const [from, until] = low < high ? [low, high] : [least - room, most + room];
  return { y: linear(from, until, height - 6, 8), low: from, high: until, ticks: ticks(from, until, 4) };
}

/** What the axis names: the limits, and round numbers where there is room for them. */
export function axisLabels(line: PerformanceLine | undefined, { y, ticks: round }: OutcomeAxis): AxisLabel[] {
  const limits = line ? [line.baseline, line.thresholdWarning, line.thresholdCritical].filter(isNumber) : [];
  const all = [...limits.map((at) => ({ at, limit: true })), ...round.map((at) => ({ at, limit: false }))];
  return all.reduce<AxisLabel[]>(
    (kept, each) => (kept.every((other) => Math.abs(y(other.at) - y(each.at)) > 10) ? [...kept, each] : kept),
    [],
  );
}

/** True when at least half of the labels that will come are there. */
function halfway(window: OutcomeWindow | undefined): boolean {
  return window !== undefined && window.coverage >= 0.5 * (window.final ?? 1);
}

function isNumber(value: number | null | undefined): value is number {
  return value !== null && value !== undefined && Number.isFinite(value);
}

/** Where each window stands on the time axis: from halfway to the one before to halfway to the next. */
export function halves(xs: readonly number[], step: number): { left: number; right: number }[] {
  return xs.map((x, index) => {
    const before = index > 0 ? Math.min(step, (x - xs[index - 1]) / 2) : step;
    const after = index < xs.length - 1 ? Math.min(step, (xs[index + 1] - x) / 2) : step;
    return { left: x - before, right: x + after };
  });
}
