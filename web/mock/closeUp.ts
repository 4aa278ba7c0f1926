/** One window of outcomes of a mock model close up, drawn from two bells of scores. */

import { levelOf, METRICS, dayOf, ends, valueAt, type Kind, type MockMetric, type windowsOf } from "./outcomes.ts";

type Window = ReturnType<typeof windowsOf>[number];

const bell = (x: number, middle: number, width: number) => Math.exp(-(((x - middle) / width) ** 2) / 2);

function scoresOf(kind: Kind, window: Window, apart: number) {
  const bars = Array.from({ length: 20 }, (_, index) => ({ lower: index / 20, upper: (index + 1) / 20 }));
  const middle = (bar: { lower: number }) => bar.lower + 0.025;
  const binary = kind.task === "binary";
  const hit = bars.map((bar) => bell(middle(bar), binary ? 0.2 + apart : 0.9, binary ? 0.2 : 0.09));
  const miss = bars.map((bar) => bell(middle(bar), binary ? 0.14 : 0.6, 0.12));
  const total = (list: number[]) => list.reduce((sum, each) => sum + each, 0);
  const share = binary ? 0.187 : 0.913;
  return bars.map((bar, index) => {
    const hits = (window.labelled * share * hit[index]) / total(hit);
    const misses = (window.labelled * (1 - share) * miss[index]) / total(miss);
    return { ...bar, hits, misses, predicted: (hits + misses) / Math.max(0.01, window.coverage) };
  });
}

/** Curves from the bars, the highest threshold first. */
function curvesOf(scores: ReturnType<typeof scoresOf>) {
  const hits = scores.reduce((sum, bar) => sum + bar.hits, 0);
  const misses = scores.reduce((sum, bar) => sum + bar.misses, 0);
  let [above, wrong] = [0, 0];
  const roc = [{ x: 0, y: 0, threshold: 1 }];
  const pr: typeof roc = [];
  for (const bar of [...scores].reverse()) {
    above += bar.hits;
    wrong += bar.misses;
    roc.push({ x: wrong / misses, y: above / hits, threshold: bar.lower });
    pr.push({ x: above / hits, y: above / Math.max(1e-9, above + wrong), threshold: bar.lower });
  }
  return { roc, pr };
}

function calibrationOf(scores: ReturnType<typeof scoresOf>, shift: number) {
  return scores
    .filter((bar) => bar.hits + bar.misses > 8)
    .filter((_, index) => index % 2 === 0)
    .map((bar) => {
      const rows = bar.hits + bar.misses;
      const score = bar.lower + 0.025;
      const share = Math.min(0.99, Math.max(0.005, score * (1 - shift)));
      const half = 1.96 * Math.sqrt((share * (1 - share)) / rows);
      return { score, share, low: Math.max(0, share - half), high: Math.min(1, share + half), rows };
    });
}

function confusionOf(kind: Kind, rows: number, loss: number) {
  const { classes } = kind;
  const shares =
    kind.task === "binary" ? [0.187, 0.813] : classes.map((_, index) => 0.5 ** Math.min(index + 1, classes.length - 1));
  const right = kind.task === "binary" ? [0.334 - loss * 0.03, 0.942] : classes.map((_, index) => 0.95 - index * 0.03);
  return {
    labels: classes,
    counts: classes.map((_, actual) =>
      classes.map((_, predicted) => {
        const all = rows * shares[actual];
        if (actual === predicted) return Math.round(all * right[actual]);
        return Math.round((all * (1 - right[actual])) / (classes.length - 1));
      }),
    ),
  };
}

function errorsOf(window: Window) {
  const inner = Array.from({ length: 40 }, (_, index) => {
    const lower = -4_000 + index * 200;
    return {
      lower,
      upper: lower + 200,
      rows: Math.round(window.labelled * 0.17 * bell(lower + 100, -40, 1_250) ** 0.9),
    };
  });
  return [{ lower: null, upper: -4_000, rows: 41 }, ...inner, { lower: 4_000, upper: null, rows: 68 }];
}

