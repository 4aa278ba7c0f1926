/** The mean error over time as findings tell it: level, then a step at each change. Pure. */

import type { ConceptFinding } from "../data/concept";
import { at } from "../format/time";

export type Step = { from: number; until: number; error: number };

/** Findings come newest first; the first level is that before the oldest one, the last that of now. */
export function stepsOf(
  findings: readonly ConceptFinding[],
  error: number | null,
  from: number,
  until: number,
): Step[] {
  const oldest = [...findings].reverse();
  if (oldest.length === 0) return error === null ? [] : [{ from, until, error }];
  const steps: Step[] = [{ from, until: at(oldest[0].since), error: oldest[0].before }];
  oldest.forEach((finding, index) => {
    const next = oldest.at(index + 1);
    steps.push({
      from: at(finding.since),
      until: next ? at(next.since) : until,
      error: next ? next.before : (error ?? finding.after),
    });
  });
  return steps.filter((step) => step.until > step.from);
}

/** The stretch that the timeline shows: all findings, with a tenth of room before the first. */
export function stretchOf(
  findings: readonly ConceptFinding[],
  first: number | null,
  now: number,
): { from: number; until: number } {
  const earliest = Math.min(...findings.map((each) => at(each.since)), now - 86_400_000);
  const until = Math.max(now, ...findings.map((each) => at(each.at)));
  const room = earliest - (until - earliest) * 0.1;
  return { from: first === null || first >= earliest ? room : first, until };
}
