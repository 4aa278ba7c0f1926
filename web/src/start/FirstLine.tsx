/** A drawing of the chart to come: thresholds, what chance allows, and a line inside it. */
export function FirstLine() {
  return (
    <svg
      className="first-line"
      viewBox="0 0 312 104"
      width="312"
      height="104"
      role="img"
      aria-label="A line inside the band that chance allows, below the warning and critical thresholds"
    >
      <text x="2" y="10" className="axis-text">
        critical
      </text>
      <path d="M0 14.5H312" stroke="var(--critical)" strokeDasharray="4 3" />
      <text x="2" y="31" className="axis-text">
        warning
      </text>
      <path d="M0 35.5H312" stroke="var(--warning)" strokeDasharray="4 3" />
      <rect y="52" width="312" height="30" fill="var(--c-band)" />
      <path d="M0 82.5H312" stroke="var(--line-strong)" />
      <path
        d="M2 68l14-3 14 5 14-8 14 4 16-7 14 8 18 4 16-7 16 3 16-6 16 5 16-4"
        fill="none"
        stroke="var(--ink-3)"
        strokeWidth="1.5"
        strokeDasharray="3 3"
      />
      <text x="308" y="71" textAnchor="end" className="axis-text">
        chance allows
      </text>
      <text x="0" y="98" className="axis-text">
        first check
      </text>
    </svg>
  );
}
