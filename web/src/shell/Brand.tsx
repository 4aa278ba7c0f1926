export function Brand() {
  return (
    <svg
      width="18"
      height="10"
      viewBox="0 0 18 10"
      aria-hidden="true"
      fill="none"
      stroke="var(--accent)"
      strokeWidth="2.2"
      strokeLinecap="round"
    >
      <path d="M1.4 6.4C3.4 2 5.6 1.6 8 4.6s5 3.2 8.6-1" />
    </svg>
  );
}
