import type { FleetModel } from "../data/fleet";
import { counted } from "../format/number";
import { isRaised } from "../levels/level";
import { LevelMark } from "../levels/LevelMark";
import { modelPath } from "../navigation/address";
import { Link } from "../navigation/Link";
import { Name } from "../pieces/Name";

import { heldFor } from "./fleetView";
import { Raised } from "./Raised";

const DAY = 86_400_000;

/** What is new since yesterday, and a column that moved in several models at once. Nothing when nothing is. */
export function WhatChanged({ models }: { models: readonly FleetModel[] }) {
  const fresh = models.filter((model) => isRaised(model.level) && model.live && (heldFor(model) ?? Infinity) <= DAY);
  const cause = sharedCause(fresh);
  const critical = fresh.filter((model) => model.level === "CRITICAL").slice(0, 2);
  if (critical.length === 0 && !cause) return null;
  return (
    <section className="changed" aria-label="Since yesterday">
      <h2 className="changed-title">Since yesterday</h2>
      {critical.map((model) => (
        <div key={model.id} className="changed-entry">
          <h3>
            <LevelMark level="CRITICAL" named />
            <Link to={modelPath(model.id)}>
              New: <Name name={model.id} limit={30} />
            </Link>
          </h3>
          <p>
            <Raised model={model} />
          </p>
        </div>
      ))}
      {cause && (
        <div className="changed-entry">
          <h3>
            <LevelMark level="WARNING" named />
            <Link to={`/?q=${encodeURIComponent(cause.column)}`}>
              One cause likely for {counted(cause.count, "model")}
            </Link>
          </h3>
          <p>
            All read{" "}
            <b className="ink">
              <Name name={cause.column} limit={28} />
            </b>
            , and it moved in each of them within a day.
          </p>
        </div>
      )}
    </section>
  );
}

/** The column that is raised in most of the fresh models, when these are at least three. */
export function sharedCause(models: readonly FleetModel[]): { column: string; count: number } | null {
  const counts = new Map<string, number>();
  for (const model of models) {
    for (const column of new Set(model.raised.map((each) => each.column)))
      counts.set(column, (counts.get(column) ?? 0) + 1);
  }
  const [most] = [...counts].sort((a, b) => b[1] - a[1]);
  return most && most[1] >= 3 ? { column: most[0], count: most[1] } : null;
}
