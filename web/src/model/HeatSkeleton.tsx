import { Skeleton } from "../pieces/Skeleton";

/** The geometry of the map before its data. */
export function HeatSkeleton() {
  return (
    <div className="heat" aria-busy="true" aria-label="Reading drift">
      <div className="heat-head" />
      {Array.from({ length: 18 }, (_, index) => (
        <div key={index} className="heat-loading">
          <Skeleton width={72 + ((index * 37) % 60)} />
          <span className="heat-loading-bar" />
          <Skeleton width={40} />
        </div>
      ))}
    </div>
  );
}
