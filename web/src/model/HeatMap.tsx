import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent } from "react";

import { edgesOf, paintHeat, readColours, usualStep } from "../charts/heatCanvas";
import { heatMove, zoomed, type Cursor } from "../charts/heatKeys";
import { linear, nearest } from "../charts/scale";
import type { DriftLine, DriftMap } from "../data/model";
import { at, dayOnly } from "../format/time";
import { useSize } from "../pieces/useSize";
import { useWindowedRows } from "../pieces/useWindowedRows";
import { useTheme } from "../shell/theme";

import { DriftRow } from "./DriftRow";
import { HeatAxis, type Mark } from "./HeatAxis";
import { cellInWords, HeatTooltip } from "./HeatTooltip";
import { FURTHER, metricWord } from "./metric";

const ROW = 24;
const AXIS = 40;

type Props = {
  drift: DriftMap;
  breaks: readonly number[];
  marks: Mark[];
  selected: number;
  column: number;
  pinned: boolean;
  summary: string;
  onSelect: (line: DriftLine, time: string) => void;
  onOpen: (line: DriftLine) => void;
  onRange: (range: { start: number; end: number } | null) => void;
};

/** Feature by time. One tab stop; arrows move, the cell is read out, a drag or + and − change the stretch of time. */
export function HeatMap({ drift, breaks, marks, selected, column, pinned, summary, onSelect, onOpen, onRange }: Props) {
  const body = useRef<HTMLDivElement>(null);
  const middle = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const how = useId();
  const theme = useTheme();
  const { width } = useSize(middle);
  const [hover, setHover] = useState<Cursor | null>(null);
  const [brush, setBrush] = useState<{ from: number; to: number } | null>(null);
  const [said, setSaid] = useState("");
  const lines = drift.lines;
  const times = useMemo(() => drift.times.map(at), [drift.times]);
  const start = (times[0] ?? 0) - usualStep(times);
  const end = times.at(-1) ?? 1;
  const scale = useMemo(() => linear(start, end, 0, width), [start, end, width]);
  const edges = useMemo(() => edgesOf(times, scale), [times, scale]);
  const rows = useWindowedRows(body, lines.length, ROW);

  useEffect(() => {
    if (!canvas.current || typeof CanvasRenderingContext2D === "undefined") return;
    const shown = lines.slice(rows.first, rows.last);
    paintHeat({ canvas: canvas.current, rows: shown, edges, breaks, colours: readColours(), width, rowHeight: ROW });
  }, [lines, rows.first, rows.last, edges, breaks, width, theme]);

  const cellAt = (event: PointerEvent): Cursor => {
    const box = event.currentTarget.getBoundingClientRect();
    const time = start + ((event.clientX - box.left) / box.width) * (end - start);
    const row = Math.max(0, Math.min(lines.length - 1, Math.floor((event.clientY - box.top) / ROW)));
    return { row, column: nearest(times, time + usualStep(times) / 2) };
  };
  const xOf = (event: PointerEvent) => event.clientX - event.currentTarget.getBoundingClientRect().left;

  const released = (event: PointerEvent) => {
    if (brush && Math.abs(brush.to - brush.from) > 5) {
      const time = (x: number) => start + (x / width) * (end - start);
      onRange({ start: time(Math.min(brush.from, brush.to)), end: time(Math.max(brush.from, brush.to)) });
    } else {
      const cell = cellAt(event);
      onSelect(lines[cell.row], drift.times[cell.column]);
    }
    setBrush(null);
  };

  const pressed = (event: KeyboardEvent) => {
    const move =
      event.ctrlKey || event.metaKey || event.altKey
        ? null
        : heatMove(event.key, { row: selected, column }, lines.length, times.length, event.shiftKey);
    if (!move) return;
    event.preventDefault();
    if (move.kind === "open") onOpen(lines[selected]);
    if (move.kind === "whole") onRange(null);
    if (move.kind === "zoom") onRange(zoomed(start, end, times[column], move.factor, usualStep(times) * 8));
    if (move.kind === "move") {
      const line = lines[move.cursor.row];
      onSelect(line, drift.times[move.cursor.column]);
      setSaid(cellInWords(line, drift, move.cursor.column));
      document.getElementById(`${how}-${String(move.cursor.row)}`)?.scrollIntoView({ block: "nearest" });
    }
  };

  const line = hover ?? { row: selected, column };
  const crossing = edges[line.column];
  return (
    <div className="heat">
      <div className="heat-head">
        <span>Feature</span>
        <HeatAxis start={start} end={end} width={width} scale={scale} marks={marks} height={AXIS} />
        <span className="number is-ink">
          {pinned
            ? dayOnly(times[column])
            : FURTHER.some((each) => each.value === drift.metric)
              ? "Now"
              : `${metricWord(drift.metric)} now`}
        </span>
        <span className="number">{pinned ? "Last" : drift.metric === "KS" ? "PSI" : "KS"}</span>
        <span className="number">Since</span>
      </div>
      <p id={how} className="hidden">
        Arrow keys move between features and times, plus and minus zoom, Enter opens the feature. {summary}
      </p>
      <div
        ref={body}
        className="heat-body"
        style={{ height: lines.length * ROW }}
        role="application"
        aria-roledescription="heat map"
        aria-label={`${metricWord(drift.metric)} of every feature over time`}
        aria-describedby={how}
        tabIndex={0}
        onKeyDown={pressed}
      >
        {lines.slice(rows.first, rows.last).map((each, index) => (
          <DriftRow
            key={`${each.role} ${each.name}`}
            id={`${how}-${String(rows.first + index)}`}
            line={each}
            pinned={pinned ? column : null}
            top={(rows.first + index) * ROW}
            selected={rows.first + index === selected}
            onSelect={() => {
              onSelect(each, drift.times[column]);
            }}
            onOpen={() => {
              onOpen(each);
            }}
          />
        ))}
        <div
          ref={middle}
          className="heat-cells"
          onPointerMove={(event) => {
            const to = xOf(event);
            setHover(cellAt(event));
            setBrush((now) => now && { ...now, to });
          }}
          onPointerLeave={() => {
            setHover(null);
          }}
          onPointerDown={(event) => {
            if (event.button !== 0) return;
            event.currentTarget.setPointerCapture(event.pointerId);
            setBrush({ from: xOf(event), to: xOf(event) });
          }}
          onPointerUp={released}
          onDoubleClick={() => {
            onOpen(lines[line.row]);
          }}
        >
          <canvas ref={canvas} style={{ top: rows.first * ROW, width, height: (rows.last - rows.first) * ROW }} />
          {marks.map((mark) => (
            <span
              key={`${mark.kind} ${String(mark.time)}`}
              className={`heat-mark is-${mark.kind}`}
              style={{ left: Math.round(scale(mark.time)) }}
            />
          ))}
          {selected >= 0 && <span className="heat-selected" style={{ top: selected * ROW }} />}
          {crossing && (
            <span className="heat-crosshair" style={{ left: Math.round((crossing.left + crossing.right) / 2) }} />
          )}
          {brush && Math.abs(brush.to - brush.from) > 5 && (
            <span
              className="heat-brush"
              style={{ left: Math.min(brush.from, brush.to), width: Math.abs(brush.to - brush.from) }}
            />
          )}
          {hover && !(brush && Math.abs(brush.to - brush.from) > 5) && lines[hover.row] && crossing && (
            <HeatTooltip
              line={lines[hover.row]}
              drift={drift}
              column={hover.column}
              x={crossing.right}
              y={hover.row * ROW}
              width={width}
            />
          )}
        </div>
      </div>
      <p className="hidden" aria-live="polite">
        {said}
      </p>
    </div>
  );
}
