import type { DriftLine } from "../data/model";
import { NOTHING, statistic } from "../format/number";
import { at, dayOnly } from "../format/time";
import type { DriftMetric } from "../graphql/graphql";
import { LevelMark } from "../levels/LevelMark";
import { Name } from "../pieces/Name";

import { metricValue } from "./metric";

type Props = {
  id: string;
  line: DriftLine;
  /** The window under the line, null for the newest. */ pinned: number | null;
  top: number;
  selected: boolean;
  onSelect: () => void;
  onOpen: () => void;
};

const KINDS = { NUMERIC: "123", CATEGORY: "abc", BOOLEAN: "y/n", VECTOR: "[ ]" } as const;

function newestOf(line: DriftLine, metric: DriftMetric): number | null {
  const known: Partial<Record<DriftMetric, number | null>> = {
    PSI: line.psi,
    KS: line.ks,
    KL: line.kl,
    NULLS: line.nulls,
    MMD: line.mmd,
  };
  return metric in known ? (known[metric] ?? null) : (line.values.at(-1) ?? null);
}

/** What stands left and right of one line of the map. */
export function DriftRow({ id, line, pinned, top, selected, onSelect, onOpen }: Props) {
  const metric = line.metric;
  const now = newestOf(line, metric);
  const other = metric === "KS" ? line.psi : line.ks;
  const level = pinned === null ? line.level : line.levels[pinned];
  const calm = level === "OK" || level === "INSUFFICIENT_DATA" || level === "NO_DATA";
  return (
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions -- the map around it takes the keys
    <div
      id={id}
      className={`drift-row ${selected ? "is-selected" : ""} ${calm ? "is-calm" : ""}`}
      style={{ top }}
      onClick={onSelect}
      onDoubleClick={onOpen}
    >
      <span className="drift-name">
        <LevelMark level={level} named />
        <Name name={line.name} limit={22} />
      </span>
      <span
        className="drift-kind"
        title={line.role === "FEATURE" ? line.kind.toLowerCase() : line.role.toLowerCase().replaceAll("_", " ")}
      >
        {line.role === "FEATURE" ? KINDS[line.kind] : line.role === "TAG" ? "tag" : "out"}
      </span>
      <span />
      <span className="number drift-now">{metricValue(metric, pinned === null ? now : line.values[pinned])}</span>
      <span className="number quiet">{pinned === null ? statistic(other) : metricValue(metric, now)}</span>
      <span className="number quiet">{line.since && line.level !== "OK" ? dayOnly(at(line.since)) : NOTHING}</span>
    </div>
  );
}
