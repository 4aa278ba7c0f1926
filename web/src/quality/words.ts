/** What the quality page says, in sentences. Pure. */

import type { Quality, RateCell, RateLine, RateMap } from "../data/rates";
import { plainName } from "../format/name";
import { counted, exact, percent } from "../format/number";
import { at, moment } from "../format/time";
import type { DriftMetric } from "../graphql/graphql";
import { levelWord } from "../levels/level";
import { metricWord } from "../model/metric";

/** `2 of 17 columns have more unusable rows than chance allows. wind_gust nulls 2.1 → 14.2 %.` */
export function qualitySentence(rates: RateMap): string {
  if (rates.end === null) return "No window was checked in this stretch of time.";
  const unjudged = rates.lines.length > 0 && rates.lines.every((line) => line.level === "INSUFFICIENT_DATA");
  if (unjudged) return `The newest window has too few rows to be judged: ${exact(rates.rows)}.`;
  const moved = rates.lines.filter((line) => isRisen(line.level));
  if (moved.length === 0) return `No column has more unusable rows than chance allows.`;
  const worst = moved[0].cells.filter((cell) => isRisen(cell.level)).sort((a, b) => gain(b) - gain(a))[0];
  const verb = moved.length === 1 ? "has" : "have";
  return `${exact(moved.length)} of ${counted(rates.lines.length, "column")} ${verb} more unusable rows than chance allows. ${plainName(moved[0].name)} ${metricWord(worst.metric).toLowerCase()} ${percent(worst.before)} → ${percent(worst.value)}.`;
}

export function isRisen(level: string): boolean {
  return level === "CRITICAL" || level === "WARNING" || level === "NOTICE";
}

export function gain(cell: RateCell): number {
  return cell.value - (cell.before ?? 0);
}

const WHAT: Partial<Record<DriftMetric, string>> = {
  NULLS: "have no usable value",
  NANS: "are not a number",
  INFINITE: "hold an infinite number",
  MISTYPED: "hold a value of another type",
  OUTSIDE: "lie beyond the smallest and largest value of the reference",
  UNSEEN: "hold a category that the reference never had",
};

/** All about one kind of row in one column, most important first. */
export function cellInWords(line: RateLine, cell: RateCell, floors: { warning: number; critical: number }): string[] {
  const first = `${percent(cell.value)} of rows ${WHAT[cell.metric] ?? ""}; ${before(cell)}.`;
  const chance =
    cell.chance === null
      ? ""
      : `Chance alone gives ${cell.chance < 0.0005 ? "under 0.1\u2009%" : `at most ${percent(cell.chance)}`}.`;
  return [first, chance, verdict(line, cell, floors)].filter(Boolean);
}

function before(cell: RateCell): string {
  if (cell.metric === "UNSEEN") return `${percent(cell.before)} were to be expected`;
  if (cell.metric === "OUTSIDE" && !cell.before) return "none of the reference can";
  return cell.before ? `${percent(cell.before)} of the reference` : "none of the reference";
}

function verdict(line: RateLine, cell: RateCell, floors: { warning: number; critical: number }): string {
  const points = (share: number) =>
    `${String(Number((share * 100).toPrecision(3)))} ${share === 0.01 ? "point" : "points"}`;
  const since = cell.since ? ` since ${moment(at(cell.since))}` : "";
  switch (cell.level) {
    case "CRITICAL":
      return `Critical${since}: certain, and more than ${points(floors.critical)} above the reference.`;
    case "WARNING":
      return `Warning${since}: certain, and more than ${points(floors.warning)} above the reference.`;
    case "NOTICE":
      if (gain(cell) >= floors.warning) return `Notice${since}: certain and large, but not yet in enough windows.`;
      return gain(cell) > 0
        ? `Notice${since}: certain, but less than ${points(floors.warning)} above the reference.`
        : `Notice${since}: certain, and below the reference.`;
    case "OK":
      return "That is inside what chance allows.";
    default:
      return `${levelWord(cell.level)} in ${plainName(line.name)}.`;
  }
}

/** `0.4 % of 6,510 rows repeat a prediction id of the window.`; an estimate says between what and what. */
export function repeatedInWords(ids: NonNullable<Quality["repeatedIds"]>): string {
  const of = `of ${exact(ids.rows)} rows`;
  if (ids.share === 0)
    return ids.exact
      ? `None ${of} repeats a prediction id.`
      : `None ${of} is known to repeat a prediction id; at most ${percent(ids.high)} do.`;
  if (ids.exact) return `${percent(ids.share)} ${of} repeat a prediction id.`;
  return `About ${percent(ids.share)} ${of} repeat a prediction id, between ${percent(ids.low)} and ${percent(ids.high)}.`;
}
