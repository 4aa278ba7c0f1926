/** The two charts' room before their data. */
export function FeatureSkeleton() {
  return (
    <div className="feature-loading" aria-busy="true" aria-label="Reading the feature">
      <span className="loading-block is-tall" />
      <span className="loading-block" />
      <span className="loading-block" />
      <span className="loading-block" />
    </div>
  );
}
