/** The eight classes of the heat map. PSI breaks at .02 .05 .10 .15 .25 .50 1.0; other metrics bring their thresholds. */

import type { DriftMetric, Level } from "../graphql/graphql";

export const PSI_BREAKS: readonly number[] = [0.02, 0.05, 0.1, 0.15, 0.25, 0.5, 1];

/** Where a metric goes without thresholds of its own: the lines that its values usually keep to. */
const USUAL: Record<DriftMetric, readonly [number, number]> = {
  PSI: [0.1, 0.25],
  KS: [0.1, 0.15],
  KL: [0.05, 0.12],
  SMOOTH: [9.2, 50],
  CHI_SQUARE: [25, 100],
  MMD: [0.1, 0.25],
  CENTROID: [0.1, 0.25],
  NULLS: [0.05, 0.15],
  NANS: [0.05, 0.15],
  INFINITE: [0.05, 0.15],
  MISTYPED: [0.05, 0.15],
  OUTSIDE: [0.05, 0.15],
  UNSEEN: [0.05, 0.15],
};

/** Seven ascending breaks: the third is the metric's warning line, the fifth its critical line. */
export function breaksOf(metric: DriftMetric, warning: number | null, critical: number | null): readonly number[] {
  const low = warning ?? USUAL[metric][0];
  const high = Math.max(critical ?? USUAL[metric][1], low * 1.01);
  if (low === 0.1 && high === 0.25) return PSI_BREAKS;
  return [low * 0.2, low * 0.5, low, low + (high - low) / 3, high, high * 2, high * 4];
}

/** 0 to 7; a value on a break belongs to the higher class. */
export function heatClass(value: number, breaks: readonly number[]): number {
  let found = 0;
  while (found < breaks.length && value >= breaks[found]) found += 1;
  return found;
}

/** The darkest grey: below it nothing asks for attention. */
const QUIET = 2;

/** The class of one cell: grey at most where the column was ok, or where chance allows the value. */
export function cellClass(value: number, level: Level, chance: number | null, breaks: readonly number[]): number {
  const found = heatClass(value, breaks);
  return level === "OK" || (chance !== null && value <= chance) ? Math.min(found, QUIET) : found;
}
