import { timeTicks } from "../charts/timeTicks";
import { moment } from "../format/time";

export type Mark = { time: number; kind: "deployed" | "break"; text: string };

type Props = {
  start: number;
  end: number;
  width: number;
  scale: (time: number) => number;
  marks: Mark[];
  height: number;
};

/** Ticks above the map, flags where a version was first seen, scissors where the binning was replaced. */
export function HeatAxis({ start, end, width, scale, marks, height }: Props) {
  return (
    <svg className="heat-axis" width={width} height={height} aria-hidden="true">
      {timeTicks(start, end, Math.max(2, Math.floor(width / 92)))
        .filter((tick) => scale(tick.time) < width - 30)
        .map((tick) => (
          <g key={tick.time} transform={`translate(${scale(tick.time).toFixed(1)} 0)`}>
            <path d={`M.5 ${String(height - 10)}V${String(height)}`} stroke="var(--line-strong)" />
            <text className="axis-text" x="4" y={height - 4}>
              {tick.text}
            </text>
          </g>
        ))}
      {marks.map((mark) => (
        <g
          key={`${mark.kind} ${String(mark.time)}`}
          transform={`translate(${Math.round(scale(mark.time)).toString()} 0)`}
        >
          <title>{`${mark.kind === "deployed" ? `${mark.text} first seen` : mark.text} ${moment(mark.time)}`}</title>
          <path
            d={`M.5 2V${String(height)}`}
            stroke="var(--ink-2)"
            strokeDasharray={mark.kind === "break" ? "2 2" : undefined}
          />
          {mark.kind === "deployed" && <path d="M.5 1.5 7 5 .5 8.5z" fill="var(--ink-2)" />}
          <text className="axis-text is-strong" x={mark.kind === "deployed" ? 10 : 5} y="10">
            {mark.text}
          </text>
        </g>
      ))}
    </svg>
  );
}
