import { linePath } from "../charts/laneGeometry";
import { bandPath, runsOf } from "../charts/unitPlotGeometry";
import type { OutcomeWindow, PerformanceLine } from "../data/performance";
import { isRaised } from "../levels/level";

import { halves, type OutcomeAxis } from "./outcomeAxis";

type Props = {
  line: PerformanceLine | undefined;
  windows: readonly OutcomeWindow[];
  axis: OutcomeAxis;
  xs: readonly number[];
  plot: number;
  height: number;
  cursor: number;
  hatch: string;
  gridLines: readonly number[];
  widest: number;
};

/** One metric over time: as realized with its interval, as estimated before labels, against baseline and thresholds. */
export function MetricOverTime({ line, windows, axis, xs, plot, height, cursor, hatch, ...rest }: Props) {
  const { gridLines, widest } = rest;
  const { y } = axis;
  const edges = halves(xs, widest / 2);
  const settled = (values: readonly (number | null)[]) =>
    values.map((value, index) => (windows[index]?.mature ? value : null));
  const realized = line ? settled(line.values) : [];
  const few = xs.length <= 40;
  return (
    <g>
      {gridLines.map((x) => (
        <path key={x} d={`M${x.toFixed(0)}.5 0V${String(height)}`} stroke="var(--c-grid)" />
      ))}
      {axis.ticks.map((tick) => (
        <path key={tick} d={`M0 ${(Math.round(y(tick)) + 0.5).toString()}H${String(plot)}`} stroke="var(--c-grid)" />
      ))}
      <Awaited windows={windows} edges={edges} plot={plot} height={height} hatch={hatch} />
      {line && <path d={bandPath(xs, line.estimatedLows, line.estimatedHighs, y, widest)} className="estimated-band" />}
      {line && <path d={bandPath(xs, settled(line.lows), settled(line.highs), y, widest)} className="realized-band" />}
      {line && <Limits line={line} axis={axis} plot={plot} />}
      {line && <path d={linePath(xs, line.estimated, y, widest)} className="estimated-line" />}
      <path d={linePath(xs, realized, y, widest)} className="realized-line" />
      {few &&
        realized.map((value, index) =>
          value === null ? null : <circle key={index} cx={xs[index]} cy={y(value)} r="2" className="realized-point" />,
        )}
      {line?.values.map((value, index) =>
        value === null || windows[index].mature || value < axis.low || value > axis.high ? null : (
          <circle key={index} cx={xs[index]} cy={y(value)} r="2.5" className="awaited-point" />
        ),
      )}
      {line && <EstimateName xs={xs} line={line} realized={realized} y={y} plot={plot} />}
      {line?.levels.map((level, index) =>
        level !== null && isRaised(level) && windows[index].mature ? (
          <rect
            key={index}
            x={edges[index].left}
            width={Math.max(1, edges[index].right - edges[index].left)}
            y={height - 4}
            height="4"
            className={level === "CRITICAL" ? "heat-fill-6" : "heat-fill-4"}
          />
        ) : null,
      )}
      <path d={`M0 ${(height - 0.5).toString()}H${String(plot)}`} stroke="var(--line-strong)" />
      {xs[cursor] !== undefined && (
        <path d={`M${Math.round(xs[cursor]).toString()}.5 0V${String(height)}`} stroke="var(--ink-3)" />
      )}
      {line && <CursorPoints line={line} windows={windows} axis={axis} xs={xs} cursor={cursor} />}
    </g>
  );
}

/** The baseline, and the values from which on a loss is large; the legend and the axis name them. */
function Limits({ line, axis, plot }: { line: PerformanceLine; axis: OutcomeAxis; plot: number }) {
  const limits = [
    { name: "baseline", at: line.baseline, stroke: "var(--c-reference)", dash: undefined },
    { name: "warning", at: line.thresholdWarning, stroke: "var(--warning)", dash: "4 3" },
    { name: "critical", at: line.thresholdCritical, stroke: "var(--critical)", dash: "4 3" },
  ].filter((each): each is typeof each & { at: number } => each.at !== null);
  return limits.map(({ name, at, stroke, dash }) => (
    <path
      key={name}
      d={`M0 ${(Math.round(axis.y(at)) + 0.5).toString()}H${String(plot)}`}
      stroke={stroke}
      strokeDasharray={dash}
    />
  ));
}

type AwaitedProps = {
  windows: readonly OutcomeWindow[];
  edges: readonly { left: number; right: number }[];
  plot: number;
  height: number;
  hatch: string;
};

/** Stretches whose labels are still coming: hatched, for what they say so far is not the whole. */
function Awaited({ windows, edges, plot, height, hatch }: AwaitedProps) {
  return runsOf(windows.map((each) => !each.mature)).map(({ first, last }) => {
    const left = Math.max(0, edges[first].left);
    const right = Math.min(plot, edges[last - 1].right);
    return (
      <g key={first}>
        <rect x={left} width={Math.max(2, right - left)} height={height} fill={`url(#${hatch})`} />
        {right - left > 100 && (
          <text className="axis-text halo" x={(left + right) / 2} y="12" textAnchor="middle">
            {windows.slice(first, last).some((each) => each.labelled > 0) ? "labels still coming" : "no labels yet"}
          </text>
        )}
      </g>
    );
  });
}

type NameProps = {
  xs: readonly number[];
  line: PerformanceLine;
  realized: readonly (number | null)[];
  y: (value: number) => number;
  plot: number;
};

/** The word at the dashed line, on the side where the realized one is not. */
function EstimateName({ xs, line, realized, y, plot }: NameProps) {
  const last = line.estimated.findLastIndex((value) => value !== null);
  const value = line.estimated[last];
  if (last < 0 || value === null) return null;
  const beside = realized.findLast((each) => each !== null) ?? null;
  const above = beside !== null && y(beside) > y(value);
  return (
    <text
      className="axis-text halo is-estimated"
      x={Math.min(plot - 2, Math.max(60, xs[last]))}
      y={y(value) + (above ? -10 : 18)}
      textAnchor="end"
    >
      estimate
    </text>
  );
}

type PointProps = {
  line: PerformanceLine;
  windows: readonly OutcomeWindow[];
  axis: OutcomeAxis;
  xs: readonly number[];
  cursor: number;
};

function CursorPoints({ line, windows, axis, xs, cursor }: PointProps) {
  const { y, low, high } = axis;
  const value = line.values[cursor] ?? null;
  const expected = line.estimated[cursor] ?? null;
  const inside = (each: number | null): each is number => each !== null && each >= low && each <= high;
  return (
    <>
      {inside(expected) && <circle cx={xs[cursor]} cy={y(expected)} r="3" className="estimated-dot" />}
      {inside(value) && (
        <circle
          cx={xs[cursor]}
          cy={y(value)}
          r="3.5"
          className={windows[cursor]?.mature ? "realized-dot" : "awaited-point is-chosen"}
        />
      )}
    </>
  );
}