function figureOf(kind: Kind, each: MockMetric, window: Window, place: number) {
  const value = valueAt(kind, each, place);
  const half = each.noise * 1.6 * (kind.few ? 8 : 1);
  const loss = kind.loss(dayOf(ends[place]));
  const judged = each.headline && kind.baseline !== null;
  const level = kind.few || !window.mature ? "INSUFFICIENT_DATA" : levelOf(loss);
  const how = loss > 0 ? "worse" : "better";
  return {
    metric: each.metric,
    title: each.title,
    label: "",
    value,
    low: value - half,
    high: value + half,
    rows: window.labelled,
    baseline: kind.baseline ? each.base : null,
    level: judged ? level : null,
    single: judged ? level : null,
    text: judged
      ? `${each.title} is ${value.toPrecision(3)} (${(value - half).toPrecision(3)} to ${(value + half).toPrecision(3)}), ${Math.abs(value - each.base).toPrecision(2)} ${how} than the baseline's ${each.base.toPrecision(3)}`
      : "",
  };
}

function classFigures(kind: Kind, window: Window) {
  if (kind.task !== "multiclass") return [];
  return kind.classes.flatMap((label, index) =>
    (["precision", "recall", "f1"] as const).map((metric, at) => {
      const value = 0.95 - index * 0.03 - at * 0.006 - (index === 3 ? 0.11 : 0);
      return {
        metric,
        title: { precision: "Precision", recall: "Recall", f1: "F1" }[metric],
        label,
        value,
        low: value - 0.02,
        high: value + 0.02,
        rows: Math.round(window.labelled * 0.5 ** (index + 1)),
        baseline: kind.baseline ? 0.95 - index * 0.03 - at * 0.006 : null,
        level: null,
        single: null,
        text: "",
      };
    }),
  );
}

function delaysOf(window: Window) {
  const bars = Array.from({ length: 24 }, (_, index) => {
    const above = 3_600 * 2 ** (index / 4);
    return { above, upTo: above * 2 ** 0.25, labels: Math.round(window.labelled * 0.13 * bell(index, 9, 3)) };
  }).filter((bar) => bar.labels > 0);
  return { p50: 17_120, p90: 40_720, p99: 115_200, bars };
}

export function closeUpOf(kind: Kind, window: Window, place: number) {
  const loss = kind.loss(dayOf(ends[place]));
  const scored = kind.task === "binary" || kind.task === "multiclass";
  const scores = scored ? scoresOf(kind, window, 0.17 - 0.025 * loss) : [];
  const before = scored ? scoresOf(kind, window, 0.17) : [];
  const labelled = kind.state !== "no_labels";
  const shown = scored && labelled;
  const classes = kind.task === "binary" || kind.task === "multiclass";
  return {
    window,
    task: kind.task,
    scored: kind.task === "binary" ? kind.classes[0] : "",
    figures: labelled
      ? [...METRICS[kind.task].map((each) => figureOf(kind, each, window, place)), ...classFigures(kind, window)]
      : [],
    confusion: classes && labelled ? confusionOf(kind, window.labelled, loss) : null,
    baselineConfusion: classes && kind.baseline ? confusionOf(kind, 80_789, 0) : null,
    calibration: shown ? calibrationOf(scores, 0.08 * loss) : [],
    baselineCalibration: shown && kind.baseline ? calibrationOf(before, 0.01) : [],
    roc: shown ? curvesOf(scores).roc : [],
    baselineRoc: shown && kind.baseline ? curvesOf(before).roc : [],
    pr: shown ? curvesOf(scores).pr : [],
    scores: shown ? scores : [],
    errors: kind.task === "regression" && labelled ? errorsOf(window) : [],
    delays: labelled ? delaysOf(window) : { p50: null, p90: null, p99: null, bars: [] },
    segments: [
      { label: "origin=JFK", key: "feature:origin=JFK", share: 0.36, by: -0.04 },
      { label: "origin=EWR", key: "feature:origin=EWR", share: 0.35, by: -0.01 },
      { label: "origin=LGA", key: "feature:origin=LGA", share: 0.29, by: 0.02 },
    ].map(({ label, key, share, by }) => {
      const headline = METRICS[kind.task].find((each) => each.headline) ?? METRICS[kind.task][0];
      const value = valueAt(kind, headline, place) * (1 + by);
      const half = headline.noise * 2.6;
      return {
        label,
        key,
        rows: Math.round(window.labelled * share),
        value,
        low: value - half,
        high: value + half,
        baseline: kind.baseline ? headline.base * (1 + by / 3) : null,
      };
    }),
  };
}
