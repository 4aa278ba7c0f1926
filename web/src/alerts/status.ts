import type { AlertLine } from "../data/alerts";
import { at } from "../format/time";
import type { AlertStatus, Level } from "../graphql/graphql";
import { levelRank } from "../levels/level";

const WORDS: Record<AlertStatus, string> = {
  PENDING: "Pending",
  FIRING: "Firing",
  ACKNOWLEDGED: "Acknowledged",
  SILENCED: "Silenced",
  RESOLVED: "Resolved",
};
const ORDER: readonly AlertStatus[] = ["FIRING", "ACKNOWLEDGED", "SILENCED", "PENDING", "RESOLVED"];

type Urgent = { status: AlertStatus; level: Level; openedAt: string };

export function statusWord(status: AlertStatus): string {
  return WORDS[status];
}

/** What nobody has seen yet first, then the worst level, then the newest. */
export function byUrgency(a: Urgent, b: Urgent): number {
  const level = isOpen(a.status) ? levelRank(a.level) - levelRank(b.level) : 0;
  return ORDER.indexOf(a.status) - ORDER.indexOf(b.status) || level || (a.openedAt < b.openedAt ? 1 : -1);
}

export function isOpen(status: AlertStatus): boolean {
  return status !== "RESOLVED";
}

/** Milliseconds for which an alert has gone on: by the clock while it is open and live, else by its own events. */
export function heldSince(
  alert: Pick<AlertLine, "openedAt" | "resolvedAt" | "checkedAt" | "historic">,
  now: number,
): number {
  const until = alert.resolvedAt !== null ? at(alert.resolvedAt) : alert.historic ? at(alert.checkedAt) : now;
  return Math.max(0, until - at(alert.openedAt));
}

/** The segment or group that an alert is about, the worst first, and how many others are. */
export function whereOf(alert: {
  items: readonly { segment: string | null; figure: { group: string | null } | null }[];
}): {
  segment: string | null;
  more: number;
} {
  const places = new Set(alert.items.map((item) => item.segment ?? item.figure?.group ?? null));
  const named = [...places].filter((each): each is string => each !== null);
  return { segment: named.at(0) ?? null, more: Math.max(0, named.length - 1) };
}

/** The level that says why the newest window could not be judged; null when it could. */
export function unjudged({ status, evaluation }: Pick<AlertLine, "status" | "evaluation">): Level | null {
  return evaluation.state === "EVALUATED" || !isOpen(status) ? null : evaluation.state;
}
