/** What the page on concept drift says, and how it writes its numbers. Pure. */

import type { ConceptDrift, ConceptFinding } from "../data/concept";
import { exact, measured, MINUS, NOTHING, percent, THIN } from "../format/number";
import { at, moment, span } from "../format/time";

/** A mean error in its own way: a share of mistakes in per cent, an absolute error in the unit of the target. */
export function errorText(metric: string, value: number | null): string {
  return metric === "error_rate" ? percent(value) : measured(value);
}

export function errorWord(metric: string): string {
  return metric === "error_rate" ? "Share of mistakes" : "Mean absolute error";
}

/** By how much errors changed: points of mistakes, or the part of the error before. */
export function changeWord(metric: string, { before, after }: Pick<ConceptFinding, "before" | "after">): string {
  const sign = after < before ? MINUS : "+";
  if (metric === "error_rate") return `${sign}${THIN}${(Math.abs(after - before) * 100).toFixed(1)} points`;
  return before > 0 ? `${sign}${THIN}${((Math.abs(after - before) / before) * 100).toFixed(0)}${THIN}%` : NOTHING;
}

const STATES: Record<string, string> = {
  off: "Not watched",
  waiting: "Waiting for labels",
  learning: "Learning",
  watching: "Watching",
};

export function stateWord(state: string): string {
  return STATES[state] ?? state;
}

/** The page's answer. */
export function conceptSentence(concept: ConceptDrift): string {
  const { state, findings, metric, driftSince } = concept;
  if (state === "off" || state === "waiting") return ended(concept.reason);
  const newest = findings.at(0);
  if (driftSince !== null && newest)
    return `The model errs more since about ${moment(at(driftSince))}: ${lowered(errorWord(metric))} ${errorText(metric, newest.before)} → ${errorText(metric, newest.after)}.`;
  if (state === "learning")
    return `${ended(concept.reason)} ${exact(concept.labels)} ${concept.labels === 1 ? "label has" : "labels have"} been looked at.`;
  if (!newest) return `No change of the errors in ${exact(concept.labels)} labels.`;
  const what = newest.worse ? "errors rose a little" : "errors fell";
  return `No harmful change stands now. The last change was about ${moment(at(newest.since))}: ${what}, ${errorText(metric, newest.before)} → ${errorText(metric, newest.after)}.`;
}

/** How far the labels run behind the predictions. */
export function lagText(seconds: number | null): string {
  return seconds === null ? NOTHING : span(seconds * 1000);
}

function ended(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function lowered(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
