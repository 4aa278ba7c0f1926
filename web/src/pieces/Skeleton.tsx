/** A grey bar where text will stand, so that nothing shifts when it comes. */
export function Skeleton({ width, height = 8 }: { width: number; height?: number }) {
  return (
    <svg className="skeleton-bar" width={width} height={height} aria-hidden="true">
      <rect width={width} height={height} rx="2" fill="var(--line)" />
    </svg>
  );
}
