import type { DriftMap, ModelDetail } from "../data/model";
import { at } from "../format/time";

import type { Mark } from "./HeatAxis";

/** Deployments (the first event of each version) and binning breaks that fall into the map. */
export function marksOf(model: ModelDetail, drift: DriftMap): Mark[] {
  if (drift.times.length === 0) return [];
  const first = at(drift.times[0]);
  const last = at(drift.times[drift.times.length - 1]);
  const deployed = model.versions.map((version) => ({
    time: at(version.firstEvent),
    kind: "deployed" as const,
    text: version.version,
  }));
  const breaks = model.breaks.map((time) => ({ time: at(time), kind: "break" as const, text: "new bins" }));
  return [...deployed, ...breaks].filter((mark) => mark.time > first && mark.time <= last);
}
