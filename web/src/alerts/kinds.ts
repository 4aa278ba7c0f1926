/** What an alert is about, in words. */

import { upper } from "../format/prose";

const WORDS: Record<string, string> = {
  data_drift: "Data drift",
  prediction_drift: "Prediction drift",
  performance: "Performance",
  estimated_performance: "Estimated performance",
  fairness: "Fairness",
  target_drift: "Target drift",
  concept_drift: "Concept drift",
  custom_metric: "Custom metric",
  no_data: "No data",
  check_failed: "Check failed",
};

export const KINDS: readonly string[] = Object.keys(WORDS);

export function kindWord(kind: string): string {
  return WORDS[kind] ?? upper(kind.replaceAll("_", " "));
}
