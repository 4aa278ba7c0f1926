import type { ReactNode } from "react";

/** Reference and window, each with its sign. */
export function DistributionLegend({ reference, window }: { reference: ReactNode; window: ReactNode }) {
  return (
    <div className="legend">
      <span>
        <svg width="11" height="11" aria-hidden="true">
          <rect className="reference-bar" x="0.5" y="1.5" width="10" height="9" />
        </svg>
        {reference}
      </span>
      <span>
        <svg width="11" height="11" aria-hidden="true">
          <rect className="window-bar" y="1" width="11" height="10" />
        </svg>
        {window}
      </span>
    </div>
  );
}

/** What the band and the two dashed lines mean. */
export function LaneLegend() {
  return (
    <div className="legend">
      <span>
        <svg width="11" height="11" aria-hidden="true">
          <rect x="0.5" y="0.5" width="10" height="10" fill="var(--c-band)" stroke="var(--c-band-edge)" />
        </svg>
        chance allows, 99{"\u2009"}%
      </span>
      {(["warning", "critical"] as const).map((kind) => (
        <span key={kind}>
          <svg width="14" height="11" aria-hidden="true">
            <path d="M0 6.5H14" stroke={`var(--${kind})`} strokeDasharray="4 2" strokeWidth="1.5" />
          </svg>
          {kind}
        </span>
      ))}
    </div>
  );
}
