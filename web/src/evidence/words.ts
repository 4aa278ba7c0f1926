/** What the evidence page says first. Pure. */

import type { RunningEvidence } from "../data/evidence";
import { plainName } from "../format/name";
import { exact } from "../format/number";
import { isRaised } from "../levels/level";

type Shown = Pick<RunningEvidence, "state" | "reason" | "columns">;

/** `Nothing is certain. amount comes nearest: evidence 1 : 40, asked for 1 : 50,000.` */
export function evidenceSentence({ state, reason, columns }: Shown): string {
  if (state !== "running") return ended(reason);
  const certain = columns.filter((each) => each.margin >= 0 || isRaised(each.level));
  if (certain.length > 0) {
    const named = certain.slice(0, 3).map((each) => plainName(each.column));
    const rest = certain.length > 3 ? ` and ${exact(certain.length - 3)} more` : "";
    return `A change is certain in ${named.join(", ")}${rest}.`;
  }
  const nearest = columns.at(0);
  if (!nearest) return "No column can be tested yet.";
  return `Nothing is certain. ${plainName(nearest.column)} comes nearest: evidence ${nearest.evidence}, asked for ${nearest.asked}.`;
}

function ended(text: string): string {
  return /[.]$/.test(text) ? text : `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
