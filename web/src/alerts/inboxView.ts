/** Which alerts the inbox shows, read from the address. Pure. */

import type { AlertStatus, Level } from "../graphql/graphql";
import { LEVELS } from "../levels/level";
import { withSearch } from "../navigation/location";

export const SHELVES = ["open", "firing", "pending", "acknowledged", "silenced", "resolved"] as const;

/** A status, or all that are not resolved. */
export type Shelf = (typeof SHELVES)[number];

export type InboxView = {
  shelf: Shelf;
  levels: Level[];
  kind: string | null;
  model: string | null;
  environment: string | null;
  /** A name, or `me`, or `nobody`. */
  assigned: string | null;
  group: string | null;
  words: string;
};

const NAMES = ["status", "level", "kind", "model", "env", "assigned", "group", "q"] as const;

/** Levels that an alert can have; the others are states of checks. */
export const ALERT_LEVELS: readonly Level[] = LEVELS.filter((level) =>
  ["CRITICAL", "WARNING", "NOTICE"].includes(level),
);

export function readInbox(search: URLSearchParams): InboxView {
  const levels = (search.get("level") ?? "").toUpperCase().split(",");
  return {
    shelf: SHELVES.find((each) => each === search.get("status")) ?? "open",
    levels: ALERT_LEVELS.filter((level) => levels.includes(level)),
    kind: search.get("kind"),
    model: search.get("model"),
    environment: search.get("env"),
    assigned: search.get("assigned"),
    group: search.get("group"),
    words: search.get("q") ?? "",
  };
}

/** The inbox's part of an address, to go on in an alert's page and back. */
export function inboxSearch(search: URLSearchParams): string {
  const mine = new URLSearchParams();
  for (const name of NAMES) {
    const value = search.get(name);
    if (value !== null) mine.set(name, value);
  }
  return withSearch(mine, {});
}

/** Every filter but the shelf is taken away. */
export const NO_FILTERS: Record<string, null> = Object.fromEntries(
  NAMES.filter((name) => name !== "status").map((name) => [name, null]),
);

/** True when something besides the shelf narrows the list. */
export function isNarrowed(view: InboxView): boolean {
  const { levels, kind, model, environment, assigned, group, words } = view;
  return levels.length > 0 || words !== "" || [kind, model, environment, assigned, group].some((each) => each !== null);
}

const OPEN: readonly AlertStatus[] = ["FIRING", "PENDING", "ACKNOWLEDGED", "SILENCED"];

export function statusesOf(shelf: Shelf): AlertStatus[] {
  return shelf === "open" ? [...OPEN] : [shelf.toUpperCase() as AlertStatus];
}
