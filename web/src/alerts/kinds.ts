/** What an alert is about, in words. */

import { upper } from "../format/prose";

const WORDS: Record<string, string> = {
  data_drift: "Data drift",
  prediction_drift: "Prediction drift",
  segment_drift: "Segment drift",
  performance: "Performance",
  estimated_performance: "Estimated performance",
  fairness: "Fairness",
  target_drift: "Target drift",
  concept_drift: "Concept drift",
  custom_metric: "Custom metric",
  no_data: "No data",
  check_failed: "Check failed",
};

/** What alerts about models are of; those of modelwatch about itself are found by its name. */
export const KINDS: readonly string[] = Object.keys(WORDS);

/** What modelwatch watches of itself. */
const OWN: Record<string, string> = {
  monitor_behind: "Counting lags",
  monitor_labels: "Joining labels lags",
  monitor_checks: "Checks lag",
  monitor_messages: "Messages wait",
  monitor_failing_checks: "Checks fail",
  monitor_dead_letters: "Messages given up",
  monitor_channels: "Channels deliver nothing",
  monitor_disk: "Disk",
  monitor_drops: "Senders drop rows",
  monitor_rejects: "Rows are refused",
  monitor_restarts: "Worker restarts",
  monitor_stuck: "A job is stuck",
};

export function kindWord(kind: string): string {
  return WORDS[kind] ?? OWN[kind] ?? upper(kind.replaceAll("_", " "));
}
