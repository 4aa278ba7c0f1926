import { useMemo } from "react";

import { Lane } from "../charts/Lane";
import { linear, nearest } from "../charts/scale";
import { usualStep } from "../charts/heatCanvas";
import type { History } from "../data/column";
import { at, day } from "../format/time";
import type { DriftMetric } from "../graphql/graphql";

import { metricValue, metricWord } from "./metric";

type Props = { history: History; metric: DriftMetric; end: string | null; width: number };

const HEIGHT = 104;

/** One metric over time, small: with its lines named inside, and the value at the chosen window in the title. */
export function SmallLane({ history, metric, end, width }: Props) {
  const line = history.lines.find((each) => each.metric === metric);
  const times = useMemo(() => history.times.map(at), [history.times]);
  const step = usualStep(times);
  const scale = useMemo(() => linear(times[0] ?? 0, times.at(-1) ?? 1, 0, width - 4), [times, width]);
  const xs = useMemo(() => times.map(scale), [times, scale]);
  if (!line || times.length === 0) return null;
  const cursor = end ? nearest(times, at(end)) : times.length - 1;
  return (
    <section>
      <h3>
        {metricWord(metric)} over time{" "}
        <span className="quiet">
          log scale; {metricValue(metric, line.values[cursor])} {end ? "at the line" : "now"}
        </span>
      </h3>
      <svg
        width={width}
        height={HEIGHT + 18}
        role="img"
        aria-label={`${metricWord(metric)} over time on a log scale, ${metricValue(metric, line.values[cursor])} now`}
      >
        <Lane
          xs={xs}
          values={line.values}
          chance={line.chance}
          warning={line.thresholdWarning}
          critical={line.thresholdCritical}
          width={width - 4}
          height={HEIGHT}
          log
          cursor={cursor}
          label={(value) => metricValue(metric, value)}
          named
          widest={scale(step * 1.7) - scale(0)}
        />
        <text className="axis-text" y={HEIGHT + 14}>
          {day(times[0])}
        </text>
        <text className="axis-text" x={width - 4} y={HEIGHT + 14} textAnchor="end">
          {day(times[times.length - 1])}
        </text>
      </svg>
    </section>
  );
}
