import type { DriftMetric } from "../graphql/graphql";
import { percentDigits } from "../format/number";

import { isRate, metricWord } from "./metric";

const WIDTH = 32;

/** The eight classes with the values at which they change; the warning and critical breaks in bold. */
export function HeatLegend({ metric, breaks }: { metric: DriftMetric; breaks: readonly number[] }) {
  const text = (value: number) =>
    isRate(metric) ? percentDigits(value) : value >= 1 ? value.toFixed(1) : value.toFixed(2).replace(/^0/, "");
  return (
    <div className="heat-legend">
      <span className="small quiet">
        {metricWord(metric)}
        {isRate(metric) ? ", %" : ""}
      </span>
      <svg
        width={WIDTH * 8 + 60}
        height="30"
        role="img"
        aria-label={`Colours change at ${breaks.map(text).join(", ")}; grey also where chance allows more; hatched: too few rows; blank: no data`}
      >
        {Array.from({ length: 8 }, (_, index) => (
          <rect key={index} className={`heat-fill-${String(index)}`} x={index * WIDTH} width={WIDTH - 1} height="10" />
        ))}
        {breaks.map((value, index) => (
          <text
            key={index}
            className={index === 2 || index === 4 ? "axis-text is-threshold" : "axis-text"}
            x={(index + 1) * WIDTH - 0.5}
            y="25"
            textAnchor="middle"
          >
            {text(value)}
          </text>
        ))}
        <defs>
          <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse">
            <path d="M-1 1l2-2M0 6l6-6M5 7l2-2" stroke="var(--c-hatch)" />
          </pattern>
        </defs>
        <rect x={WIDTH * 8 + 16} width="30" height="10" fill="url(#hatch)" />
        <text className="axis-text" x={WIDTH * 8 + 31} y="25" textAnchor="middle">
          too few
        </text>
      </svg>
    </div>
  );
}
