import type { AlertStatus } from "../graphql/graphql";

const WORDS: Record<AlertStatus, string> = {
  PENDING: "Pending",
  FIRING: "Firing",
  ACKNOWLEDGED: "Acknowledged",
  SILENCED: "Silenced",
  RESOLVED: "Resolved",
};
const ORDER: readonly AlertStatus[] = ["FIRING", "PENDING", "ACKNOWLEDGED", "SILENCED", "RESOLVED"];

export function statusWord(status: AlertStatus): string {
  return WORDS[status];
}

/** Open ones first, worst status first, then the newest. */
export function byUrgency(
  a: { status: AlertStatus; openedAt: string },
  b: { status: AlertStatus; openedAt: string },
): number {
  return ORDER.indexOf(a.status) - ORDER.indexOf(b.status) || (a.openedAt < b.openedAt ? 1 : -1);
}

export function isOpen(status: AlertStatus): boolean {
  return status !== "RESOLVED";
}
