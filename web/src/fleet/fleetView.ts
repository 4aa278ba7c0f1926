/** Which models the fleet shows and in which order, read from the address. Pure, so that it can be tested. */

import type { FleetModel } from "../data/fleet";
import { at } from "../format/time";
import type { Level } from "../graphql/graphql";
import { LEVELS, levelRank } from "../levels/level";
import { closeness } from "../shell/find";

export const SORTS = ["state", "model", "raised", "for", "traffic", "drifted", "alerts", "event"] as const;
export type Sort = (typeof SORTS)[number];

export type FleetView = { levels: Level[]; words: string; environment: string | null; sort: Sort; reversed: boolean };

export function readView(search: URLSearchParams): FleetView {
  const sort = search.get("sort") ?? "state";
  const name = sort.replace(/^-/, "") as Sort;
  const wanted = (search.get("state") ?? "").toUpperCase().replaceAll("-", "_").split(",");
  return {
    levels: LEVELS.filter((level) => wanted.includes(level)),
    words: search.get("q") ?? "",
    environment: search.get("env"),
    sort: SORTS.includes(name) ? name : "state",
    reversed: sort.startsWith("-"),
  };
}

/** A level as the address writes it. */
export function levelInAddress(level: Level): string {
  return level.toLowerCase().replaceAll("_", "-");
}

/** Milliseconds for which a model has had its level, by its own now; null when unknown or when nothing is wrong. */
export function heldFor(model: Pick<FleetModel, "since" | "now" | "level">): number | null {
  return model.since && model.level !== "OK" ? at(model.now) - at(model.since) : null;
}

/** How far beyond its line the worst raised column is: the order within one level. */
function badness(model: FleetModel): number {
  return Math.max(0, ...model.raised.map((each) => each.value));
}

const ascending: Record<Sort, (a: FleetModel, b: FleetModel) => number> = {
  state: (a, b) => levelRank(a.level) - levelRank(b.level) || b.drifted - a.drifted || badness(b) - badness(a),
  model: (a, b) => byName(a, b),
  raised: (a, b) => badness(b) - badness(a),
  for: (a, b) => (heldFor(b) ?? -1) - (heldFor(a) ?? -1),
  traffic: (a, b) => b.predictionsPerDay - a.predictionsPerDay,
  drifted: (a, b) => b.drifted - a.drifted || b.columns - a.columns,
  alerts: (a, b) => b.openAlerts - a.openAlerts,
  event: (a, b) => at(b.now) - at(a.now),
};

function byName(a: FleetModel, b: FleetModel): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/** The models that pass the filters, sorted; ties by name, so that nothing jumps between two answers. */
export function arrange(models: readonly FleetModel[], view: FleetView): FleetModel[] {
  const order = ascending[view.sort];
  const sign = view.reversed ? -1 : 1;
  return matching(models, view)
    .filter((model) => view.levels.length === 0 || view.levels.includes(model.level))
    .sort((a, b) => sign * order(a, b) || byName(a, b));
}

/** What passes the words and the environment; the strip counts these, so that its numbers are what a press will show. */
export function matching(models: readonly FleetModel[], view: FleetView): FleetModel[] {
  return models.filter(
    (model) =>
      (view.environment === null || model.environment === view.environment) &&
      (view.words === "" ||
        closeness(`${model.id} ${model.version} ${model.raised.map((each) => each.column).join(" ")}`, view.words) !==
          null),
  );
}

export function countLevels(models: readonly FleetModel[]): Record<Level, number> {
  const counts = Object.fromEntries(LEVELS.map((level) => [level, 0])) as Record<Level, number>;
  for (const model of models) counts[model.level] += 1;
  return counts;
}
