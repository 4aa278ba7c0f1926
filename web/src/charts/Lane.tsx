import { useMemo } from "react";

import { areaPath, laneAxis, linePath, type LaneData } from "./laneGeometry";
import "./charts.css";

type Props = LaneData & {
  xs: readonly number[];
  width: number;
  height: number;
  log: boolean;
  cursor: number;
  label: (value: number) => string;
  /** Names the lines inside the chart, where no legend stands near. */
  named?: boolean;
  widest: number;
  gridLines?: readonly number[];
};

/** One metric over time: what chance allows, the thresholds, the line, and the crosshair. */
export function Lane({ xs, width, height, log, cursor, label, named = false, widest, gridLines = [], ...data }: Props) {
  const { values, chance, warning, critical } = data;
  const axis = useMemo(
    () => laneAxis({ values, chance, warning, critical }, log, height),
    [values, chance, warning, critical, log, height],
  );
  const line = useMemo(() => linePath(xs, values, axis.y, widest), [xs, values, axis, widest]);
  const band = useMemo(() => areaPath(xs, chance, axis.y, height), [xs, chance, axis, height]);
  const edge = useMemo(() => linePath(xs, chance, axis.y, widest), [xs, chance, axis, widest]);
  const value = values[cursor];
  const thresholds = (
    [
      ["warning", warning],
      ["critical", critical],
    ] as const
  ).filter((each): each is ["warning" | "critical", number] => each[1] !== null);
  const lastChance = chance.findLast((each) => each !== null);
  const chanceY =
    lastChance === undefined || lastChance === null
      ? null
      : height - axis.y(lastChance) >= 15
        ? height - 5
        : axis.y(lastChance) - 5;
  const labelled = thresholds
    .map(([kind, at]) => ({ kind, at, y: axis.y(at) + (kind === "critical" ? -4 : 13) }))
    .filter((each) => chanceY === null || Math.abs(each.y - chanceY) > 11);
  return (
    <g>
      {gridLines.map((x) => (
        <path key={x} d={`M${x.toFixed(0)}.5 0V${String(height)}`} stroke="var(--c-grid)" />
      ))}
      <path d={band} fill="var(--c-band)" />
      <path d={edge} fill="none" stroke="var(--c-band-edge)" />
      {thresholds.map(([kind, at]) => (
        <path
          key={kind}
          d={`M0 ${(Math.round(axis.y(at)) + 0.5).toString()}H${String(width)}`}
          stroke={`var(--${kind})`}
          strokeDasharray="4 3"
        />
      ))}
      <path d={line} className="lane-line" />
      {named &&
        labelled.map(({ kind, at, y }) => (
          <text key={kind} className="axis-text halo" x="0" y={y}>{`${label(at)} ${kind}`}</text>
        ))}
      {named && chanceY !== null && (
        <text className="axis-text halo" x="0" y={chanceY}>{`${label(lastChance ?? 0)} chance allows, 99\u2009%`}</text>
      )}
      <path d={`M0 ${(height - 0.5).toString()}H${String(width)}`} stroke="var(--line-strong)" />
      {cursor >= 0 && xs[cursor] !== undefined && (
        <path d={`M${Math.round(xs[cursor]).toString()}.5 0V${String(height)}`} stroke="var(--ink-3)" />
      )}
      {value !== null && value !== undefined && (
        <circle cx={xs[cursor]} cy={axis.y(value)} r="3" className="lane-point" />
      )}
    </g>
  );
}
