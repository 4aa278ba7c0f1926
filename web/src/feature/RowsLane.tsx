import { linear } from "../charts/scale";
import { compact, exact } from "../format/number";
import { lengthOf } from "../format/time";

type Props = { rows: readonly number[]; windowSeconds: number; xs: readonly number[]; plot: number; cursor: number };

const HEIGHT = 44;

/** How many rows each window held: every metric rests on them. */
export function RowsLane({ rows, windowSeconds, xs, plot, cursor }: Props) {
  const high = Math.max(...rows, 1);
  const y = linear(0, high * 1.1, HEIGHT - 1, 2);
  const wide = Math.max(0.6, Math.min(6, (plot / Math.max(1, rows.length)) * 0.7));
  return (
    <div className="lane">
      <div className="lane-title">
        <h3>Rows</h3>
        <span className="quiet small">in {lengthOf(windowSeconds)}</span>
      </div>
      <svg width={plot + 36} height={HEIGHT} className="lane-plot" aria-hidden="true">
        <text className="axis-text" x="30" y={y(high) + 10} textAnchor="end">
          {compact(high)}
        </text>
        <g transform="translate(36 0)">
          {rows.map((count, index) => (
            <rect
              key={index}
              className="rows-bar"
              x={xs[index] - wide / 2}
              width={wide}
              y={y(count)}
              height={HEIGHT - 1 - y(count)}
            />
          ))}
          <path d={`M0 ${(HEIGHT - 0.5).toString()}H${String(plot)}`} stroke="var(--line-strong)" />
          {xs[cursor] !== undefined && (
            <path d={`M${Math.round(xs[cursor]).toString()}.5 0V${String(HEIGHT)}`} stroke="var(--ink-3)" />
          )}
        </g>
      </svg>
      <div className="lane-readout number">
        <b>{exact(rows[cursor] ?? 0)}</b>
        <span className="quiet small">rows</span>
      </div>
    </div>
  );
}
