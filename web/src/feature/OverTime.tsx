import { useId, useMemo, useRef, useState, type KeyboardEvent } from "react";

import { DataTable } from "../charts/DataTable";
import { usualStep } from "../charts/heatCanvas";
import { LaneLegend } from "../charts/Legend";
import { linear, nearest } from "../charts/scale";
import { timeTicks } from "../charts/timeTicks";
import type { History } from "../data/column";
import type { ModelDetail } from "../data/model";
import { exact } from "../format/number";
import { alsoUtc, at, lengthOf, moment, zone } from "../format/time";
import type { DriftMetric } from "../graphql/graphql";
import { metricValue, metricWord, RATES } from "../model/metric";
import { Notice } from "../pieces/Notice";
import { PHONE, useMedia } from "../pieces/useMedia";
import { useSize } from "../pieces/useSize";

import { MetricLane } from "./MetricLane";
import { RowsLane } from "./RowsLane";
import { TimeAxis } from "./TimeAxis";

type Props = {
  history: History;
  model: ModelDetail;
  end: string | null;
  onPick: (time: string, isNewest: boolean) => void;
};

const ORDER: readonly DriftMetric[] = ["PSI", "KS", "KL", "MMD", "CENTROID", ...RATES.map((each) => each.value)];

/** Lanes on one time scale with one crosshair. A press, or the arrows, choose the window that the page shows. */
export function OverTime({ history, model, end, onPick }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const how = useId();
  const { width } = useSize(frame, { width: 860, height: 300 });
  const phone = useMedia(PHONE);
  const left = phone ? 36 : 116;
  const plot = Math.max(160, width - left - (phone ? 6 : 112));
  const [hover, setHover] = useState<number | null>(null);
  const times = useMemo(() => history.times.map(at), [history.times]);
  const step = usualStep(times);
  const scale = useMemo(
    () => linear((times[0] ?? 0) - step / 2, (times.at(-1) ?? 1) + step / 2, 0, plot),
    [times, step, plot],
  );
  const xs = useMemo(() => times.map(scale), [times, scale]);
  const pinned = end ? nearest(times, at(end)) : times.length - 1;
  const cursor = hover ?? pinned;
  const ticks = useMemo(
    () => timeTicks(times[0] ?? 0, times.at(-1) ?? 0, Math.max(2, Math.floor(plot / 110))),
    [times, plot],
  );
  if (times.length === 0) {
    return (
      <Notice level="NO_DATA" title="No window in this stretch of time">
        <p>Choose a longer range at the top.</p>
      </Notice>
    );
  }
  const pick = (index: number) => {
    const place = Math.max(0, Math.min(times.length - 1, index));
    onPick(history.times[place], place === times.length - 1);
  };
  const pressed = (event: KeyboardEvent) => {
    const size = event.shiftKey ? 10 : 1;
    const to = { ArrowLeft: pinned - size, ArrowRight: pinned + size, Home: 0, End: times.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    pick(to);
  };
  const lanes = ORDER.flatMap((metric) =>
    history.lines.filter((line) => line.metric === metric && line.values.some((value) => value !== null)),
  );
  const shared = { xs, plot, cursor, gridLines: ticks.map((tick) => scale(tick.time)) };
  return (
    <section className="feature-section" aria-label="Over time">
      <div className="section-head">
        <h2>Over time</h2>
        <span className="quiet small">
          {lengthOf(model.windowSeconds)} windows every {lengthOf(model.gridSeconds)}; distances on a log scale;{" "}
          {zone(times[cursor])}
        </span>
        <LaneLegend />
      </div>
      <p id={how} className="hidden">
        Left and right arrows choose another window.
      </p>
      <div
        ref={frame}
        className="lanes"
        role="slider"
        tabIndex={0}
        aria-label="Window under study"
        aria-describedby={how}
        aria-valuemin={0}
        aria-valuemax={times.length - 1}
        aria-valuenow={pinned}
        aria-valuetext={`window to ${moment(times[pinned])}, ${lanes.map((line) => `${metricWord(line.metric)} ${metricValue(line.metric, line.values[pinned])}`).join(", ")}`}
        onKeyDown={pressed}
        onPointerMove={(event) => {
          const x = event.clientX - event.currentTarget.getBoundingClientRect().left - left;
          setHover(x < 0 || x > plot ? null : nearest(xs, x));
        }}
        onPointerLeave={() => {
          setHover(null);
        }}
        onClick={() => {
          if (hover !== null) pick(hover);
        }}
      >
        {lanes.map((line) => (
          <MetricLane
            key={line.metric}
            line={line}
            tall={line.metric === "PSI" || line.metric === "MMD"}
            widest={scale(step * 1.7) - scale(0)}
            {...shared}
          />
        ))}
        <RowsLane rows={history.rows} windowSeconds={model.windowSeconds} {...shared} />
        <TimeAxis ticks={ticks} scale={scale} plot={plot} cursor={times[cursor]} />
      </div>
      <p className="over-time-foot small quiet">
        {end && hover === null ? (
          <>
            The page shows the window to <b>{moment(times[pinned])}</b>
            {alsoUtc(times[pinned]) && ` (${alsoUtc(times[pinned])})`}.{" "}
            <button
              type="button"
              className="plain-link"
              onClick={() => {
                pick(times.length - 1);
              }}
            >
              Back to the newest
            </button>
          </>
        ) : (
          <>
            Window to {[moment(times[cursor]), alsoUtc(times[cursor])].filter(Boolean).join(", ")}; press to study it.
          </>
        )}
      </p>
      <DataTable
        label="Metrics of every window"
        heads={["Window to", ...lanes.map((line) => metricWord(line.metric)), "Rows"]}
        rows={() =>
          times
            .map((time, index) => [
              moment(time),
              ...lanes.map((line) => metricValue(line.metric, line.values[index])),
              exact(history.rows[index]),
            ])
            .reverse()
        }
      />
    </section>
  );
}
