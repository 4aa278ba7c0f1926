/** What the two lines, the hatching and the marks at the foot of the chart mean. */
export function OutcomeLegend({ hatch }: { hatch: string }) {
  return (
    <div className="legend">
      <span>
        <svg width="16" height="11" aria-hidden="true">
          <rect y="1" width="16" height="9" className="realized-band" />
          <path d="M0 5.5H16" className="realized-line" />
        </svg>
        realized
      </span>
      <span>
        <svg width="16" height="11" aria-hidden="true">
          <rect y="1" width="16" height="9" className="estimated-band" />
          <path d="M0 5.5H16" className="estimated-line" />
        </svg>
        estimate, before labels
      </span>
      <span>
        <svg width="16" height="11" aria-hidden="true">
          <rect width="16" height="11" fill={`url(#${hatch})`} />
          <circle cx="8" cy="5.5" r="2.5" className="awaited-point" />
        </svg>
        labels still coming, so far
      </span>
      <span>
        <svg width="16" height="11" aria-hidden="true">
          <rect y="4" width="8" height="4" className="heat-fill-4" />
          <rect x="8" y="4" width="8" height="4" className="heat-fill-6" />
        </svg>
        warning, critical
      </span>
    </div>
  );
}
