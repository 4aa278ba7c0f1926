/** Geometry of charts whose both axes run from 0 to 1, and of bands between two lines. Pure. */

import { linear, type Scale } from "./scale";

export type UnitScales = { x: Scale; y: Scale; left: number; right: number; top: number; bottom: number };

/** The scales of a plot of a width and a height, with room for the axes. */
export function unitScales(width: number, height: number): UnitScales {
  const [left, right, top, bottom] = [34, width - 6, 22, height - 34];
  return { x: linear(0, 1, left, right), y: linear(0, 1, bottom, top), left, right, top, bottom };
}

/** A path through points in their order. */
export function pointsPath(points: readonly { x: number; y: number }[], x: Scale, y: Scale): string {
  return points
    .map((point, index) => `${index === 0 ? "M" : "L"}${x(point.x).toFixed(1)} ${y(point.y).toFixed(1)}`)
    .join("");
}

/** The area between two lines; where either end is missing, or time makes a leap, there is a gap. */
export function bandPath(
  xs: readonly number[],
  lows: readonly (number | null)[],
  highs: readonly (number | null)[],
  y: Scale,
  widest = Infinity,
): string {
  const runs: number[][] = [];
  let before: number | null = null;
  xs.forEach((x, index) => {
    if (!isNumber(lows[index]) || !isNumber(highs[index])) {
      before = null;
      return;
    }
    if (before === null || x - before > widest) runs.push([]);
    runs[runs.length - 1].push(index);
    before = x;
  });
  const corner = (index: number, value: number | null) => `${xs[index].toFixed(1)} ${y(value ?? 0).toFixed(1)}`;
  return runs
    .map((run) => {
      const upper = run.map((index) => corner(index, highs[index]));
      const lower = [...run].reverse().map((index) => corner(index, lows[index]));
      return `M${[...upper, ...lower].join("L")}Z`;
    })
    .join("");
}

function isNumber(value: number | null | undefined): value is number {
  return value !== null && value !== undefined && Number.isFinite(value);
}

/** Half-open stretches of places for which something holds. */
export function runsOf(holds: readonly boolean[]): { first: number; last: number }[] {
  const runs: { first: number; last: number }[] = [];
  holds.forEach((each, index) => {
    if (!each) return;
    if (index > 0 && holds[index - 1]) runs[runs.length - 1].last = index + 1;
    else runs.push({ first: index, last: index + 1 });
  });
  return runs;
}
