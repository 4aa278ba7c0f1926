import { useRef } from "react";

import { DataTable } from "../charts/DataTable";
import { linear } from "../charts/scale";
import { pointsPath } from "../charts/unitPlotGeometry";
import { UnitPlot } from "../charts/UnitPlot";
import type { CloseUp } from "../data/performance";
import { compact, exact, percent } from "../format/number";
import { useSize } from "../pieces/useSize";

import { WindowLegend } from "./WindowLegend";
import { scoredText, valueText } from "./words";

const COUNTS = 40;

/** What share of the predictions of about one score came true: on the diagonal a score means what it says. */
export function ReliabilityChart({ closeUp }: { closeUp: CloseUp }) {
  const frame = useRef<HTMLElement>(null);
  const { width } = useSize(frame, { width: 360, height: 300 });
  const points = closeUp.calibration;
  if (points.length === 0) return null;
  const words = scoredText(closeUp);
  const ece = closeUp.figures.find((each) => each.metric === "ece" && each.label === "")?.value;
  const most = Math.max(...points.map((point) => point.rows), 1);
  const tall = linear(0, most, 0, COUNTS - 4);
  return (
    <figure className="close-up-block" ref={frame}>
      <h3>
        Reliability <span className="quiet small">calibration error {valueText(undefined, ece)}</span>
      </h3>
      <WindowLegend baseline={closeUp.baselineCalibration.length > 0} />
      <UnitPlot
        width={width}
        height={264}
        across={words.score}
        up={`share that ${closeUp.task === "binary" ? "came true" : "is right"}`}
        label={`Reliability curve: share of predictions that ${closeUp.task === "binary" ? "came true" : "are right"} by score, of ${String(points.length)} groups of scores; on the diagonal a score means what it says`}
      >
        {({ x, y, left, right, top, bottom }) => (
          <>
            <path
              d={`M${String(left)} ${String(bottom)}L${String(right)} ${String(top)}`}
              stroke="var(--line-strong)"
              strokeDasharray="4 3"
            />
            <path
              d={pointsPath(
                closeUp.baselineCalibration.map((each) => ({ x: each.score, y: each.share })),
                x,
                y,
              )}
              className="reference-line"
            />
            <path
              d={pointsPath(
                points.map((each) => ({ x: each.score, y: each.share })),
                x,
                y,
              )}
              className="window-line"
            />
            {points.map((point) => (
              <g key={point.score}>
                <path
                  d={`M${x(point.score).toFixed(1)} ${y(point.low).toFixed(1)}V${y(point.high).toFixed(1)}`}
                  stroke="var(--c-window)"
                  strokeWidth="1"
                />
                <circle cx={x(point.score)} cy={y(point.share)} r="3" className="lane-point" />
              </g>
            ))}
          </>
        )}
      </UnitPlot>
      <svg width={width} height={COUNTS + 4} className="count-strip" aria-hidden="true">
        <text className="axis-text" x="30" y="12" textAnchor="end">
          {compact(most)}
        </text>
        {points.map((point) => (
          <rect
            key={point.score}
            className="rows-bar"
            x={linear(0, 1, 34, width - 6)(point.score) - 4}
            width="8"
            y={COUNTS - tall(point.rows)}
            height={tall(point.rows)}
          />
        ))}
        <path d={`M34 ${String(COUNTS + 0.5)}H${String(width - 6)}`} stroke="var(--line-strong)" />
      </svg>
      <p className="quiet small">Bars: labelled rows of about that score.</p>
      <DataTable
        label="Reliability by score"
        heads={["Score", "Share", "95 % interval", "Rows"]}
        rows={() =>
          points.map((point) => [
            point.score.toFixed(3),
            percent(point.share),
            `${percent(point.low)} – ${percent(point.high)}`,
            exact(Math.round(point.rows)),
          ])
        }
      />
    </figure>
  );
}
