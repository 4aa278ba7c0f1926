/** Delays of labels on an axis of doublings. Pure. */

import type { Delays } from "../data/performance";

export type DelayBlock = { from: number; until: number; share: number };

const MARKS = [
  [1, "1 s"],
  [10, "10 s"],
  [60, "1 min"],
  [600, "10 min"],
  [3_600, "1 h"],
  [6 * 3_600, "6 h"],
  [86_400, "1 d"],
  [7 * 86_400, "7 d"],
  [30 * 86_400, "30 d"],
] as const;

/** Bars from `from` to `until` seconds, with their share of all labels; an open end is drawn as a doubling. */
export function delayBlocks(bars: Delays["bars"]): DelayBlock[] {
  const total = bars.reduce((sum, bar) => sum + bar.labels, 0);
  if (total <= 0) return [];
  return bars.map((bar) => {
    const from = Math.max(1, bar.above);
    return { from, until: bar.upTo ?? from * 2, share: bar.labels / total };
  });
}

/** The round delays that fall between two. */
export function delayMarks(from: number, until: number): { at: number; text: string }[] {
  return MARKS.filter(([at]) => at >= from && at <= until).map(([at, text]) => ({ at, text }));
}
