import { describe, expect, it } from "vitest";

import type { BySegment, SegmentRow } from "../data/rootCause";

import {
  axisFor,
  difference,
  figure,
  lossDifference,
  lossIn,
  metricsOf,
  performanceSentence,
  tellingMetric,
} from "./performance";

type Metric = SegmentRow["metrics"][number];

const metric = (name: string, value: number, more: Partial<Metric> = {}): Metric => ({
  metric: name,
  title: name,
  value,
  low: value - 0.1,
  high: value + 0.1,
  difference: 0,
  p: 0.5,
  worse: false,
  ...more,
});

const row = (label: string, rows: number, metrics: Metric[]): SegmentRow => ({
  label,
  key: label,
  rows,
  share: 0.5,
  metrics,
});

const answer = (segments: SegmentRow[]): BySegment => ({
  start: null,
  end: null,
  mature: true,
  headlines: ["auc"],
  whole: { rows: 1000, metrics: [metric("accuracy", 0.8), metric("auc", 0.7)] },
  segments,
  reason: "",
});

describe("the performance of segments in words", () => {
  it("counts what is certainly worse, and never more", () => {
    const bad = row("a", 500, [metric("accuracy", 0.6, { worse: true })]);
    const fine = row("b", 500, [metric("accuracy", 0.9)]);
    expect(performanceSentence(answer([bad, fine]))).toBe("1 of 2 segments is certainly worse than the rest: a.");
    expect(performanceSentence(answer([fine, fine]))).toBe("None of 2 segments is certainly worse than the rest.");
    expect(performanceSentence(answer([fine]))).toBe("The one segment is not certainly worse than the rest.");
  });

  it("begins with the metric that shows it, headlines before others", () => {
    const bad = row("a", 500, [metric("accuracy", 0.6, { worse: true }), metric("auc", 0.7)]);
    expect(metricsOf(answer([])).map((each) => each.value)).toEqual(["auc", "accuracy"]);
    expect(tellingMetric(answer([bad]))).toBe("accuracy");
    expect(tellingMetric(answer([]))).toBe("auc");
  });

  it("lets few rows not stretch the scale", () => {
    const few = row("a", 12, [metric("auc", 0.1, { low: -3, high: 3 })]);
    const { low, high } = axisFor(answer([few]), "auc");
    expect([low, high].map((each) => Number(each.toFixed(3)))).toEqual([0.588, 0.812]);
  });

  it.each([
    [-0.0379, "\u2212\u20090.038"],
    [0.029, "+\u20090.029"],
    [-0.0001, "+\u20090.000"],
  ])("writes a difference of %s as %s", (value, text) => {
    expect(difference(value)).toBe(text);
  });

  it("writes errors in per cent and points, other losses as numbers", () => {
    expect([lossIn("error", 0.412), lossDifference("error", 0.186)]).toEqual(["41.2\u2009%", "+\u200918.6"]);
    expect([lossIn("log_loss", 0.412), lossDifference("log_loss", -0.2)]).toEqual(["0.412", "\u2212\u20090.2"]);
    expect([figure(0.59), figure(12.345), figure(null)]).toEqual(["0.590", "12.3", "\u2013"]);
  });
});
