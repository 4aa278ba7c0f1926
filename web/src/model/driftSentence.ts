import type { DriftMap } from "../data/model";
import { counted } from "../format/number";

/** `7 of 50 columns are raised: 3 critical, 4 warning. 5 more are certain but small.` */
export function driftSentence(drift: Pick<DriftMap, "critical" | "warning" | "notice" | "lines" | "times">): string {
  const raised = drift.critical + drift.warning;
  const small = drift.notice === 0 ? "" : ` ${String(drift.notice)} ${raised ? "more " : ""}${drift.notice === 1 ? "is" : "are"} certain but small.`;
  if (drift.times.length === 0) return "No window was checked in this stretch of time.";
  if (raised === 0) return `No column of ${counted(drift.lines.length, "is raised", "are raised")} in the newest window.${small}`.replace(/No column of (\S+) (?:is|are) raised/, "None of $1 columns is raised");
  const parts = [drift.critical && `${String(drift.critical)} critical`, drift.warning && `${String(drift.warning)} warning`].filter(Boolean);
  return `${String(raised)} of ${counted(drift.lines.length, "column")} ${raised === 1 ? "is" : "are"} raised: ${parts.join(", ")}.${small}`;
}
