import type { Sort } from "./fleetView";

/** The heads of the columns, which are also the words of the sort menu. */
export const SORT_WORDS: Record<Sort, string> = {
  state: "State",
  model: "Model",
  raised: "What is raised",
  for: "For",
  traffic: "Predictions a day",
  drifted: "Drifted features",
  alerts: "Open alerts",
  event: "Newest event",
};
