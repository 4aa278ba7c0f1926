/** What one window shows against the reference, as a sentence: for windows whose reasons the server does not tell. */

import type { Distribution } from "../data/column";
import { measured, percent } from "../format/number";
import { unbroken } from "../format/prose";

const STANDS_APART: Record<string, string> = {
  null: "have no value",
  nan: "are NaN",
  infinite: "are infinite",
  mistyped: "have the wrong type",
  below: "lie below the reference's range",
  above: "lie above the reference's range",
  other: "hold a rare value",
  unseen: "hold a value that the reference never had",
};

export function movedInWords(distribution: Distribution): string {
  const parts: string[] = [];
  const { referenceMedian, windowMedian } = distribution;
  if (referenceMedian !== null && windowMedian !== null && measured(referenceMedian) !== measured(windowMedian)) {
    parts.push(`The median is ${measured(windowMedian)}, ${measured(referenceMedian)} in the reference.`);
  }
  const most = distribution.categories.reduce<Distribution["categories"][number] | null>(
    (best, each) => (best && gap(best) >= gap(each) ? best : each),
    null,
  );
  if (most && gap(most) > 0.005)
    parts.push(
      `${most.name || "(empty name)"} holds ${percent(most.window)} of rows, ${percent(most.reference)} in the reference.`,
    );
  for (const special of distribution.specials) {
    if (gap(special) > 0.005)
      parts.push(
        `${percent(special.window)} of rows ${STANDS_APART[special.name.toLowerCase()] ?? special.name}, ${percent(special.reference)} in the reference.`,
      );
  }
  return unbroken(parts.join(" ")) || "Medians and shares are those of the reference.";
}

function gap(each: { reference: number; window: number }): number {
  return Math.abs(each.window - each.reference);
}
