import { describe, expect, it } from "vitest";

import type { Figure, OutcomeWindow, Performance } from "../data/performance";

import {
  awaitedText,
  baselineText,
  changeText,
  coverageText,
  intervalText,
  labelsText,
  metricOf,
  performanceSentence,
  valueText,
} from "./words";

const AUC = { metric: "roc_auc", unit: "share" };
const MAE = { metric: "mae", unit: "target" };

const window = (changes: Partial<OutcomeWindow> = {}): OutcomeWindow => ({
  start: "2013-12-17T22:00:00Z",
  end: "2013-12-24T22:00:00Z",
  level: "OK",
  seen: 1000,
  labelled: 930,
  coverage: 0.93,
  expected: 0.93,
  final: 0.93,
  mature: true,
  matureAt: null,
  reason: "",
  ...changes,
});

const coming = { mature: false, coverage: 0.62, matureAt: "2014-01-03T12:00:00Z", reason: "62% are labelled" };

const performance = (changes: Partial<Performance> = {}): Performance => ({
  state: "ready",
  reason: "",
  trend: "stable",
  conceptDrift: false,
  baseline: { kind: "reference", rows: 80_789, start: null, end: null },
  newest: 0,
  metrics: [
    { ...AUC, title: "ROC AUC", upIsGood: true, low: 0, high: 1, headline: true, source: "" },
    { ...AUC, metric: "f1", title: "F1", upIsGood: true, low: 0, high: 1, headline: false, source: "" },
  ],
  windows: [window()],
  target: null,
  labels: { matched: 1, corrected: 0, repeated: 0, waiting: 0, orphaned: 0, expired: 0, horizonDays: 30 },
  ...changes,
});

const figure = (changes: Partial<Figure> = {}): Figure => ({
  metric: "roc_auc",
  title: "ROC AUC",
  label: "",
  value: 0.659,
  low: 0.649,
  high: 0.668,
  rows: 930,
  baseline: 0.706,
  level: "CRITICAL",
  single: "CRITICAL",
  text: "ROC AUC is 0.659 (0.649 to 0.668), 0.047 worse than the baseline's 0.706",
  ...changes,
});

describe("a value", () => {
  it("is written in its metric's own way", () => {
    expect(valueText(AUC, 0.6834)).toBe("0.683");
    expect(valueText({ metric: "positive_rate", unit: "share" }, 0.187)).toBe("18.7\u2009%");
    expect(valueText({ metric: "lift_10", unit: "times" }, 2.14)).toBe("2.14\u2009×");
    expect(valueText(MAE, 1284.3)).toBe("1,284");
    expect(valueText({ metric: "r2", unit: "number" }, -0.25)).toBe("\u22120.250");
    expect(valueText(AUC, null)).toBe("–");
    expect(valueText(undefined, 0.5)).toBe("0.500");
  });

  it("has an interval only where there is one", () => {
    expect(intervalText(AUC, 0.676, 0.69)).toBe("[0.676, 0.690]");
    expect(intervalText(AUC, null, 0.69)).toBe("");
  });

  it("is compared with its baseline, with as many digits as make sense", () => {
    expect(changeText(AUC, 0.683, 0.706)).toBe("\u2212\u20090.023");
    expect(changeText(AUC, 0.7061, 0.706)).toBe("±\u20090.000");
    expect(changeText(MAE, 2610.3, 2610)).toBe("±\u20090");
    expect(changeText(MAE, 0.512, 0.5)).toBe("+\u20090.012");
    expect(changeText({ metric: "positive_rate", unit: "share" }, 0.1871, 0.187)).toBe("+\u20090.0 points");
    expect(changeText(AUC, 0.7, null)).toBe("");
  });
});

describe("the coverage of a window", () => {
  it("says how many labels there are, will be, and when", () => {
    expect(coverageText(window())).toBe("93.0\u2009% labelled");
    expect(coverageText(window(coming))).toMatch(
      /^62\.0\u2009% labelled, about 93\.0\u2009% in the end, complete about 3 Jan 2014 12:00$/,
    );
    expect(coverageText(window({ ...coming, final: null, matureAt: null }))).toBe("62.0\u2009% labelled");
  });

  it("is awaited in the newest windows alone", () => {
    expect(awaitedText([window(), window()])).toBe("");
    expect(awaitedText([window(), window(coming)])).toMatch(/^The newest window waits for labels and is not judged, /);
    expect(awaitedText([window(coming), window(), window(coming), window(coming)])).toMatch(
      /^The newest 2 windows wait /,
    );
    expect(awaitedText([window(coming), window(coming)])).toMatch(/^None of the 2 windows has all its labels yet/);
  });
});

describe("the answer", () => {
  it("quotes what is raised among the metrics that decide", () => {
    const other = figure({ metric: "f1", text: "F1 is low", level: "WARNING" });
    expect(performanceSentence(performance({ trend: "degrading" }), [figure(), other])).toBe(
      "ROC AUC is 0.659 (0.649 to 0.668), 0.047 worse than the baseline's 0.706.",
    );
    expect(performanceSentence(performance({ trend: "degrading" }), [figure({ single: "OK" })])).toMatch(
      /; the windows before keep it critical\.$/,
    );
    expect(performanceSentence(performance({ trend: "degrading" }), [])).toMatch(/^Worse than the baseline/);
  });

  it("says why nothing is judged", () => {
    expect(performanceSentence(performance({ trend: "unknown" }), [])).toBe(
      "Not judged: 930 labelled predictions are too few to tell a loss from chance.",
    );
    const waiting = performance({ trend: "unknown", newest: null, windows: [window(coming)] });
    expect(performanceSentence(waiting, [])).toBe("Not judged: 62% are labelled.");
  });

  it("tells the value where there is nothing to compare with", () => {
    expect(performanceSentence(performance({ trend: "unknown", baseline: null }), [figure()])).toBe(
      "ROC AUC is 0.659 [0.649, 0.668], with nothing to compare it with yet.",
    );
  });
});

it("names the baseline", () => {
  expect(baselineText({ kind: "first_weeks", rows: 900, start: null, end: null })).toMatch(
    /own first weeks, 900 labelled/,
  );
  expect(baselineText(null)).toMatch(/the reference has no truth/);
});

it("asks for a metric that the model has", () => {
  const { metrics } = performance();
  expect(metricOf(metrics, "f1")).toBe("f1");
  expect(metricOf(metrics, "mae")).toBe("roc_auc");
  expect(metricOf([], "mae")).toBe("mae");
});

it("tells what is not joined yet", () => {
  expect(labelsText({ waiting: 1, orphaned: 0 })).toBe("1 label waits to be joined.");
  expect(labelsText({ waiting: 0, orphaned: 0 })).toBe("");
});
