import { useRef } from "react";

import { DataTable } from "../charts/DataTable";
import { linear, ticks } from "../charts/scale";
import type { CloseUp } from "../data/performance";
import { exact, percentDigits } from "../format/number";
import { useSize } from "../pieces/useSize";

import { scoredText } from "./words";

const HEIGHT = 196;

/** Which scores the predictions had that came true, and which those that did not, each as shares of its own kind. */
export function ScoreChart({ closeUp }: { closeUp: CloseUp }) {
  const frame = useRef<HTMLElement>(null);
  const { width } = useSize(frame, { width: 360, height: 300 });
  const bars = closeUp.scores;
  if (bars.length === 0) return null;
  const words = scoredText(closeUp);
  const hits = sum(bars.map((bar) => bar.hits));
  const misses = sum(bars.map((bar) => bar.misses));
  const all = sum(bars.map((bar) => bar.predicted));
  const share = (count: number, total: number) => (total > 0 ? count / total : 0);
  const high = Math.max(...bars.flatMap((bar) => [share(bar.hits, hits), share(bar.misses, misses)]), 0.01);
  const floor = HEIGHT - 34;
  const x = linear(bars[0].lower, bars[bars.length - 1].upper, 34, width - 6);
  const y = linear(0, high * 1.08, floor, 6);
  const steps = (of: (bar: (typeof bars)[number]) => number) =>
    `M${x(bars[0].lower).toFixed(1)} ${String(floor)}${bars
      .map((bar) => {
        const top = y(of(bar)).toFixed(1);
        return `L${x(bar.lower).toFixed(1)} ${top}L${x(bar.upper).toFixed(1)} ${top}`;
      })
      .join("")}L${x(bars[bars.length - 1].upper).toFixed(1)} ${String(floor)}`;
  return (
    <figure className="close-up-block" ref={frame}>
      <h3>
        Scores <span className="quiet small">share of each kind, %</span>
      </h3>
      <div className="legend">
        <span>
          <svg width="11" height="11" aria-hidden="true">
            <rect x=".5" y="1.5" width="10" height="9" className="hits-shape hits-line" />
          </svg>
          {words.hit}, {exact(Math.round(hits))}
        </span>
        <span>
          <svg width="11" height="11" aria-hidden="true">
            <rect x=".5" y="1.5" width="10" height="9" className="misses-shape misses-line" />
          </svg>
          {words.miss}, {exact(Math.round(misses))}
        </span>
        {all > hits + misses && (
          <span>
            <svg width="14" height="11" aria-hidden="true">
              <path d="M0 5.5H14" className="all-line" />
            </svg>
            all predictions, {exact(Math.round(all))}
          </span>
        )}
      </div>
      <svg
        width={width}
        height={HEIGHT}
        role="img"
        aria-label={`Histogram of scores: ${exact(Math.round(hits))} labelled predictions ${words.hit}, ${exact(Math.round(misses))} ${words.miss}`}
      >
        {ticks(0, high, 3).map((tick) => (
          <g key={tick}>
            <path d={`M34 ${y(tick).toFixed(1)}H${String(width - 6)}`} stroke="var(--c-grid)" />
            <text className="axis-text" x="28" y={y(tick) + 4} textAnchor="end">
              {percentDigits(tick).replace(/\.0$/, "")}
            </text>
          </g>
        ))}
        <path d={steps((bar) => share(bar.misses, misses))} className="misses-shape" />
        <path d={steps((bar) => share(bar.hits, hits))} className="hits-shape" />
        <path d={steps((bar) => share(bar.misses, misses))} className="misses-line" />
        <path d={steps((bar) => share(bar.hits, hits))} className="hits-line" />
        {all > hits + misses && <path d={steps((bar) => share(bar.predicted, all))} className="all-line" />}
        <path d={`M34 ${String(floor + 0.5)}H${String(width - 6)}`} stroke="var(--line-strong)" />
        {[0, 0.25, 0.5, 0.75, 1].map((tick) => (
          <text
            key={tick}
            className="axis-text"
            x={x(tick)}
            y={floor + 15}
            textAnchor={tick === 0 ? "start" : tick === 1 ? "end" : "middle"}
          >
            {tick}
          </text>
        ))}
        <text className="axis-text" x={width - 6} y={HEIGHT - 4} textAnchor="end">
          {words.score}
        </text>
      </svg>
      <DataTable
        label="Labelled predictions by score"
        heads={["Score", words.hit, words.miss, "all"]}
        rows={() =>
          bars.map((bar) => [
            `${bar.lower.toFixed(2)} – ${bar.upper.toFixed(2)}`,
            exact(Math.round(bar.hits)),
            exact(Math.round(bar.misses)),
            exact(Math.round(bar.predicted)),
          ])
        }
      />
    </figure>
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, each) => total + each, 0);
}
