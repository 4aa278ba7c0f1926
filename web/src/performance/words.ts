/** What the performance page says, and how it writes its numbers. Pure. */

import type { CloseUp, Figure, MetricFacts, OutcomeWindow, Performance, PerformanceLine } from "../data/performance";
import { counted, exact, measured, MINUS, NOTHING, percent, signed, THIN } from "../format/number";
import { at, between, day, moment, span } from "../format/time";
import { isRaised, levelWord } from "../levels/level";

type Unit = Pick<MetricFacts, "metric" | "unit"> | undefined;

/** Plain shares of rows are written in per cent; scores such as AUC, accuracy and F1 as people quote them, `0.683`. */
const IN_PERCENT = ["gain_10", "positive_rate", "predicted_positive_rate", "mape", "smape"];

/** A value of a metric in its own way: `0.683`, `14.2 %`, `2.14 ×`, or in the unit of the target. */
export function valueText(facts: Unit, value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NOTHING;
  if (facts?.unit === "target") return measured(value);
  if (facts && IN_PERCENT.includes(facts.metric)) return percent(value);
  if (facts?.unit === "times") return `${value.toFixed(2)}${THIN}×`;
  return (value < 0 && Number(value.toFixed(3)) !== 0 ? MINUS : "") + Math.abs(value).toFixed(3);
}

/** `[0.676, 0.690]`; nothing where there is no interval. */
export function intervalText(facts: Unit, low: number | null | undefined, high: number | null | undefined): string {
  if (low === null || low === undefined || high === null || high === undefined) return "";
  return `[${valueText(facts, low)}, ${valueText(facts, high)}]`;
}

/** `+ 0.012`, in the metric's own way; nothing where there is nothing to compare. */
export function changeText(facts: Unit, value: number | null, baseline: number | null): string {
  if (value === null || baseline === null) return "";
  const change = value - baseline;
  if (facts && IN_PERCENT.includes(facts.metric)) return `${signed(change * 100)} points`;
  const size =
    facts?.unit === "target" ? rounded(Math.abs(change), value, baseline) : valueText(facts, Math.abs(change));
  const zero = !/[1-9]/.test(size);
  return `${zero ? "±" : change < 0 ? MINUS : "+"}${THIN}${size}`;
}

/** A difference with the digits of the larger of two values: about four. */
function rounded(change: number, value: number, baseline: number): string {
  const scale = Math.max(Math.abs(value), Math.abs(baseline), 1e-12);
  const digits = Math.min(8, Math.max(0, 3 - Math.ceil(Math.log10(scale))));
  return change >= 1000 ? exact(change) : change.toFixed(digits);
}

const DEFAULTS: Record<string, string> = {
  binary: "roc_auc",
  multiclass: "accuracy",
  regression: "mae",
  ranking: "ndcg_10",
};

/** The metric to ask for before it is known which ones a model has. */
export function usualMetric(task: string): string {
  return DEFAULTS[task] ?? "accuracy";
}

/** The asked metric where the model has it, else its first headline metric. */
export function metricOf(metrics: readonly MetricFacts[], asked: string): string {
  if (metrics.length === 0 || metrics.some((each) => each.metric === asked)) return asked;
  return (metrics.find((each) => each.headline) ?? metrics[0]).metric;
}

/** `62 % labelled, about 93 % in the end, complete about 3 Jan`. */
export function coverageText(window: OutcomeWindow): string {
  const parts = [`${percent(window.coverage)} labelled`];
  if (window.mature) return parts[0];
  if (window.final !== null) parts.push(`about ${percent(window.final)} in the end`);
  if (window.matureAt !== null) parts.push(`complete about ${moment(at(window.matureAt))}`);
  return parts.join(", ");
}

/** The stretch of time of a window: `24 Dec – 31 Dec 2013`. */
export function windowText(window: { start: string; end: string }): string {
  return between(at(window.start), at(window.end));
}

/** A delay in seconds as people say it, two units at most. */
export function delayText(seconds: number | null): string {
  return seconds === null ? NOTHING : span(seconds * 1000);
}

/** What windows are held against. */
export function baselineText(baseline: Performance["baseline"]): string {
  if (baseline === null) return "Nothing to hold windows against yet: the reference has no truth.";
  const when =
    baseline.start !== null && baseline.end !== null ? `, ${between(at(baseline.start), at(baseline.end))}` : "";
  const rows = `${exact(Math.round(baseline.rows))} labelled rows`;
  if (baseline.kind === "reference") return `Baseline: the reference${when}, ${rows}.`;
  return `Baseline: this version's own first weeks${when}, ${rows}, for the reference has no truth.`;
}

