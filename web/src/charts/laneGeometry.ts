/** Geometry of one lane: a metric over time with its band and its thresholds. Pure. */

import { linear, logarithmic, powersOfTen, ticks, type Scale } from "./scale";

export type LaneData = {
  values: readonly (number | null)[];
  chance: readonly (number | null)[];
  warning: number | null;
  critical: number | null;
};

export type LaneAxis = { y: Scale; low: number; high: number; ticks: number[] };

const FLOOR = 1e-4;

function present(values: readonly (number | null)[]): number[] {
  return values.filter((value): value is number => value !== null && Number.isFinite(value));
}

/** The vertical scale: distances on a log axis, so that band and thresholds both read; shares linear from zero. */
export function laneAxis(data: LaneData, log: boolean, height: number): LaneAxis {
  const values = present(data.values);
  const chance = present(data.chance);
  const lines = [data.warning, data.critical].filter((line): line is number => line !== null && line > 0);
  const highest = Math.max(...values, ...chance, ...lines, FLOOR * 10);
  if (!log) {
    const high = Math.max(highest * 1.12, 0.01);
    return { y: linear(0, high, height - 1, 4), low: 0, high, ticks: ticks(0, high, 2).filter((tick) => tick > 0) };
  }
  const middle = [...chance].sort((a, b) => a - b)[chance.length >> 1] ?? highest / 100;
  const low = Math.max(FLOOR, Math.min(middle / 6, ...lines.map((line) => line / 10)));
  const high = highest * 1.5;
  return { y: logarithmic(low, high, height - 1, 4), low, high, ticks: powersOfTen(low, high) };
}

/** An SVG path through the points that are there; a gap in the values, or in time, stays a gap. */
export function linePath(
  xs: readonly number[],
  values: readonly (number | null)[],
  y: Scale,
  widest = Infinity,
): string {
  let path = "";
  let before: number | null = null;
  values.forEach((value, index) => {
    if (value === null || !Number.isFinite(value)) {
      before = null;
      return;
    }
    const x = xs[index];
    path += `${before === null || x - before > widest ? "M" : "L"}${x.toFixed(1)} ${y(value).toFixed(1)}`;
    before = x;
  });
  return path;
}

/** The area from the bottom up to the values. */
export function areaPath(xs: readonly number[], values: readonly (number | null)[], y: Scale, bottom: number): string {
  const there = values.flatMap((value, index) =>
    value === null ? [] : [`${xs[index].toFixed(1)} ${y(value).toFixed(1)}`],
  );
  if (there.length === 0) return "";
  const first = values.findIndex((value) => value !== null);
  const last = values.findLastIndex((value) => value !== null);
  return `M${xs[first].toFixed(1)} ${String(bottom)}L${there.join("L")}L${xs[last].toFixed(1)} ${String(bottom)}Z`;
}

/** The area between two lines, in one piece per stretch where both are there. */
export function areaBetween(
  xs: readonly number[],
  lows: readonly (number | null)[],
  highs: readonly (number | null)[],
  y: Scale,
  widest = Infinity,
): string {
  let path = "";
  let over: string[] = [];
  let under: string[] = [];
  const close = () => {
    if (over.length > 1) path += `M${over.join("L")}L${under.reverse().join("L")}Z`;
    over = [];
    under = [];
  };
  xs.forEach((x, index) => {
    const [low, high] = [lows[index], highs[index]];
    if (low === null || high === null || (index > 0 && x - xs[index - 1] > widest)) close();
    if (low === null || high === null) return;
    over.push(`${x.toFixed(1)} ${y(high).toFixed(1)}`);
    under.push(`${x.toFixed(1)} ${y(low).toFixed(1)}`);
  });
  close();
  return path;
}
