import { useRef } from "react";

import { DataTable } from "../charts/DataTable";
import { linear, ticks } from "../charts/scale";
import type { CloseUp } from "../data/performance";
import { compact, exact, measured } from "../format/number";
import { useSize } from "../pieces/useSize";

const HEIGHT = 196;
const QUANTILES = [
  { metric: "error_p05", text: "5 %" },
  { metric: "error_p50", text: "median" },
  { metric: "error_p95", text: "95 %" },
] as const;

/** How far predictions lay above or below what came true, with three quantiles; tails are counted at the ends. */
export function ErrorChart({ closeUp }: { closeUp: CloseUp }) {
  const frame = useRef<HTMLElement>(null);
  const { width } = useSize(frame, { width: 360, height: 300 });
  const inner = closeUp.errors.filter(
    (bar): bar is { lower: number; upper: number; rows: number } => bar.lower !== null && bar.upper !== null,
  );
  if (inner.length === 0) return null;
  const below = closeUp.errors.find((bar) => bar.lower === null);
  const above = closeUp.errors.find((bar) => bar.upper === null);
  const high = Math.max(...inner.map((bar) => bar.rows), 1);
  const floor = HEIGHT - 34;
  const from = inner[0].lower;
  const until = inner[inner.length - 1].upper;
  const x = linear(from, until, 34, width - 6);
  const y = linear(0, high * 1.06, floor, 22);
  const quantiles = QUANTILES.flatMap(({ metric, text }) => {
    const value = closeUp.figures.find((each) => each.metric === metric && each.label === "")?.value ?? null;
    return value === null ? [] : [{ text, value }];
  });
  const tails = [
    ...(below?.upper !== null && below ? [`${exact(Math.round(below.rows))} below ${measured(below.upper)}`] : []),
    ...(above?.lower !== null && above ? [`${exact(Math.round(above.rows))} above ${measured(above.lower)}`] : []),
  ].join(", ");
  return (
    <figure className="close-up-block" ref={frame}>
      <h3>
        Errors <span className="quiet small">prediction less what came true, labelled rows</span>
      </h3>
      <svg
        width={width}
        height={HEIGHT}
        className="lane-plot"
        role="img"
        aria-label={`Histogram of errors from ${measured(from)} to ${measured(until)}; ${quantiles.map((each) => `${each.text} ${measured(each.value)}`).join(", ")}`}
      >
        {ticks(0, high, 3).map((tick) => (
          <g key={tick}>
            <path d={`M34 ${y(tick).toFixed(1)}H${String(width - 6)}`} stroke="var(--c-grid)" />
            <text className="axis-text" x="28" y={y(tick) + 4} textAnchor="end">
              {compact(tick)}
            </text>
          </g>
        ))}
        {inner.map((bar) => (
          <rect
            key={bar.lower}
            className={bar.upper <= 0 ? "less-bar" : "more-bar"}
            x={x(bar.lower) + 0.5}
            width={Math.max(0.5, x(bar.upper) - x(bar.lower) - 1)}
            y={y(bar.rows)}
            height={floor - y(bar.rows)}
          />
        ))}
        {from < 0 && until > 0 && <path d={`M${x(0).toFixed(1)} 18V${String(floor)}`} stroke="var(--ink)" />}
        {quantiles.map(({ text, value }) => {
          const place = x(Math.min(until, Math.max(from, value)));
          return (
            <g key={text}>
              <path d={`M${place.toFixed(1)} 18V${String(floor)}`} stroke="var(--ink-2)" strokeDasharray="3 3" />
              <text
                className="axis-text halo"
                x={place}
                y="12"
                textAnchor={text === "5 %" ? "start" : text === "median" ? "middle" : "end"}
              >
                {text} {measured(value)}
              </text>
            </g>
          );
        })}
        <path d={`M34 ${String(floor + 0.5)}H${String(width - 6)}`} stroke="var(--line-strong)" />
        {ticks(from, until, Math.max(2, Math.floor(width / 70))).map((tick) => (
          <text
            key={tick}
            className="axis-text"
            x={x(tick)}
            y={floor + 15}
            textAnchor={x(tick) > width - 24 ? "end" : "middle"}
          >
            {measured(tick)}
          </text>
        ))}
        <text className="axis-text" x={width - 6} y={HEIGHT - 4} textAnchor="end">
          too low ← 0 → too high
        </text>
      </svg>
      {tails && <p className="quiet small">Not drawn: {tails}.</p>}
      <DataTable
        label="Labelled predictions by error"
        heads={["Error", "Rows"]}
        rows={() =>
          closeUp.errors.map((bar) => [
            bar.lower === null
              ? `below ${measured(bar.upper)}`
              : bar.upper === null
                ? `above ${measured(bar.lower)}`
                : `${measured(bar.lower)} to ${measured(bar.upper)}`,
            exact(Math.round(bar.rows)),
          ])
        }
      />
    </figure>
  );
}
