/** Which page shows all of what an item of an alert is about. Pure. */

import type { AlertDetail, AlertItem } from "../data/alerts";
import { featurePath, modelPath } from "../navigation/address";
import { withSearch } from "../navigation/location";

type Of = Pick<AlertDetail, "modelId" | "environment" | "version">;

/** The page of an item: its feature, or the part of the model's page that holds its figure. */
export function evidenceLink(
  alert: Of & Pick<AlertDetail, "checkedAt">,
  item: AlertItem,
): { to: string; text: string } | null {
  const here = { env: alert.environment === "production" ? null : alert.environment, version: alert.version };
  if (item.figure === null)
    return {
      to:
        featurePath(alert.modelId, item.role, item.column) +
        withSearch("", { ...here, segment: item.segment, end: alert.checkedAt }),
      text: "Open feature",
    };
  const tab = (name: string, more: Record<string, string | null> = {}) =>
    modelPath(alert.modelId) + withSearch("", { ...here, tab: name, ...more });
  switch (item.figure.subject) {
    case "performance":
    case "estimated_performance":
      return { to: tab("performance", { measure: item.metric }), text: "Open performance" };
    case "target_drift":
      return { to: tab("performance"), text: "Open performance" };
    case "fairness":
      return { to: tab("fairness"), text: "Open fairness" };
    case "concept_drift":
      return { to: tab("concept"), text: "Open concept drift" };
    default:
      return null;
  }
}

/** The model's page at the stretch of time around the alert. */
export function driftAround(alert: Of, bounds: { start: string | null; end: string | null }, segment = ""): string {
  const { start, end } = bounds;
  return (
    modelPath(alert.modelId) +
    withSearch("", {
      env: alert.environment === "production" ? null : alert.environment,
      version: alert.version,
      range: start !== null && end !== null ? `${short(start)}/${short(end)}` : null,
      segment: segment || null,
    })
  );
}

function short(time: string): string {
  return time.replace(/(:\d\d)?(\.\d+)?Z$/, "Z").replace(/T(\d\d)Z$/, "T$1:00Z");
}
