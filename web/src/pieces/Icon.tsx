const PATHS = {
  fleet: "M2 4h12M2 8h12M2 12h8",
  bell: "M4 11.5V7a4 4 0 0 1 8 0v4.5l1 1H3zM6.8 14h2.4",
  search: "M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zM10.5 10.5 14 14",
  system: "M2.5 3h11v4h-11zM2.5 9h11v4h-11zM5 5h.01M5 11h.01",
  clock: "M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2zM8 4.8V8l2.2 1.6",
  down: "M4.5 6.5 8 10l3.5-3.5",
  left: "M9.5 4 5.5 8l4 4",
  right: "M6.5 4l4 4-4 4",
  close: "M4 4l8 8M12 4l-8 8",
  moon: "M13 9.6A5.6 5.6 0 0 1 6.4 3a5.6 5.6 0 1 0 6.6 6.6z",
  sun: "M8 5a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1.1 1.1M11.9 11.9 13 13M13 3l-1.1 1.1M4.1 11.9 3 13",
  menu: "M2 4h12M2 8h12M2 12h12",
  copy: "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3",
  check: "M3 8.5 6.5 12 13 4.5",
  cross: "M4 4l8 8M12 4l-8 8",
  silence: "M4 11.5V7a4 4 0 0 1 6.6-3M12 7v4.5l1 1H5.5M6.8 14h2.4M2 2l12 12",
  rules: "M2 4.5h6M11 4.5h3M8 3v3M2 11.5h3M8 11.5h6M5 10v3",
  channel: "M2.5 3h11v8h-6l-3 2.5V11h-2z",
  action: "M9 1.5 3.5 9H8l-1 5.5L12.5 7H8z",
  link: "M6.5 9.5l3-3M7 5l1.6-1.6a2.9 2.9 0 0 1 4 4L11 9M9 11l-1.6 1.6a2.9 2.9 0 0 1-4-4L5 7",
  person: "M8 2.5a2.75 2.75 0 1 1 0 5.5 2.75 2.75 0 0 1 0-5.5zM2.8 14c.5-3 2.6-4.3 5.2-4.3s4.7 1.3 5.2 4.3",
  table: "M2.5 3h11v10h-11zM2.5 6.5h11M6.5 6.5V13",
} as const;

/** A line icon of 16 px, always beside a word or inside a named button. */
export function Icon({ name, size = 16 }: { name: keyof typeof PATHS; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      aria-hidden="true"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
