import { Skeleton } from "../pieces/Skeleton";

/** The page's shape before its text: header, facts, chart, rows. */
export function AlertSkeleton() {
  return (
    <div aria-busy="true" aria-label="Reading the alert">
      <div className="alert-header">
        <div className="alert-title">
          <Skeleton width={320} height={12} />
        </div>
        <div className="alert-actions">
          <Skeleton width={160} />
        </div>
      </div>
      <div className="alert-facts">
        {[0, 1, 2, 3, 4].map((each) => (
          <div key={each} className="alert-fact-loading">
            <Skeleton width={48} />
            <Skeleton width={96} />
          </div>
        ))}
      </div>
      <div className="alert-section">
        <div className="loading-block is-tall" />
      </div>
    </div>
  );
}
