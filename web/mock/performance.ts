/** Performance of the mock models: lines over time, and one window close up. */

import type { Level } from "../src/graphql/graphql";

import { closeUpOf } from "./closeUp.ts";
import { ends, kindOf, levelOf, METRICS, dayOf, valueAt, windowsOf, type Kind, type MockMetric } from "./outcomes.ts";

const iso = (time: number) => new Date(time).toISOString();

type Asked = { metric?: string | null; start?: string | null; end?: string | null; segment?: string };

function lineOf(kind: Kind, each: MockMetric, windows: ReturnType<typeof windowsOf>, chosen: readonly number[]) {
  const bad = each.upIsGood === false ? 1 : -1;
  const labelled = kind.state !== "no_labels";
  // A few quick labels, which are of one kind: what they say is far from what will be.
  const soFar = (index: number) =>
    valueAt(kind, each, index) + (windows[index].mature ? 0 : bad * each.floor * 9 * (0.93 - windows[index].coverage));
  const values = chosen.map((index) => (labelled ? soFar(index) : null));
  const wide = (index: number) =>
    each.noise * 1.6 * (kind.few ? 8 : 1) * Math.sqrt(0.93 / Math.max(0.1, windows[index].coverage));
  const level = (index: number): Level =>
    kind.few || !windows[index].mature ? "INSUFFICIENT_DATA" : levelOf(kind.loss(dayOf(ends[index])));
  const expected = chosen.map((index) => (kind.estimates ? valueAt(kind, each, index, true) : null));
  const beside = (list: (number | null)[], by: (index: number) => number) =>
    list.map((value, place) => (value === null ? null : value + by(chosen[place])));
  return {
    metric: each.metric,
    title: each.title,
    label: "",
    baseline: kind.baseline ? each.base : null,
    thresholdWarning: kind.baseline && each.upIsGood !== null ? each.base + bad * each.floor : null,
    thresholdCritical: kind.baseline && each.upIsGood !== null ? each.base + bad * each.floor * 2.2 : null,
    values,
    lows: beside(values, (index) => -wide(index)),
    highs: beside(values, wide),
    rows: chosen.map((index) => windows[index].labelled),
    levels: chosen.map((index) => (each.headline && kind.baseline ? level(index) : null)),
    singles: chosen.map((index) => (each.headline && kind.baseline ? level(index) : null)),
    texts: chosen.map(() => ""),
    estimated: expected,
    estimatedLows: beside(expected, () => -each.noise * 2.2),
    estimatedHighs: beside(expected, () => each.noise * 2.2),
    estimatedLevels: chosen.map((index) =>
      kind.estimates && each.headline ? (kind.loss(dayOf(ends[index])) > 1 ? "WARNING" : "OK") : null,
    ),
    estimatedSingles: chosen.map(() => null),
  };
}

function targetOf(kind: Kind, chosen: readonly number[]) {
  if (kind.task === "ranking" || kind.state === "no_labels") return null;
  const psi = (index: number) => Math.abs(valueAt(kind, METRICS.binary[13], index) - 0.187) * 1.5 + 0.0008;
  const [first, second = "other"] = kind.classes;
  return {
    values: chosen.map(psi),
    levels: chosen.map(() => "OK"),
    chance: 0.006,
    text: `${first} came true for 19.1% of predictions, 18.7% in the baseline`,
    shares:
      kind.task === "regression"
        ? [
            { name: "up to 2,100", now: 0.248, before: 0.25 },
            { name: "2,100 to 5,400", now: 0.262, before: 0.25 },
          ]
        : [
            { name: first, now: 0.191, before: 0.187 },
            { name: second, now: 0.809, before: 0.813 },
          ],
  };
}

export function performanceOf(id: string) {
  return ({ metric = null, start = null, end = null, segment = "" }: Asked) => {
    const whole = kindOf(id);
    // Of a segment nothing is more than a notice, and it is counted on fewer windows.
    const kind = segment
      ? { ...whole, trend: "stable", loss: (day: number) => Math.min(0.9, whole.loss(day) + 0.4) }
      : whole;
    const windows = windowsOf(kind);
    const from = start ? Date.parse(start) : -Infinity;
    const until = end ? Date.parse(end) : Infinity;
    const empty = kind.state === "off" || kind.state === "building";
    const chosen = empty
      ? []
      : ends.flatMap((time, index) =>
          time >= from && time <= until && (!segment || index % 4 === 2 || start === end) ? [index] : [],
        );
    const newest = chosen.findLastIndex((index) => windows[index].mature);
    const metrics = METRICS[kind.task].filter((each) => metric === null || each.metric === metric);
    const known = kind.state === "no_labels" ? metrics.filter((each) => each.headline) : metrics;
    return {
      version: "2.1.0",
      task: kind.task,
      state: kind.state,
      reason: kind.reason,
      trend: kind.trend,
      conceptDrift: kind.trend === "degrading",
      baseline:
        kind.baseline === null || empty
          ? null
          : { kind: kind.baseline, rows: 80_789, start: iso(Date.UTC(2013, 0, 1)), end: iso(Date.UTC(2013, 3, 1)) },
      newest: newest < 0 ? null : newest,
      metrics: empty ? [] : known.map((each) => ({ ...each, source: "" })),
      windows: chosen.map((index) => windows[index]),
      lines: empty ? [] : known.map((each) => lineOf(kind, each, windows, chosen)),
      target: empty ? null : targetOf(kind, chosen),
      labels: {
        matched: kind.state === "no_labels" || empty ? 0 : 241_884,
        corrected: kind.state === "no_labels" || empty ? 0 : 1_204,
        repeated: 37,
        waiting: 12,
        orphaned: 81,
        expired: 4,
        horizonDays: 30,
      },
      window: ({ end: asked }: { end?: string | null }) => {
        const place = asked ? ends.findIndex((time) => time === Date.parse(asked)) : newest;
        return place < 0 ? null : closeUpOf(kind, windows[place], place);
      },
    };
  };
}
