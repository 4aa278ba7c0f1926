import { useMemo } from "react";

import { Lane } from "../charts/Lane";
import { laneAxis } from "../charts/laneGeometry";
import type { HistoryLine } from "../data/column";
import { percentDigits } from "../format/number";
import type { DriftMetric } from "../graphql/graphql";
import { isRate, metricValue, metricWord } from "../model/metric";

type Props = {
  line: HistoryLine;
  tall: boolean;
  widest: number;
  xs: readonly number[];
  plot: number;
  cursor: number;
  gridLines: readonly number[];
};

const WHAT: Partial<Record<DriftMetric, string>> = {
  PSI: "shares moved",
  SMOOTH: "certainty",
  CHI_SQUARE: "certainty",
  KS: "largest gap",
  KL: "nats",
  MMD: "features moved",
  CENTROID: "middle moved",
};

/** One metric: its name and axis at the left, the lane, the value at the crosshair at the right. */
export function MetricLane({ line, tall, widest, xs, plot, cursor, gridLines }: Props) {
  const height = tall ? 108 : 72;
  const log = !isRate(line.metric);
  const { values, chance, thresholdWarning: warning, thresholdCritical: critical } = line;
  const axis = useMemo(
    () => laneAxis({ values, chance, warning, critical }, log, height),
    [values, chance, warning, critical, log, height],
  );
  const thresholds = [critical, warning].filter((each): each is number => each !== null);
  const labels = [...thresholds, ...axis.ticks].reduce<number[]>(
    (kept, tick) => (kept.every((each) => Math.abs(axis.y(each) - axis.y(tick)) > 9) ? [...kept, tick] : kept),
    [],
  );
  const text = (value: number) => (log ? String(Number(value.toPrecision(2))).replace(/^0/, "") : percentDigits(value));
  const allowed = chance[cursor];
  return (
    <div className="lane">
      <div className="lane-title">
        <h3>{metricWord(line.metric)}</h3>
        <span className="quiet small">{WHAT[line.metric] ?? "% of rows"}</span>
      </div>
      <svg width={plot + 36} height={height} className="lane-plot" aria-hidden="true">
        {labels.map((tick) => (
          <text
            key={tick}
            className="axis-text"
            x="30"
            y={Math.min(height - 2, Math.max(10, axis.y(tick) + 4))}
            textAnchor="end"
          >
            {text(tick)}
          </text>
        ))}
        <g transform="translate(36 0)">
          <Lane
            xs={xs}
            values={values}
            chance={chance}
            warning={warning}
            critical={critical}
            width={plot}
            height={height}
            log={log}
            cursor={cursor}
            label={text}
            widest={widest}
            gridLines={gridLines}
          />
        </g>
      </svg>
      <div className="lane-readout number">
        <b>{metricValue(line.metric, values[cursor])}</b>
        <span className="quiet small">
          {allowed === null || allowed === undefined ? "" : `chance ≤ ${metricValue(line.metric, allowed)}`}
        </span>
      </div>
    </div>
  );
}
