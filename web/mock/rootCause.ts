/** How good the mock model is in each airport, where it is worst, and what may be behind the fall of autumn. */

import { LAST } from "./flightWindows.ts";

const DAY = 86_400_000;
const iso = (time: number) => new Date(time).toISOString();
const MATURE = LAST - 21 * DAY;

type Line = [label: string, rows: number, auc: number, accuracy: number, loss: number, worse: boolean];

const LINES: Line[] = [
  ["origin=JFK", 2_240, 0.641, 0.712, 0.94, true],
  ["origin=<img src=x onerror=alert(1)>", 31, 0.59, 0.68, 0.97, false],
  ["origin=LGA", 1_790, 0.684, 0.752, 0.9, false],
  ["origin=EWR", 2_170, 0.708, 0.771, 0.87, false],
];

const METRICS = [
  ["roc_auc", "ROC AUC", 0.679],
  ["log_loss_ratio", "Log loss ratio", 0.902],
  ["accuracy", "Accuracy", 0.746],
] as const;

function metricsIn([, rows, auc, accuracy, loss, worse]: Line) {
  return METRICS.map(([metric, title, whole], index) => {
    const value = [auc, loss, accuracy][index];
    const half = 0.95 / Math.sqrt(rows);
    const bad = worse && metric !== "log_loss_ratio";
    return {
      metric,
      title,
      value,
      low: value - half,
      high: value + half,
      difference: value - whole,
      p: rows < 50 ? null : bad ? 4e-5 : 0.21,
      worse: bad,
    };
  });
}

export function segmentPerformance() {
  const all = LINES.reduce((sum, line) => sum + line[1], 0);
  return {
    start: iso(MATURE - 7 * DAY),
    end: iso(MATURE),
    mature: true,
    headlines: ["roc_auc", "balanced_accuracy", "log_loss_ratio"],
    reason: "",
    whole: {
      label: "",
      key: "",
      parts: [],
      rows: all,
      share: 1,
      metrics: METRICS.map(([metric, title, value]) => ({
        metric,
        title,
        value,
        low: value - 0.012,
        high: value + 0.012,
        difference: null,
        p: null,
        worse: false,
      })),
    },
    segments: LINES.map((line) => ({
      label: line[0],
      key: `feature:${line[0]}`,
      parts: [],
      rows: line[1],
      share: line[1] / all,
      metrics: metricsIn(line),
    })),
  };
}

export const nothingBySegment = () => ({
  start: null,
  end: null,
  mature: false,
  headlines: [],
  whole: null,
  segments: [],
  reason: 'nothing cuts this model: PATCH it with {"segments": ["region"]} or with protected attributes',
});

export function worstSegments() {
  const slice = (text: string, rows: number, loss: number, rest: number, low: number, high: number) => ({
    text,
    conditions: [],
    rows,
    share: rows / 78_400,
    loss,
    rest,
    excess: loss - rest,
    low,
    high,
    p: 1e-6,
    beyond: loss - rest,
    cost: (loss - rest) * (rows / 78_400),
    sentence: `Where ${text}, error rate is ${(loss * 100).toFixed(1)}\u2009%, elsewhere ${(rest * 100).toFixed(1)}\u2009% (${rows.toLocaleString("en-US")} rows, ${((rows / 78_400) * 100).toFixed(1)}\u2009% of all). With 9,412 slices searched, the difference is between +${(low * 100).toFixed(1)} points and +${(high * 100).toFixed(1)} points. It says where the model is worse, not why.`,
  });
  return {
    start: iso(MATURE - 90 * DAY),
    end: iso(MATURE),
    loss: "error",
    lossTitle: "error rate",
    rows: 78_400,
    sampled: 1,
    leftOut: 0,
    days: 90,
    mean: 0.231,
    columns: ["carrier", "origin", "dest", "dep_hour", "temp", "dewp", "humid", "visib", "wind_gust", "precip"],
    columnsLeftOut: 3,
    searched: 9_412,
    certain: 41,
    echoes: 38,
    told: "9,412 segments of 78,400 labelled rows of 90 days were searched; error rate is 23.1\u2009% in all. 3 are certainly and much worse and say something new. 38 more only repeat them.",
    segments: [
      slice("visib in [0, 3) and origin=JFK", 1_912, 0.412, 0.226, 0.121, 0.249),
      slice("dep_hour in [19, 23]", 11_280, 0.317, 0.216, 0.072, 0.13),
      slice(
        "carrier=<img src=x onerror=alert(1)> and a_feature_whose_name_was_made_by_an_export is missing",
        640,
        0.36,
        0.23,
        0.04,
        0.22,
      ),
    ],
  };
}

export function causes() {
  const segment = (
    text: string,
    before: number,
    now: number,
    was: number,
    share: number,
    within: number,
    mix: number,
  ) => ({
    role: "FEATURE",
    name: text.split("=")[0],
    label: text.split("=")[1],
    text,
    rows: Math.round(25_200 * share),
    baselineRows: Math.round(80_789 * was),
    share,
    baselineShare: was,
    loss: now,
    baselineLoss: before,
    part: within + mix,
    within,
    withinLow: within - 0.008,
    withinHigh: within + 0.008,
    withinP: 1e-7,
    mix,
    mixLow: mix - 0.002,
    mixHigh: mix + 0.002,
    mixP: 0.2,
    named: "within",
    sentence: `Of the change of error rate from 18.3\u2009% to 23.1\u2009% (+4.8 points), rows with ${text} carry +${((within + mix) * 100).toFixed(1)} points: in them it went from ${(before * 100).toFixed(1)}\u2009% to ${(now * 100).toFixed(1)}\u2009%. This is where the change is, not what caused it.`,
  });
  const feature = (name: string, drift: number, importance: number) => {
    const reach = Math.sqrt(Math.max(0, drift) * importance);
    const sentence =
      importance === 0
        ? `${name} moved (PSI ${drift.toPrecision(2)} beyond chance), but the score does not certainly follow it: taken alone it explains nothing.`
        : `${name} moved (PSI ${drift.toPrecision(2)} beyond chance), and its bins explain ${(importance * 100).toFixed(1)}\u2009% of the variance of the score: by itself it may have moved the mean score by up to about ${reach.toPrecision(2)} standard deviations. Whether it did is not shown.`;
    return { name, drift, importance, reach, share: 0.3, sentence };
  };
  return {
    start: iso(MATURE - 28 * DAY),
    end: iso(MATURE),
    loss: "error",
    lossTitle: "error rate",
    rows: 25_200,
    sampled: 1,
    days: 28,
    baseline: "reference",
    baselineStart: null,
    baselineEnd: null,
    baselineRows: 80_789,
    before: 0.183,
    now: 0.231,
    change: 0.048,
    low: 0.039,
    high: 0.057,
    p: 1e-9,
    told: "In 25,200 labelled rows of 28 days, error rate is 23.1\u2009%; in the reference it is 18.3\u2009%. The change is between +3.9 points and +5.7 points.",
    features: [
      feature("dewp", 1.9, 0.11),
      feature("carrier", 0.14, 0.19),
      feature("temp", 5.2, 0.004),
      feature("wind_gust", 0.31, 0),
    ],
    segments: [
      segment("origin=JFK", 0.19, 0.284, 0.33, 0.36, 0.031, 0.0005),
      segment("carrier=EV", 0.2, 0.27, 0.15, 0.16, 0.011, 0.002),
    ],
    columns: [
      { role: "FEATURE", name: "origin", within: 0.047, mix: 0.001, named: 1 },
      { role: "FEATURE", name: "carrier", within: 0.041, mix: 0.007, named: 1 },
    ],
  };
}
