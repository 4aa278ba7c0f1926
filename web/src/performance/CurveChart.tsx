import { useRef } from "react";

import { DataTable } from "../charts/DataTable";
import { pointsPath } from "../charts/unitPlotGeometry";
import { UnitPlot } from "../charts/UnitPlot";
import type { CloseUp } from "../data/performance";
import { useSize } from "../pieces/useSize";

import { WindowLegend } from "./WindowLegend";
import { intervalText, valueText } from "./words";

const CURVES = {
  roc: {
    title: "ROC curve",
    metric: "roc_auc",
    area: "AUC",
    across: "false positive rate",
    up: "true positive rate",
  },
  pr: { title: "Precision and recall", metric: "pr_auc", area: "PR AUC", across: "recall", up: "precision" },
} as const;

/** How well scores tell the two kinds apart, over all thresholds; dashed is a score that knows nothing. */
export function CurveChart({ closeUp, kind }: { closeUp: CloseUp; kind: keyof typeof CURVES }) {
  const frame = useRef<HTMLElement>(null);
  const { width } = useSize(frame, { width: 360, height: 300 });
  const points = closeUp[kind];
  if (points.length < 2) return null;
  const { title, metric, area, across, up } = CURVES[kind];
  const figure = closeUp.figures.find((each) => each.metric === metric && each.label === "");
  const before = kind === "roc" ? closeUp.baselineRoc : [];
  const rate = closeUp.figures.find((each) => each.metric === "positive_rate" && each.label === "")?.value ?? null;
  const said = figure
    ? `${area} ${valueText(undefined, figure.value)} ${intervalText(undefined, figure.low, figure.high)}`
    : "";
  return (
    <figure className="close-up-block" ref={frame}>
      <h3>
        {title} <span className="quiet small">{said}</span>
      </h3>
      <WindowLegend baseline={before.length > 0} />
      <UnitPlot width={width} height={264} across={across} up={up} label={`${title}: ${up} by ${across}. ${said}`}>
        {({ x, y, left, right, top, bottom }) => (
          <>
            {kind === "roc" ? (
              <path
                d={`M${String(left)} ${String(bottom)}L${String(right)} ${String(top)}`}
                stroke="var(--line-strong)"
                strokeDasharray="4 3"
              />
            ) : (
              rate !== null && (
                <>
                  <path
                    d={`M${String(left)} ${y(rate).toFixed(1)}H${String(right)}`}
                    stroke="var(--line-strong)"
                    strokeDasharray="4 3"
                  />
                  <text className="axis-text halo" x={left + 5} y={y(rate) + (rate < 0.15 ? -4 : 13)}>
                    share of positives {valueText({ metric: "positive_rate", unit: "share" }, rate)}
                  </text>
                </>
              )
            )}
            <path d={pointsPath(before, x, y)} className="reference-line" />
            <path d={pointsPath(points, x, y)} className="window-line" />
          </>
        )}
      </UnitPlot>
      <DataTable
        label={title}
        heads={["Threshold", across, up]}
        rows={() =>
          points.map((point) => [
            point.threshold.toFixed(3),
            valueText(undefined, point.x),
            valueText(undefined, point.y),
          ])
        }
      />
    </figure>
  );
}
