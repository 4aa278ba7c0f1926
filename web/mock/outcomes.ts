/** What came true of the mock models, window by window: seven days long, every 28 hours, labels within some days. */

import type { Level } from "../src/graphql/graphql";

import { FIRST, LAST, rows as flightRows, times as flightTimes } from "./flightWindows.ts";
import { normal, seeded } from "./random.ts";

const DAY = 86_400_000;
const iso = (time: number) => new Date(time).toISOString();

export type Kind = {
  task: "binary" | "multiclass" | "regression" | "ranking";
  state: string;
  reason: string;
  trend: string;
  baseline: "reference" | "first_weeks" | null;
  /** How many of the newest windows wait for labels; all of them where the state says so. */
  awaited: number;
  estimates: boolean;
  /** The loss of a window in floors of its metric, over the year. */
  loss: (day: number) => number;
  few?: boolean;
  classes: string[];
};

const autumn = (day: number) => (day > 270 && day < 330 ? 2.4 * Math.sin(((day - 270) / 60) * Math.PI) : 0.1);
const usual = { state: "ready", reason: "", trend: "stable", baseline: "reference" as const, awaited: 5 };
const calm = { ...usual, estimates: true, loss: () => 0.1, classes: ["late", "on time"] };
const CLASSES = [
  "passport",
  "identity card",
  "driving licence",
  "residence permit",
  "a kind of document whose name somebody made far too long to fit into any table",
  "\u202ebackwards",
  "",
  "<b>other</b>",
];

/** What each model of the mock shows; the others are as the flights. */
const KINDS: Record<string, Kind> = {
  "flight-delay": { ...calm, task: "binary", trend: "degrading", loss: (day) => autumn(day) + (day > 345 ? 2.2 : 0) },
  "demand-forecast-eu": { ...calm, task: "regression", trend: "improving", loss: (day) => (day > 300 ? -1.6 : 0.1) },
  "kyc-document-match": { ...calm, task: "multiclass", baseline: "first_weeks", estimates: false, classes: CLASSES },
  "ad-click-ranker": { ...calm, task: "ranking", estimates: false },
  "churn-prepaid": {
    ...calm,
    task: "binary",
    state: "no_labels",
    reason: "no labels yet: POST /api/v1/actuals takes what came true",
    trend: "unknown",
    awaited: Infinity,
    loss: (day) => (day > 340 ? 2.3 : 0.2),
  },
  "eta-courier-berlin": {
    ...calm,
    task: "regression",
    state: "immature",
    reason: "41% of the predictions are labelled; in the end about 93% are",
    trend: "unknown",
    awaited: Infinity,
  },
  "credit-scoring": { ...calm, task: "binary", trend: "unknown", few: true, estimates: false },
  "fraud-detection": { ...calm, task: "binary", baseline: null, estimates: false },
  "loan-early-repay": {
    ...calm,
    task: "binary",
    state: "off",
    reason: "nothing has been counted yet; that begins when a reference stands",
    trend: "unknown",
  },
  "returns-propensity": {
    ...calm,
    task: "binary",
    state: "building",
    reason: "the outcomes are being counted by other rules; that takes a while",
    trend: "unknown",
  },
};

export function kindOf(id: string): Kind {
  return KINDS[id] ?? KINDS["flight-delay"];
}

/** Every second window of the drift map. */
export const ends = flightTimes.filter((_, index) => (flightTimes.length - 1 - index) % 2 === 0);
const seen = flightRows.filter((_, index) => (flightTimes.length - 1 - index) % 2 === 0);

export const dayOf = (time: number) => (time - Date.UTC(2013, 0, 1)) / DAY;

export function windowsOf(kind: Kind) {
  return ends.map((end, index) => {
    const left = ends.length - 1 - index;
    const mature = left >= kind.awaited;
    const share = mature ? 0.93 : kind.state === "no_labels" ? 0 : 0.12 + 0.7 * Math.min(1, left / 6);
    const rows = kind.few ? Math.round(seen[index] / 90) : seen[index];
    const level: Level = kind.few ? "INSUFFICIENT_DATA" : mature ? levelOf(kind.loss(dayOf(end))) : "INSUFFICIENT_DATA";
    return {
      start: iso(Math.max(FIRST - 7 * DAY, end - 7 * DAY)),
      end: iso(end),
      level,
      seen: rows,
      labelled: Math.round(rows * share),
      coverage: share,
      expected: mature ? 0.93 : share,
      final: kind.state === "no_labels" ? null : 0.93,
      mature,
      matureAt: mature || kind.state === "no_labels" ? null : iso(LAST + (6 - left) * 28 * 3_600_000),
      reason: mature ? "" : `${(share * 100).toFixed(0)}% of the predictions are labelled; in the end about 93% are`,
    };
  });
}

export function levelOf(loss: number): Level {
  return loss > 2 ? "CRITICAL" : loss > 1 ? "WARNING" : loss > 0.6 ? "NOTICE" : "OK";
}

