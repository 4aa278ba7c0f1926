import { percent, statistic } from "../format/number";
import type { DriftMetric } from "../graphql/graphql";

export const METRICS: readonly { value: DriftMetric; text: string; title: string }[] = [
  { value: "PSI", text: "PSI", title: "Population stability index: how far shares moved between groups of values" },
  { value: "KS", text: "KS", title: "Kolmogorov–Smirnov: the largest gap between the two cumulative distributions" },
  { value: "KL", text: "KL", title: "Kullback–Leibler divergence, in nats" },
  { value: "NULLS", text: "Nulls", title: "Share of rows without a value" },
];

export function metricWord(metric: string): string {
  return METRICS.find((each) => each.value === metric)?.text ?? metric;
}

/** A value in its metric's own way: shares in percent, distances as numbers. */
export function metricValue(metric: string, value: number | null | undefined): string {
  return metric.toUpperCase() === "NULLS" ? percent(value) : statistic(value);
}

export function readMetric(text: string | null): DriftMetric {
  return METRICS.find((each) => each.value === text?.toUpperCase())?.value ?? "PSI";
}
