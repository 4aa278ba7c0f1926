import { useMemo, useRef, useState, type ReactNode } from "react";

import { usualStep } from "../charts/heatCanvas";
import { linear, nearest } from "../charts/scale";
import { timeTicks } from "../charts/timeTicks";
import type { AlertDetail } from "../data/alerts";
import type { ModelDetail } from "../data/model";
import { plainName } from "../format/name";
import { at, moment } from "../format/time";
import { levelClass } from "../levels/level";
import { useSize } from "../pieces/useSize";

import { isOpen } from "./status";

export const EVIDENCE_HEIGHT = 200;

/** What a chart draws itself on: places of the windows, the one under the pointer (-1 for none), and the grid. */
export type Plot = { xs: number[]; width: number; cursor: number; gridLines: number[]; widest: number };

/** How far from the left the names of the thresholds reach. */
const LABELLED = 130;

type Props = {
  alert: AlertDetail;
  model: ModelDetail | null | undefined;
  times: readonly number[];
  label: string;
  /** What the window under the pointer says. */
  readout: (index: number) => string;
  /** Where the words at the line stand, as a part of the height. */
  wordsAt?: number;
  children: (plot: Plot) => ReactNode;
};

/** The frame of the evidence: the time axis, where the alert fires, when versions began, and a crosshair. */
export function EvidenceChart({ alert, model, times, label, readout, wordsAt = 0.62, children }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const { width: whole } = useSize(frame, { width: 860, height: EVIDENCE_HEIGHT });
  const width = whole - 6;
  const [hover, setHover] = useState<number | null>(null);
  const opened = at(alert.openedAt);
  const until = at(alert.resolvedAt ?? alert.checkedAt);
  const start = Math.min(times[0] ?? opened, opened);
  const end = Math.max(times.at(-1) ?? until, until);
  const scale = useMemo(() => linear(start, end, 0, width), [start, end, width]);
  const xs = useMemo(() => times.map(scale), [times, scale]);
  const ticks = timeTicks(start, end, Math.max(2, Math.floor(width / 120)));
  const plot = {
    xs,
    width,
    cursor: hover ?? -1,
    gridLines: ticks.map((tick) => scale(tick.time)),
    widest: scale(usualStep(times) * 1.7) - scale(0),
  };
  const fires = Math.max(0, scale(opened));
  const stops = Math.min(width, scale(until));
  const near = fires > width - 190;
  const began = model?.versions
    .map((each) => ({ version: each.version, time: at(each.firstEvent) }))
    .filter((each) => each.time > start && each.time < end);
  return (
    <div
      ref={frame}
      className={`evidence ${levelClass(alert.level)}`}
      onPointerMove={(event) => {
        const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
        setHover(xs.length === 0 || x > width ? null : nearest(xs, x));
      }}
      onPointerLeave={() => {
        setHover(null);
      }}
    >
      <p className="evidence-readout axis-text" aria-hidden="true">
        {hover === null ? "" : `${moment(times[hover])} · ${readout(hover)}`}
      </p>
      <svg width={whole} height={EVIDENCE_HEIGHT + 20} role="img" aria-label={label}>
        <rect x={fires} width={Math.max(2, stops - fires)} height={EVIDENCE_HEIGHT} className="firing-shape" />
        {children(plot)}
        {began?.map(({ version, time }) => (
          <g key={version}>
            <path d={`M${Math.round(scale(time)).toString()}.5 0V${String(EVIDENCE_HEIGHT)}`} stroke="var(--ink-3)" />
            <text
              className="axis-text halo"
              x={scale(time) + (scale(time) < 110 ? 6 : -6)}
              y={EVIDENCE_HEIGHT * 0.5}
              textAnchor={scale(time) < 110 ? "start" : "end"}
            >{`${plainName(version)} began`}</text>
          </g>
        ))}
        <path d={`M${Math.round(fires).toString()}.5 0V${String(EVIDENCE_HEIGHT)}`} className="firing-line" />
        <text
          className="axis-text is-strong halo"
          x={fires + (near ? -6 : 6)}
          y={fires < LABELLED ? 14 : EVIDENCE_HEIGHT * wordsAt}
          textAnchor={near ? "end" : "start"}
        >{`${isOpen(alert.status) ? "firing since" : "fired from"} ${moment(opened)}`}</text>
        {ticks.map((tick) => (
          <text
            key={tick.time}
            className="axis-text"
            x={Math.max(16, Math.min(width - 16, scale(tick.time)))}
            y={EVIDENCE_HEIGHT + 15}
            textAnchor="middle"
          >
            {tick.text}
          </text>
        ))}
      </svg>
    </div>
  );
}