export type MockMetric = {
  metric: string;
  title: string;
  unit: string;
  upIsGood: boolean | null;
  low: number | null;
  high: number | null;
  headline: boolean;
  base: number;
  /** A loss that is large. */
  floor: number;
  noise: number;
};

function metric(
  name: string,
  title: string,
  base: number,
  floor: number,
  noise: number,
  more: Partial<MockMetric> = {},
): MockMetric {
  return {
    metric: name,
    title,
    unit: "share",
    upIsGood: true,
    low: 0,
    high: 1,
    headline: false,
    base,
    floor,
    noise,
    ...more,
  };
}

const head = { headline: true };
const error = { unit: "target", upIsGood: false, high: null };

export const METRICS: Record<Kind["task"], MockMetric[]> = {
  binary: [
    metric("accuracy", "Accuracy", 0.842, 0.02, 0.004),
    metric("balanced_accuracy", "Balanced accuracy", 0.623, 0.02, 0.006, head),
    metric("precision", "Precision", 0.581, 0.05, 0.014),
    metric("recall", "Recall", 0.334, 0.05, 0.01),
    metric("f1", "F1", 0.424, 0.05, 0.011),
    metric("specificity", "Specificity", 0.942, 0.02, 0.003),
    metric("roc_auc", "ROC AUC", 0.706, 0.02, 0.006, head),
    metric("pr_auc", "PR AUC (average precision)", 0.468, 0.05, 0.012),
    metric("log_loss", "Log loss", 0.431, 0.03, 0.006, { unit: "number", upIsGood: false, high: null }),
    metric("brier", "Brier score", 0.134, 0.01, 0.002, { unit: "number", upIsGood: false }),
    metric("log_loss_ratio", "Log loss against the base rate", 0.884, 0.05, 0.009, {
      ...head,
      unit: "number",
      upIsGood: false,
      high: null,
    }),
    metric("ece", "Expected calibration error", 0.024, 0.02, 0.004, { upIsGood: false }),
    metric("lift_10", "Lift, top 10 %", 3.12, 0.4, 0.11, { unit: "times", high: 10 }),
    metric("positive_rate", "Share of positives", 0.187, 0.05, 0.005, { upIsGood: null }),
    metric("predicted_positive_rate", "Share predicted positive", 0.108, 0.05, 0.004, { upIsGood: null }),
  ],
  multiclass: [
    metric("accuracy", "Accuracy", 0.913, 0.02, 0.004, head),
    metric("precision_macro", "Precision, mean of classes", 0.871, 0.05, 0.008),
    metric("recall_macro", "Recall, mean of classes", 0.862, 0.05, 0.009, head),
    metric("f1_macro", "F1, mean of classes", 0.866, 0.05, 0.008),
    metric("log_loss_ratio", "Log loss against the base rate", 0.241, 0.05, 0.008, {
      ...head,
      unit: "number",
      upIsGood: false,
      high: null,
    }),
    metric("ece", "Expected calibration error", 0.013, 0.02, 0.003, { upIsGood: false }),
  ],
  regression: [
    metric("mae", "Mean absolute error", 1_284, 128, 22, { ...error, ...head }),
    metric("rmse", "Root mean squared error", 2_012, 201, 40, { ...error, ...head }),
    metric("mape", "Mean absolute percentage error", 0.124, 0.0124, 0.002, { upIsGood: false, high: null }),
    metric("r2", "R²", 0.894, 0.05, 0.006, { unit: "number", low: null }),
    metric("bias", "Mean error", -42, 100, 18, { unit: "target", upIsGood: null, low: null, high: null }),
    metric("error_p05", "Error, 5 % quantile", -2_610, 200, 30, {
      unit: "target",
      upIsGood: null,
      low: null,
      high: null,
    }),
    metric("error_p50", "Error, 50 % quantile", -18, 100, 12, {
      unit: "target",
      upIsGood: null,
      low: null,
      high: null,
    }),
    metric("error_p95", "Error, 95 % quantile", 2_480, 200, 30, {
      unit: "target",
      upIsGood: null,
      low: null,
      high: null,
    }),
  ],
  ranking: [
    metric("ndcg_5", "NDCG@5", 0.612, 0.02, 0.005),
    metric("ndcg_10", "NDCG@10", 0.664, 0.02, 0.005, head),
    metric("map_10", "MAP@10", 0.571, 0.02, 0.005),
    metric("mrr", "Mean reciprocal rank", 0.702, 0.02, 0.006),
    metric("hit_10", "Hit rate @10", 0.884, 0.02, 0.004),
  ],
};

/** The value of a metric at a window: its base, the loss in its bad direction, and luck. */
export function valueAt(kind: Kind, each: MockMetric, index: number, estimated = false): number {
  const random = seeded(index * 31 + each.metric.length * 7 + (estimated ? 3 : 0));
  const bad = each.upIsGood === false ? 1 : each.upIsGood === true ? -1 : 0;
  const loss = kind.loss(dayOf(ends[index])) * (estimated ? 0.7 : 1);
  return each.base + bad * loss * each.floor + each.noise * 0.6 * normal(random) * (kind.few ? 8 : 1);
}
