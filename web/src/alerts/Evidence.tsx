import { useMemo, useRef } from "react";

import { usualStep } from "../charts/heatCanvas";
import { Lane } from "../charts/Lane";
import { linear } from "../charts/scale";
import { timeTicks } from "../charts/timeTicks";
import type { AlertDetail } from "../data/alerts";
import { useColumn } from "../data/column";
import { at, moment, zone } from "../format/time";
import { isRate, metricValue, metricWord, readMetric } from "../model/metric";
import { Name } from "../pieces/Name";
import { useSize } from "../pieces/useSize";

import { worstItem } from "./worstItem";

const HEIGHT = 200;

/** The worst finding over time, from well before the alert until it was last checked; red where it fires. */
export function Evidence({ alert }: { alert: AlertDetail }) {
  const frame = useRef<HTMLDivElement>(null);
  const { width } = useSize(frame, { width: 860, height: HEIGHT });
  const item = worstItem(alert);
  const opened = at(alert.openedAt);
  const until = at(alert.resolvedAt ?? alert.checkedAt);
  const around = Math.max(86_400_000, (until - opened) * 0.4);
  const bounds = {
    start: new Date(opened - around).toISOString(),
    end: new Date(until + (alert.resolvedAt ? around / 2 : 0)).toISOString(),
  };
  const key = { id: alert.modelId, environment: alert.environment, version: alert.version };
  const asked = item ? { name: item.column, role: item.role, segment: item.segment ?? "" } : null;
  const column = useColumn(key, asked, null, bounds, alert.checkedAt).data?.model?.column;
  const metric = readMetric(item?.metric ?? null);
  const line = column?.history.lines.find((each) => each.metric === metric);
  const times = useMemo(() => column?.history.times.map(at) ?? [], [column]);
  const step = usualStep(times);
  const start = times[0] ?? opened - around;
  const end = Math.max(times.at(-1) ?? until, until);
  const scale = linear(start, end, 0, width - 6);
  const ticks = timeTicks(start, end, Math.max(2, Math.floor(width / 120)));
  const fires = Math.max(0, scale(opened));
  const stops = Math.min(width - 6, scale(until));
  if (!item) return null;
  return (
    <section className="alert-section" aria-label="Evidence">
      <h2>
        Evidence{" "}
        <span className="quiet">
          {metricWord(metric)} of <Name name={item.column} limit={30} />
          {item.segment && (
            <>
              {" "}
              in <Name name={item.segment} limit={30} />
            </>
          )}
          , {isRate(metric) ? "share of rows" : "log scale"}; {zone(opened)}
        </span>
      </h2>
      <div ref={frame}>
        <svg
          width={width}
          height={HEIGHT + 20}
          role="img"
          aria-label={`${metricWord(metric)} of ${item.column} over time; firing since ${moment(opened)}`}
        >
          <rect x={fires} width={Math.max(0, stops - fires)} height={HEIGHT} fill="var(--c-firing)" />
          {line && (
            <Lane
              xs={times.map(scale)}
              values={line.values}
              chance={line.chance}
              warning={line.thresholdWarning}
              critical={line.thresholdCritical}
              width={width - 6}
              height={HEIGHT}
              log={!isRate(metric)}
              cursor={-1}
              label={(value) => metricValue(line.metric, value)}
              named
              widest={scale(step * 1.7) - scale(0)}
              gridLines={ticks.map((tick) => scale(tick.time))}
            />
          )}
          <path d={`M${Math.round(fires).toString()}.5 0V${String(HEIGHT)}`} stroke="var(--critical)" />
          <text
            className="axis-text is-strong halo"
            x={fires + (fires > width - 190 ? -6 : 6)}
            y={HEIGHT * 0.62}
            textAnchor={fires > width - 190 ? "end" : "start"}
          >{`opened ${moment(opened)}`}</text>
          {ticks.map((tick) => (
            <text
              key={tick.time}
              className="axis-text"
              x={Math.max(16, Math.min(width - 22, scale(tick.time)))}
              y={HEIGHT + 15}
              textAnchor="middle"
            >
              {tick.text}
            </text>
          ))}
        </svg>
      </div>
    </section>
  );
}
