/** Which line is the window, and which what it is held against. */
export function WindowLegend({ baseline }: { baseline: boolean }) {
  return (
    <div className="legend">
      <span>
        <svg width="16" height="11" aria-hidden="true">
          <path d="M0 5.5H16" className="window-line" />
        </svg>
        window
      </span>
      {baseline && (
        <span>
          <svg width="16" height="11" aria-hidden="true">
            <path d="M0 5.5H16" className="reference-line" />
          </svg>
          baseline
        </span>
      )}
    </div>
  );
}
