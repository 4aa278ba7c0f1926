/** What the segments page says first. Pure. */

import type { Segments } from "../data/segments";
import { plainName } from "../format/name";
import { counted, exact } from "../format/number";
import { isRaised, levelWord } from "../levels/level";

/** `2 of 7 segments are raised: origin=JFK critical, origin=EWR warning.` */
export function segmentsSentence({ segments, state }: Segments): string {
  if (segments.length === 0)
    return state === "building"
      ? "The rows of the past are being counted; the first segments appear in a moment."
      : "No row of the chosen columns has come yet.";
  const raised = segments.filter((each) => isRaised(each.level));
  const building = state === "building" ? " Past rows are still being counted, so figures lack some." : "";
  if (raised.length === 0) {
    const unjudged = segments.filter((each) => each.level === "INSUFFICIENT_DATA").length;
    const few =
      unjudged === 0 ? "" : ` ${exact(unjudged)} ${unjudged === 1 ? "has" : "have"} too few rows to be judged.`;
    return `${segments.length === 1 ? "The one segment is" : `None of ${counted(segments.length, "segment")} is`}${segments.length === 1 ? " not" : ""} raised.${few}${building}`;
  }
  const named = raised.slice(0, 3).map((each) => `${plainName(each.label)} ${levelWord(each.level).toLowerCase()}`);
  const rest = raised.length > 3 ? ` and ${exact(raised.length - 3)} more` : "";
  const verb = raised.length === 1 ? "is" : "are";
  return `${exact(raised.length)} of ${counted(segments.length, "segment")} ${verb} raised: ${named.join(", ")}${rest}.${building}`;
}
