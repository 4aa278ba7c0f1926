import type { ReactNode } from "react";

import { unitScales, type UnitScales } from "./unitPlotGeometry";
import "./charts.css";

type Props = {
  width: number;
  height: number;
  across: string;
  up: string;
  label: string;
  children: (scales: UnitScales) => ReactNode;
};

const TICKS = [0, 0.25, 0.5, 0.75, 1];

/** A plot whose both axes run from 0 to 1. */
export function UnitPlot({ width, height, across, up, label, children }: Props) {
  const scales = unitScales(width, height);
  const { x, y, left, right, top, bottom } = scales;
  return (
    <svg width={width} height={height} role="img" aria-label={label}>
      {TICKS.map((tick) => (
        <g key={tick}>
          <path
            d={`M${x(tick).toFixed(1)} ${String(top)}V${String(bottom)}M${String(left)} ${y(tick).toFixed(1)}H${String(right)}`}
            stroke="var(--c-grid)"
          />
          <text
            className="axis-text"
            x={x(tick)}
            y={bottom + 14}
            textAnchor={tick === 0 ? "start" : tick === 1 ? "end" : "middle"}
          >
            {tick}
          </text>
          <text className="axis-text" x={left - 6} y={y(tick) + (tick === 1 ? 8 : 4)} textAnchor="end">
            {tick}
          </text>
        </g>
      ))}
      <path
        d={`M${String(left)} ${String(top)}V${String(bottom)}H${String(right)}`}
        stroke="var(--line-strong)"
        fill="none"
      />
      {children(scales)}
      <text className="axis-text" x={right} y={height - 4} textAnchor="end">
        {across}
      </text>
      <text className="axis-text" x="0" y="12">
        {up}
      </text>
    </svg>
  );
}
