import { day } from "../format/time";
import type { TimeTick } from "../charts/timeTicks";

type Props = { ticks: TimeTick[]; scale: (time: number) => number; plot: number; cursor: number };

/** One axis under all lanes; the crosshair's day replaces a tick that it would cover. */
export function TimeAxis({ ticks, scale, plot, cursor }: Props) {
  const at = scale(cursor);
  return (
    <div className="lane is-axis">
      <span />
      <svg width={plot + 36} height="18" className="lane-plot" aria-hidden="true">
        <g transform="translate(36 0)">
          {ticks.map((tick) =>
            Math.abs(scale(tick.time) - at) < 64 ? null : (
              <text key={tick.time} className="axis-text" x={scale(tick.time)} y="14" textAnchor="middle">
                {tick.text}
              </text>
            ),
          )}
          <text className="axis-text is-ink" x={Math.max(24, Math.min(plot - 24, at))} y="14" textAnchor="middle">
            {day(cursor)}
          </text>
        </g>
      </svg>
      <span />
    </div>
  );
}
