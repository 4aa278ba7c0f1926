/** The one thing that turns: it says that the page listens. Still under reduced motion. */
export function WaitingRing() {
  return (
    <svg
      className="waiting-ring"
      width="18"
      height="18"
      viewBox="0 0 18 18"
      aria-hidden="true"
      fill="none"
      strokeWidth="2"
    >
      <circle cx="9" cy="9" r="7.5" stroke="var(--line)" />
      <path d="M9 1.5A7.5 7.5 0 0 1 16.5 9" stroke="var(--accent)" />
    </svg>
  );
}
