import type { DriftMap } from "../data/model";
import { plainName } from "../format/name";
import { exact } from "../format/number";

type Answer = Pick<DriftMap, "critical" | "warning" | "notice" | "lines" | "times">;

/** `7 of 50 columns are raised: 3 critical, 4 warning. 5 more are certain but small.` and who was critical before. */
export function driftSentence(drift: Answer): string {
  if (drift.times.length === 0) return "No window was checked in this stretch of time.";
  const all = drift.lines.length;
  const raised = drift.critical + drift.warning;
  const parts = [
    drift.critical && `${exact(drift.critical)} critical`,
    drift.warning && `${exact(drift.warning)} warning`,
  ].filter(Boolean);
  const first =
    raised === 0
      ? `${all === 1 ? "The one column is not" : `None of ${exact(all)} columns is`} raised in the newest window.`
      : `${exact(raised)} of ${exact(all)} ${all === 1 ? "column" : "columns"} ${raised === 1 ? "is" : "are"} raised: ${parts.join(", ")}.`;
  return [first, smallOnes(drift.notice, raised), earlier(drift)].filter(Boolean).join(" ");
}

function smallOnes(count: number, raised: number): string {
  if (count === 0) return "";
  return `${exact(count)} ${raised > 0 ? "more " : ""}${count === 1 ? "is" : "are"} certain but small.`;
}

/** Columns that are fine now and were critical before: what a replay, or a quiet morning, would hide. */
function earlier(drift: Answer): string {
  const past = drift.lines.filter((line) => line.level !== "CRITICAL" && line.levels.includes("CRITICAL"));
  if (past.length === 0) return "";
  const names =
    past.length <= 2 ? past.map((line) => plainName(line.name)).join(" and ") : `${exact(past.length)} columns`;
  return `${names} ${past.length === 1 ? "was" : "were"} critical earlier in this range.`;
}
