/** What a page says about an alert in its five facts. Pure. */

import type { AlertDetail } from "../data/alerts";
import type { ColumnDetail } from "../data/column";
import type { ModelDetail } from "../data/model";
import { compact, counted, measured, percentDigits, THIN } from "../format/number";
import { at, span } from "../format/time";
import { isRaised } from "../levels/level";
import { isRate, metricValue, metricWord } from "../model/metric";
import { intervalText, valueText } from "../performance/words";

import { isOpen } from "./status";
import type { AlertContext } from "./useAlertContext";

const KINDS_OF_ROWS: Record<string, string> = {
  null: "nulls",
  nan: "NaN",
  infinite: "infinite",
  mistyped: "another type",
  below: "below the range",
  above: "above the range",
  other: "rare values",
  unseen: "unseen values",
};

/** `median 17.3 → 21.9; nulls 2.1 → 14.2 %`: how the window under study differs from the reference. */
export function movedText(distribution: ColumnDetail["distribution"]): string {
  if (!distribution) return "";
  const { referenceMedian, windowMedian, specials, categories } = distribution;
  const parts: string[] = [];
  if (referenceMedian !== null && windowMedian !== null && measured(referenceMedian) !== measured(windowMedian))
    parts.push(`median ${measured(referenceMedian)} → ${measured(windowMedian)}`);
  const gap = (each: { reference: number; window: number }) => Math.abs(each.window - each.reference);
  const most = [...categories].sort((a, b) => gap(b) - gap(a)).at(0);
  if (most && gap(most) > 0.005)
    parts.push(
      `${most.name || "(empty name)"} ${percentDigits(most.reference)} → ${percentDigits(most.window)}${THIN}%`,
    );
  const apart = [...specials].sort((a, b) => gap(b) - gap(a)).at(0);
  if (apart && gap(apart) > 0.005) {
    const what = KINDS_OF_ROWS[apart.name.toLowerCase()] ?? apart.name;
    parts.push(`${what} ${percentDigits(apart.reference)} → ${percentDigits(apart.window)}${THIN}%`);
  }
  return parts.join("; ");
}

const WEEK = 7 * 86_400_000;

/** `29 h 40 min after 2.1.0 began`, when a version began at most a week before. */
export function afterVersion(model: ModelDetail | null | undefined, openedAt: string): string {
  const opened = at(openedAt);
  const before = model?.versions
    .map((each) => ({ version: each.version, time: at(each.firstEvent) }))
    .filter((each) => each.time <= opened && opened - each.time <= WEEK)
    .sort((a, b) => b.time - a.time)
    .at(0);
  return before ? `${span(opened - before.time)} after ${before.version} began` : "";
}

/** The measures that agree: `KS and nulls agree`. */
export function agreement(column: ColumnDetail | null | undefined, metric: string): string {
  const others = column?.methods.filter(
    (each) => each.metric.toUpperCase() !== metric.toUpperCase() && each.level !== null && isRaised(each.level),
  );
  if (!others || others.length === 0) return "";
  const words = others.map((each) =>
    isRate(each.metric) ? metricWord(each.metric).toLowerCase() : metricWord(each.metric),
  );
  const last = words.pop() ?? "";
  return words.length === 0 ? `${last} agrees` : `${words.join(", ")} and ${last} agree`;
}

export type Outcome = { strong: string; quiet: string };

/** `2.3 × the critical line`, and where that lies. */
export function beyond(context: AlertContext): Outcome | null {
  const { worst, column } = context;
  const line = column?.history.lines.find((each) => each.metric === worst?.metric.toUpperCase());
  const critical = worst?.level === "CRITICAL";
  const limit = (critical ? line?.thresholdCritical : line?.thresholdWarning) ?? null;
  if (!worst || limit === null || limit <= 0) return null;
  const word = critical ? "critical" : "warning";
  return {
    strong: `${(worst.value / limit).toFixed(1)}\u202f× the ${word} line`,
    quiet: `${word} from ${metricWord(worst.metric)} ${metricValue(worst.metric, limit)}`,
  };
}

/** Rows of the newest window that the alert was checked in. */
export function rowsText(context: AlertContext): string {
  const rows = context.column?.history.rows.findLast((each) => each > 0);
  return rows === undefined ? "" : `${compact(rows)} rows in the window`;
}

/**
 * How good the model is: in the newest window whose labels have come, for an alert that is over in the window that
 * opened it; else why that is not known.
 */
export function outcomeOf(alert: AlertDetail, context: AlertContext): Outcome | null {
  const { performance: answer, metric } = context;
  if (!answer) return null;
  const { performance, chosen } = answer;
  const facts = performance.metrics.find((each) => each.metric === metric);
  const line = chosen.lines.find((each) => each.metric === metric && each.label === "");
  const opening = performance.windows.findLastIndex((each) => each.mature && at(each.end) <= at(alert.openedAt));
  const place = isOpen(alert.status) ? performance.newest : opening < 0 ? null : opening;
  const value = place === null ? null : (line?.values[place] ?? null);
  if (!line || value === null || place === null || performance.state !== "ready")
    return { strong: "Performance not known", quiet: performance.reason || "no labels yet" };
  return {
    strong: `${line.title} ${valueText(facts, value)}`,
    quiet: [
      intervalText(facts, line.lows[place], line.highs[place]),
      line.baseline === null ? "" : `was ${valueText(facts, line.baseline)}`,
    ]
      .filter((each) => each !== "")
      .join(", "),
  };
}

/** `and 3 more columns`; nothing when the worst is alone. */
export function moreText(alert: AlertDetail): string {
  const columns = new Set(alert.items.map((item) => `${item.role} ${item.column} ${item.segment ?? ""}`));
  const figures = alert.items.filter((item) => item.figure !== null).length;
  if (figures > 1) return `and ${counted(figures - 1, "more finding")}`;
  return figures === 0 && columns.size > 1 ? `and ${counted(columns.size - 1, "more column")}` : "";
}
