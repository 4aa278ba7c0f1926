import { percent, statistic } from "../format/number";
import type { DriftMetric } from "../graphql/graphql";

export const METRICS: readonly { value: DriftMetric; text: string; title: string }[] = [
  { value: "PSI", text: "PSI", title: "Population stability index: how far shares moved between groups of values" },
  { value: "KS", text: "KS", title: "Kolmogorov–Smirnov: the largest gap between the two cumulative distributions" },
  { value: "KL", text: "KL", title: "Kullback–Leibler divergence, in nats" },
  { value: "NULLS", text: "Nulls", title: "Share of rows without a value" },
];

/** Kinds of rows that have no usable value, or one that the reference never had; all are shares of rows. */
export const RATES: readonly { value: DriftMetric; text: string; title: string }[] = [
  { value: "NULLS", text: "Nulls", title: "Share of rows without a value" },
  { value: "NANS", text: "NaN", title: "Share of rows that are not a number" },
  { value: "INFINITE", text: "Infinite", title: "Share of rows with an infinite number" },
  { value: "MISTYPED", text: "Another type", title: "Share of rows whose value has another type" },
  {
    value: "OUTSIDE",
    text: "Out of range",
    title: "Share of rows beyond the smallest and largest value of the reference",
  },
  { value: "UNSEEN", text: "Unseen", title: "Share of rows with a category that the reference never had" },
];

const TESTS: readonly { value: DriftMetric; text: string; title: string }[] = [
  { value: "SMOOTH", text: "Smooth test", title: "Neyman's smooth test: have location or scale moved?" },
  { value: "CHI_SQUARE", text: "Chi-square", title: "Do rows fall into groups alike?" },
];

const VECTORS: readonly { value: DriftMetric; text: string; title: string }[] = [
  { value: "MMD", text: "MMD", title: "Maximum mean discrepancy: how far embeddings have moved, on the scale of PSI" },
  { value: "CENTROID", text: "Middle", title: "How far the middle of embeddings has moved, in units of their spread" },
];

const KNOWN = [...METRICS, ...RATES, ...TESTS, ...VECTORS];

/** What the menu beside the switch offers: kinds of unusable rows, tests of significance, and measures of vectors. */
export const FURTHER = [...RATES.filter((each) => each.value !== "NULLS"), ...TESTS, ...VECTORS];

/** The same for a model: measures of vectors only where it has one. */
export function furtherFor(columns: readonly { kind: string }[]): typeof FURTHER {
  const vectors = columns.some((column) => column.kind === "VECTOR");
  return FURTHER.filter((each) => vectors || !VECTORS.includes(each));
}

/** The measure of size of a column: vectors have one of their own, on the scale of PSI. */
export function sizeMetric(kind: string): DriftMetric {
  return kind === "VECTOR" ? "MMD" : "PSI";
}

/** The short word of a metric; findings name them in lower case, the switch in upper case. */
export function metricWord(metric: string): string {
  const known = KNOWN.find((each) => each.value === metric.toUpperCase());
  return known?.text ?? metric.charAt(0).toUpperCase() + metric.slice(1).toLowerCase().replaceAll("_", " ");
}

export function isRate(metric: string): boolean {
  return RATES.some((each) => each.value === metric.toUpperCase());
}

/** A value in its metric's own way: shares in percent, distances as numbers. */
export function metricValue(metric: string, value: number | null | undefined): string {
  return isRate(metric) ? percent(value) : statistic(value);
}

export function readMetric(text: string | null): DriftMetric {
  return KNOWN.find((each) => each.value === text?.toUpperCase())?.value ?? "PSI";
}
