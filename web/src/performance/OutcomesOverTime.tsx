import { useId, useMemo, useRef, useState, type KeyboardEvent } from "react";

import { DataTable } from "../charts/DataTable";
import { usualStep } from "../charts/heatCanvas";
import { linear, nearest } from "../charts/scale";
import { timeTicks } from "../charts/timeTicks";
import type { MetricFacts, OutcomeWindow, PerformanceLine } from "../data/performance";
import { TimeAxis } from "../feature/TimeAxis";
import { exact, percent } from "../format/number";
import { at, moment, zone } from "../format/time";
import { PHONE, useMedia } from "../pieces/useMedia";
import { useSize } from "../pieces/useSize";

import { CoverageStrip } from "./CoverageStrip";
import { MetricOverTime } from "./MetricOverTime";
import { axisLabels, outcomeAxis } from "./outcomeAxis";
import { OutcomeLegend } from "./OutcomeLegend";
import { CoverageReadout, MetricReadout } from "./Readouts";
import { coverageText, intervalText, valueText, windowText } from "./words";

type Props = {
  windows: readonly OutcomeWindow[];
  line: PerformanceLine | undefined;
  facts: MetricFacts | undefined;
  title: string;
  pinned: number;
  onPick: (index: number) => void;
};

const HEIGHT = 208;
const STRIP = 56;

/** The chosen metric and the labels that it rests on, on one time scale. A press, or the arrows, choose the window. */
export function OutcomesOverTime({ windows, line, facts, title, pinned, onPick }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const how = useId();
  const hatch = `hatch${useId().replace(/\W/g, "")}`;
  const { width } = useSize(frame, { width: 860, height: 300 });
  const phone = useMedia(PHONE);
  const left = phone ? 36 : 116;
  const plot = Math.max(160, width - left - (phone ? 6 : 196));
  const [hover, setHover] = useState<number | null>(null);
  const times = useMemo(() => windows.map((window) => at(window.end)), [windows]);
  const step = usualStep(times);
  const scale = useMemo(
    () => linear((times[0] ?? 0) - step / 2, (times.at(-1) ?? 1) + step / 2, 0, plot),
    [times, step, plot],
  );
  const xs = useMemo(() => times.map(scale), [times, scale]);
  const cursor = Math.min(hover ?? pinned, windows.length - 1);
  const ticks = useMemo(
    () => timeTicks(times[0] ?? 0, times.at(-1) ?? 0, Math.max(2, Math.floor(plot / 110))),
    [times, plot],
  );
  const axis = useMemo(() => outcomeAxis(line, windows, facts, HEIGHT), [line, windows, facts]);
  const pick = (index: number) => {
    onPick(Math.max(0, Math.min(windows.length - 1, index)));
  };
  const pressed = (event: KeyboardEvent) => {
    const size = event.shiftKey ? 10 : 1;
    const to = { ArrowLeft: pinned - size, ArrowRight: pinned + size, Home: 0, End: windows.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    pick(to);
  };
  const widest = scale(step * 1.7) - scale(0);
  const shared = { xs, plot, cursor, hatch, widest };
  return (
    <section className="feature-section" aria-label={`${title} over time`}>
      <div className="section-head">
        <h2>{title} over time</h2>
        <OutcomeLegend hatch={hatch} line={line} facts={facts} />
      </div>
      <p id={how} className="hidden">
        Left and right arrows choose another window.
      </p>
      <div
        ref={frame}
        className="lanes outcome-lanes"
        role="slider"
        tabIndex={0}
        aria-label="Window under study"
        aria-describedby={how}
        aria-valuemin={0}
        aria-valuemax={windows.length - 1}
        aria-valuenow={pinned}
        aria-valuetext={`window ${windowText(windows[pinned])}, ${title} ${valueText(facts, line?.values[pinned])} ${intervalText(facts, line?.lows[pinned], line?.highs[pinned])}, ${coverageText(windows[pinned])}`}
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
        <svg width="0" height="0" className="outcome-defs" aria-hidden="true">
          <defs>
            <pattern id={hatch} width="6" height="6" patternUnits="userSpaceOnUse">
              <path d="M-1 7L7 -1M-1 1L1 -1M5 7L7 5" className="hatch-line" />
            </pattern>
          </defs>
        </svg>
        <div className="lane">
          <div className="lane-title">
            <h3>{title}</h3>
            <span className="quiet small">95{"\u2009"}% interval</span>
          </div>
          <svg width={plot + 36} height={HEIGHT} className="lane-plot" aria-hidden="true">
            {axisLabels(line, axis).map(({ at: value, limit }) => (
              <text
                key={value}
                className={limit ? "axis-text is-ink" : "axis-text"}
                x="31"
                y={axis.y(value) + 4}
                textAnchor="end"
              >
                {valueText(facts, value)}
              </text>
            ))}
            <g transform="translate(36 0)">
              <MetricOverTime
                line={line}
                windows={windows}
                axis={axis}
                height={HEIGHT}
                gridLines={ticks.map((tick) => scale(tick.time))}
                {...shared}
              />
            </g>
          </svg>
          <MetricReadout line={line} facts={facts} window={windows[cursor]} place={cursor} />
        </div>
        <div className="lane">
          <div className="lane-title">
            <h3>Labels</h3>
            <span className="quiet small">% of rows</span>
          </div>
          <svg width={plot + 36} height={STRIP} className="lane-plot" aria-hidden="true">
            <text className="axis-text" x="31" y="10" textAnchor="end">
              100
            </text>
            <text className="axis-text" x="31" y={STRIP - 1} textAnchor="end">
              0
            </text>
            <g transform="translate(36 0)">
              <CoverageStrip windows={windows} height={STRIP} {...shared} />
            </g>
          </svg>
          <CoverageReadout window={windows[cursor]} />
        </div>
        <TimeAxis ticks={ticks} scale={scale} plot={plot} cursor={times[cursor]} />
      </div>
      <p className="over-time-foot small quiet">
        {windowText(windows[cursor])}, {zone(times[cursor])}; press, or use the arrows, to study another window.
      </p>
      <DataTable
        label={`${title} and labels of every window`}
        heads={["Window to", title, "95 % interval", "Estimate", "Labelled", "Predictions"]}
        rows={() =>
          windows
            .map((window, index) => [
              moment(at(window.end)),
              valueText(facts, line?.values[index]) + (window.mature ? "" : " so far"),
              intervalText(facts, line?.lows[index], line?.highs[index]),
              valueText(facts, line?.estimated[index]),
              percent(window.coverage),
              exact(Math.round(window.seen)),
            ])
            .reverse()
        }
      />
    </section>
  );
}
