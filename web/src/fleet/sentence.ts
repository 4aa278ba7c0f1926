/** The sentence that answers the page's question: does anything need me now? */

import type { FleetModel } from "../data/fleet";
import { counted } from "../format/number";
import { alertsInWords } from "../settings/cost";

import { countLevels, heldFor } from "./fleetView";

const DAY = 86_400_000;

export function fleetSentence(models: readonly FleetModel[]): string {
  const counts = countLevels(models);
  const unjudged = counts.ERROR + counts.NO_DATA + counts.INSUFFICIENT_DATA;
  if (counts.CRITICAL > 0) {
    const fresh = freshCount(models);
    const verb = counts.CRITICAL === 1 ? "needs" : "need";
    const since =
      fresh === 0 ? "" : counts.CRITICAL === 1 ? ", since yesterday" : `, ${String(fresh)} of them since yesterday`;
    return `${counted(counts.CRITICAL, "model")} ${verb} you now${since}`;
  }
  if (counts.WARNING > 0)
    return `Nothing is critical; ${counted(counts.WARNING, "model")} ${counts.WARNING === 1 ? "is" : "are"} at warning`;
  const open = models.reduce((sum, model) => sum + model.openAlerts, 0);
  if (open > 0) return `No model is raised as a whole; ${counted(open, "alert is", "alerts are")} open`;
  if (unjudged === models.length)
    return models.length === 1 ? "The model could not be judged yet" : "No model could be judged yet";
  if (unjudged > 0)
    return `No drift in the ${counted(models.length - unjudged, "model")} that could be judged; ${String(unjudged)} could not`;
  if (counts.NOTICE > 0)
    return `Nothing is raised; ${counted(counts.NOTICE, "model")} ${counts.NOTICE === 1 ? "is" : "are"} at notice`;
  return models.length === 1
    ? "The one model is inside what chance allows"
    : `All ${counted(models.length, "model")} are inside what chance allows`;
}

/** What the budgets of all models allow: `At most 30 false alerts a month from 1,000 models`. */
export function falseAlertsSentence(perMonth: number, models: number): string {
  return `At most ${alertsInWords(perMonth).replace("fewer than ", "")} from ${counted(models, "model")}`;
}

/** Critical ones that became so within a day. A replay is never fresh: its now is not the reader's. */
function freshCount(models: readonly FleetModel[]): number {
  return models.filter((model) => model.level === "CRITICAL" && model.live && (heldFor(model) ?? Infinity) <= DAY)
    .length;
}
