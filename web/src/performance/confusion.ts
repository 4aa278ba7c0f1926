/** Shares and shades of a confusion matrix. Pure. */

import type { Confusion } from "../data/performance";

/** The share of what truly was `actual` that was called `predicted`; null where the matrix has no such row. */
export function shareOf({ labels, counts }: Confusion, actual: string, predicted: string): number | null {
  const row = labels.indexOf(actual);
  const total = row < 0 ? 0 : counts[row].reduce((sum, each) => sum + each, 0);
  if (total === 0) return null;
  const column = labels.indexOf(predicted);
  return column < 0 ? 0 : counts[row][column] / total;
}

/** Six shades; the fifth of the ramp is left out, for no ink reads well on it in both themes. */
export function shadeOf(share: number): number {
  if (share < 0.005) return 0;
  const place = [0.05, 0.15, 0.35, 0.65, 0.85].filter((bound) => share >= bound).length;
  return [1, 2, 3, 4, 6, 7][place];
}
