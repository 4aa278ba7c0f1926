import type { FleetModel } from "../data/fleet";
import { exact, percent } from "../format/number";
import type { Level } from "../graphql/graphql";
import { LEVELS, levelClass, levelWord } from "../levels/level";
import { LevelMark } from "../levels/LevelMark";
import { useChangeSearch } from "../navigation/location";
import { Skeleton } from "../pieces/Skeleton";

import { countLevels, levelInAddress } from "./fleetView";

type Props = { models: readonly FleetModel[] | undefined; chosen: Level[] };

/** One tile per state; a tile toggles the filter for it. */
export function FleetStrip({ models, chosen }: Props) {
  const change = useChangeSearch();
  const counts = models ? countLevels(models) : null;
  const toggle = (level: Level) => {
    const next = chosen.includes(level) ? chosen.filter((each) => each !== level) : [...chosen, level];
    change({ state: next.length ? next.map(levelInAddress).join(",") : null });
  };
  return (
    <div className="strip" role="group" aria-label="Models by state; each narrows the list">
      {LEVELS.map((level) => {
        const count = counts?.[level] ?? 0;
        return (
          <button
            key={level}
            type="button"
            className={`tile ${levelClass(level)} ${counts && count === 0 ? "is-empty" : ""}`}
            aria-pressed={chosen.includes(level)}
            onClick={() => {
              toggle(level);
            }}
          >
            <span className="tile-word">
              <LevelMark level={level} />
              <span>{levelWord(level)}</span>
            </span>
            <span className="tile-figure">
              <b>{counts ? exact(count) : <Skeleton width={28} height={16} />}</b>
              {counts && count > 0 && models && <span className="tile-share">{percent(count / models.length)}</span>}
            </span>
          </button>
        );
      })}
    </div>
  );
}
