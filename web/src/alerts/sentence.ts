/** The inbox's answer in one sentence. Pure. */

import { counted, exact } from "../format/number";
import { at, day, spanShort } from "../format/time";

export type Counts = { firing: number; pending: number; acknowledged: number; silenced: number; resolved: number };

type Newest = { openedAt: string; historic: boolean } | undefined;

/** `4 alerts are firing, 1 critical; newest 12 min ago`. */
export function inboxSentence(counts: Counts, critical: number, newest: Newest, now: number): string {
  if (counts.firing > 0) {
    const firing = counted(counts.firing, "alert is firing", "alerts are firing");
    const bad =
      critical === 0 ? "none critical" : counts.firing === critical ? "critical" : `${exact(critical)} critical`;
    return `${firing}, ${counts.firing > 1 && bad === "critical" ? "all critical" : bad}${newestText(newest, now)}`;
  }
  const seen = counts.acknowledged + counts.silenced;
  if (seen === 0) return "Nothing is firing";
  const parts = [
    counts.acknowledged > 0 ? `${exact(counts.acknowledged)} acknowledged` : "",
    counts.silenced > 0 ? `${exact(counts.silenced)} silenced` : "",
  ];
  return `Nothing new is firing; ${parts.filter((each) => each !== "").join(", ")}`;
}

function newestText(newest: Newest, now: number): string {
  if (!newest) return "";
  const opened = at(newest.openedAt);
  return newest.historic || opened > now ? `; newest from ${day(opened)}` : `; newest ${spanShort(now - opened)} ago`;
}
