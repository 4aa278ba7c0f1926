/** The stretch of event time that charts show. `range=7d`, `range=all`, or an ISO 8601 interval `start/end`. */

export type TimeRange =
  { kind: "last"; days: number } | { kind: "all" } | { kind: "between"; start: number; end: number };

const DAY = 24 * 60 * 60 * 1000;

export const PRESETS: { text: string; range: TimeRange; name: string }[] = [
  { name: "1d", text: "Last 24 hours", range: { kind: "last", days: 1 } },
  { name: "7d", text: "Last 7 days", range: { kind: "last", days: 7 } },
  { name: "30d", text: "Last 30 days", range: { kind: "last", days: 30 } },
  { name: "90d", text: "Last 90 days", range: { kind: "last", days: 90 } },
  { name: "all", text: "Everything", range: { kind: "all" } },
];

/** Null when the address names no range: the model's own default applies. `start`/`end` come from outside links. */
export function readRange(search: URLSearchParams): TimeRange | null {
  const text = search.get("range");
  const preset = PRESETS.find((each) => each.name === text);
  if (preset) return preset.range;
  const [from, until] = text?.split("/") ?? [search.get("start"), search.get("end")];
  const start = Date.parse(from ?? "");
  const end = Date.parse(until ?? "");
  return start < end ? { kind: "between", start, end } : null;
}

export function writeRange(range: TimeRange): string {
  if (range.kind === "all") return "all";
  if (range.kind === "last") return `${String(range.days)}d`;
  const minute = (time: number) => Math.round(time / 60_000) * 60_000;
  return `${iso(minute(range.start))}/${iso(minute(range.end))}`;
}

function iso(time: number): string {
  return new Date(time).toISOString().replace(/(:00)?\.000Z$/, "Z");
}

/** Live models show 30 days; a replay shows all that was replayed, for there is nothing else to wait for. */
export function defaultRange(live: boolean): TimeRange {
  return live ? { kind: "last", days: 30 } : { kind: "all" };
}

/**
 * The bounds to ask the server for, null = its own end; `first` is the model's first event. Relative ranges are floored to `grid` milliseconds,
 * so that the question stays the same, and its answer cached, between two windows.
 */
export function boundsOf(
  range: TimeRange,
  first: number,
  now: number,
  grid: number,
): { start: string | null; end: string | null } {
  if (range.kind === "all") return { start: full(Math.floor(first / grid) * grid), end: null };
  if (range.kind === "between") return { start: full(range.start), end: full(range.end) };
  return { start: full(Math.floor((now - range.days * DAY) / grid) * grid), end: null };
}

function full(time: number): string {
  return new Date(time).toISOString();
}
