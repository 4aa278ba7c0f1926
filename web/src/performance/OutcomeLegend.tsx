import type { MetricFacts, PerformanceLine } from "../data/performance";

import { valueText } from "./words";

type Props = { hatch: string; line: PerformanceLine | undefined; facts: MetricFacts | undefined };

/** What the lines and the hatching mean, with the values that a loss is measured by. */
export function OutcomeLegend({ hatch, line, facts }: Props) {
  const limits = [
    { name: "baseline", value: line?.baseline ?? null, stroke: "var(--c-reference)", dash: undefined },
    { name: "warning from", value: line?.thresholdWarning ?? null, stroke: "var(--warning)", dash: "4 2" },
    { name: "critical from", value: line?.thresholdCritical ?? null, stroke: "var(--critical)", dash: "4 2" },
  ];
  const estimated = line?.estimated.some((value) => value !== null) ?? false;
  return (
    <div className="legend">
      <span>
        <svg width="16" height="11" aria-hidden="true">
          <rect y="1" width="16" height="9" className="realized-band" />
          <path d="M0 5.5H16" className="realized-line" />
        </svg>
        realized
      </span>
      {estimated && (
        <span>
          <svg width="16" height="11" aria-hidden="true">
            <rect y="1" width="16" height="9" className="estimated-band" />
            <path d="M0 5.5H16" className="estimated-line" />
          </svg>
          estimate, before labels
        </span>
      )}
      <span>
        <svg width="16" height="11" aria-hidden="true">
          <rect width="16" height="11" fill={`url(#${hatch})`} />
          <circle cx="8" cy="5.5" r="2.5" className="awaited-point" />
        </svg>
        labels still coming, so far
      </span>
      {limits.map(({ name, value, stroke, dash }) =>
        value === null ? null : (
          <span key={name}>
            <svg width="16" height="11" aria-hidden="true">
              <path d="M0 5.5H16" stroke={stroke} strokeDasharray={dash} strokeWidth="1.5" />
            </svg>
            {name} {valueText(facts, value)}
          </span>
        ),
      )}
    </div>
  );
}
