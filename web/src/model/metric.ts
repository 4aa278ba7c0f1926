import { percent, statistic } from "../format/number";
import type { DriftMetric } from "../graphql/graphql";

export const METRICS: readonly { value: DriftMetric; text: string; title: string }[] = [
  { value: "PSI", text: "PSI", title: "Population stability index: how far shares moved between groups of values" },
  { value: "KS", text: "KS", title: "Kolmogorov–Smirnov: the largest gap between the two cumulative distributions" },
  { value: "KL", text: "KL", title: "Kullback–Leibler divergence, in nats" },
  { value: "NULLS", text: "Nulls", title: "Share of rows without a value" },
];

const SHARES: readonly string[] = ["NULLS", "UNSEEN"];

/** The short word of a metric; findings name them in lower case, the switch in upper case. */
export function metricWord(metric: string): string {
  const known = METRICS.find((each) => each.value === metric.toUpperCase());
  return known?.text ?? metric.charAt(0).toUpperCase() + metric.slice(1).toLowerCase().replaceAll("_", " ");
}

/** A value in its metric's own way: shares in percent, distances as numbers. */
export function metricValue(metric: string, value: number | null | undefined): string {
  return SHARES.includes(metric.toUpperCase()) ? percent(value) : statistic(value);
}

export function readMetric(text: string | null): DriftMetric {
  return METRICS.find((each) => each.value === text?.toUpperCase())?.value ?? "PSI";
}