/** The page's answer: how the newest window whose labels have come stands against the baseline. */
export function performanceSentence(performance: Performance, figures: readonly Figure[]): string {
  const headlines = performance.metrics.filter((each) => each.headline).map((each) => each.metric);
  const first = figures.find((each) => each.label === "" && each.metric === headlines[0]);
  const facts = performance.metrics.find((each) => each.metric === first?.metric);
  if (performance.baseline === null && performance.newest !== null && first)
    return `${first.title} is ${valueText(facts, first.value)} ${intervalText(facts, first.low, first.high)}, with nothing to compare it with yet.`;
  const judged = figures.filter((each) => each.label === "" && headlines.includes(each.metric));
  const raised = judged.filter((each) => isRaised(each.level ?? "OK")).map(raisedText);
  if (performance.trend === "degrading")
    return raised.length > 0 ? raised.join(" ") : "Worse than the baseline, for certain and by much.";
  if (performance.trend === "improving") return "Better than the baseline, for certain and by much.";
  if (performance.trend === "stable")
    return "As good as the baseline: no headline metric is worse for certain and by much.";
  const window = performance.windows[performance.newest ?? performance.windows.length - 1];
  const why = performance.reason || window?.reason;
  if (why) return `Not judged: ${ended(lowered(why))}`;
  return window && performance.baseline
    ? `Not judged: ${exact(window.labelled)} labelled predictions are too few to tell a loss from chance.`
    : "Not judged yet.";
}

/** What is raised in words; a level may stand by the windows before, whatever the newest one says alone. */
function raisedText({ text, level, single }: Figure): string {
  if (level === null || single === null || isRaised(single)) return ended(text);
  return ended(`${text.replace(/[.]$/, "")}; the windows before keep it ${levelWord(level).toLowerCase()}`);
}

/** How many of the newest windows wait for labels, and until when; nothing when none does. */
export function awaitedText(windows: readonly OutcomeWindow[]): string {
  const last = windows.findLastIndex((each) => each.mature);
  const waiting = windows.slice(last + 1);
  const newest = waiting.at(-1);
  if (newest === undefined || newest.mature) return "";
  if (last < 0 && windows.length > 1)
    return `None of the ${exact(windows.length)} windows has all its labels yet${newest.matureAt === null ? "" : `; the last one will about ${moment(at(newest.matureAt))}`}.`;
  const who = waiting.length === 1 ? "The newest window waits" : `The newest ${exact(waiting.length)} windows wait`;
  const until = newest.matureAt === null ? "" : `, the last one until about ${moment(at(newest.matureAt))}`;
  return `${who} for labels and ${waiting.length === 1 ? "is" : "are"} not judged${until}.`;
}

/** What is expected of the newest window before its labels have come; nothing unless that would be a loss. */
export function foretoldText(
  windows: readonly OutcomeWindow[],
  line: PerformanceLine | undefined,
  facts: Unit,
): string {
  const place = windows.length - 1;
  const level = line?.estimatedLevels[place];
  if (!line || !windows[place] || windows[place].mature || !isRaised(level ?? "OK")) return "";
  const interval = intervalText(facts, line.estimatedLows[place], line.estimatedHighs[place]);
  return `Before labels: ${line.title} is expected to be about ${valueText(facts, line.estimated[place])} ${interval} in the window to ${day(at(windows[place].end))}, if the same input still leads to the same outcome.`;
}

/** Who the two rows of a binary confusion matrix or the classes are: `late`, `on time`. */
export function scoredText(closeUp: Pick<CloseUp, "scored" | "task">): { hit: string; miss: string; score: string } {
  if (closeUp.task === "binary") return { hit: "came true", miss: "did not", score: "score" };
  return { hit: "right", miss: "wrong", score: "score of the predicted class" };
}

/** What was sent and is not joined yet; nothing when there is nothing. */
export function labelsText({ waiting, orphaned }: Pick<Performance["labels"], "waiting" | "orphaned">): string {
  const parts = [];
  if (waiting > 0) parts.push(`${counted(waiting, "label waits", "labels wait")} to be joined.`);
  if (orphaned > 0)
    parts.push(
      `${counted(orphaned, "label names", "labels name")} a prediction that is not known yet; they are tried again.`,
    );
  return parts.join(" ");
}

function ended(text: string): string {
  const upper = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(upper) ? upper : `${upper}.`;
}

function lowered(text: string): string {
  return /^.[A-Z]/.test(text) ? text : text.charAt(0).toLowerCase() + text.slice(1);
}
