/** What the performance of segments says, and the scales that it is drawn on. Pure. */

import type { Axis } from "../charts/Whisker";
import type { BySegment, SegmentRow } from "../data/rootCause";
import { plainName } from "../format/name";
import { counted, exact, measured, MINUS, percent, THIN } from "../format/number";
import { at, day } from "../format/time";

/** `2 of 5 segments are certainly worse than the rest: origin=JFK and carrier=EV.` */
export function performanceSentence(answer: BySegment): string {
  const worse = answer.segments.filter(isWorse);
  const all = counted(answer.segments.length, "segment");
  if (worse.length === 0) {
    const one = answer.segments.length === 1 ? "The one segment is" : `None of ${all} is`;
    return `${one}${answer.segments.length === 1 ? " not" : ""} certainly worse than the rest.`;
  }
  const names = worse.slice(0, 3).map((each) => plainName(each.label));
  const rest = worse.length > 3 ? ` and ${exact(worse.length - 3)} more` : "";
  const verb = worse.length === 1 ? "is" : "are";
  return `${exact(worse.length)} of ${all} ${verb} certainly worse than the rest: ${names.join(", ")}${rest}.`;
}

export function isWorse(segment: SegmentRow): boolean {
  return segment.metrics.some((each) => each.worse);
}

/** True when so large a difference would come by chance in under 1 % of models, all segments and metrics counted. */
export function isCertain(p: number | null): boolean {
  return p !== null && p < 0.01;
}

/** The metrics that some segment has, headlines first. */
export function metricsOf(answer: BySegment): { value: string; text: string }[] {
  const found = new Map<string, string>();
  for (const row of [...(answer.whole ? [answer.whole] : []), ...answer.segments])
    for (const each of row.metrics) found.set(each.metric, each.title);
  const place = (metric: string) => (answer.headlines.includes(metric) ? answer.headlines.indexOf(metric) : 99);
  return [...found].map(([value, text]) => ({ value, text })).sort((a, b) => place(a.value) - place(b.value));
}

/** The metric that shows what is worse: the first in which a segment certainly is, else the first of all. */
export function tellingMetric(answer: BySegment): string {
  const metrics = metricsOf(answer);
  const worse = (metric: string) =>
    answer.segments.some((segment) => segment.metrics.some((each) => each.metric === metric && each.worse));
  return (metrics.find((each) => worse(each.value)) ?? metrics[0])?.value ?? "";
}

/** The range that holds the intervals of segments that can be compared; wide ones of few rows are cut. */
export function axisFor(answer: BySegment, metric: string): Axis {
  const rows = [...(answer.whole ? [answer.whole] : []), ...answer.segments.filter((each) => each.rows >= FEW)];
  const known = rows.flatMap((row) => row.metrics.filter((each) => each.metric === metric));
  const ends = known.flatMap((each) => [each.low, each.high, each.value]).filter((each) => each !== null);
  if (ends.length === 0) return { low: 0, high: 1 };
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const pad = (high - low || Math.abs(high) || 1) * 0.06;
  return { low: low - pad, high: high + pad };
}

/** Labelled rows under which a segment is shown and nothing is concluded. */
export const FEW = 50;

/** A metric with three digits behind the point where it is small, so that a column reads as one. */
export function figure(value: number | null | undefined): string {
  return value !== null && value !== undefined && Math.abs(value) < 9.9995
    ? (value < 0 && Number(value.toFixed(3)) !== 0 ? MINUS : "") + Math.abs(value).toFixed(3)
    : measured(value);
}

/** A difference of a metric with its sign. */
export function difference(value: number | null): string {
  if (value === null) return "";
  const text = figure(Math.abs(value));
  return `${value < 0 && Number(text) !== 0 ? MINUS : "+"}${THIN}${text}`;
}

/** A mean loss: a share of rows in per cent, or a number. */
export function lossIn(kind: string, value: number | null): string {
  return kind === "error" ? percent(value) : measured(value);
}

/** A difference of losses: in points where the loss is a share. */
export function lossDifference(kind: string, value: number): string {
  const size = kind === "error" ? (Math.abs(value) * 100).toFixed(1) : measured(Math.abs(value));
  return `${value < 0 && Number(size) !== 0 ? MINUS : "+"}${THIN}${size}`;
}

/** `1 Jul – 28 Sep 2013`. */
export function span(start: string, end: string): string {
  return `${day(at(start))} – ${day(at(end))}`;
}
