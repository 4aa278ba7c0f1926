import type { DriftLine, DriftMap } from "../data/model";
import { exact } from "../format/number";
import { alsoUtc, at, moment } from "../format/time";
import { levelWord } from "../levels/level";
import { Name } from "../pieces/Name";

import { metricValue, metricWord } from "./metric";

type Props = { line: DriftLine; drift: DriftMap; column: number; x: number; y: number; width: number };

/** Value, local time and rows, then UTC and what chance allows. It turns to the left before it leaves the map. */
export function HeatTooltip({ line, drift, column, x, y, width }: Props) {
  const time = at(drift.times[column]);
  const value = line.values[column];
  const level = line.levels[column];
  const turned = x > width - 220;
  return (
    <div
      className="tooltip"
      aria-hidden="true"
      style={{ left: turned ? x - 12 : x + 12, top: y + 18, transform: turned ? "translateX(-100%)" : "none" }}
    >
      <div>
        <b>
          <Name name={line.name} limit={28} />, {metricWord(line.metric)} {metricValue(line.metric, value)}
        </b>{" "}
        <span className="quiet">{value === null ? "no data" : levelWord(level).toLowerCase()}</span>
      </div>
      <div className="second">
        {moment(time)}, n = {exact(drift.rows[column] ?? 0)}
      </div>
      <div className="quiet">
        {[alsoUtc(time), line.chance === null ? "" : `chance ≤ ${metricValue(line.metric, line.chance)}`]
          .filter(Boolean)
          .join(", ")}
      </div>
    </div>
  );
}

/** The same cell as one sentence, to be read out. */
export function cellInWords(line: DriftLine, drift: DriftMap, column: number): string {
  const value = line.values[column];
  const level = line.levels[column];
  const figure =
    value === null || value === undefined
      ? "no data"
      : `${metricWord(line.metric)} ${metricValue(line.metric, value)}, ${levelWord(level).toLowerCase()}`;
  return `${line.name || "(empty name)"}, ${figure}, ${moment(at(drift.times[column]))}, ${exact(drift.rows[column] ?? 0)} rows`;
}
