/** What a person can decide about alerts, and the words for it. Pure. */

import { counted } from "../format/number";
import type { AlertStatus, AlertVerb } from "../graphql/graphql";

/** As much of an alert as a decision needs. */
export type Target = {
  id: string;
  title: string;
  status: AlertStatus;
  assignedTo: string;
  verbs: readonly AlertVerb[];
};

const PAST: Record<AlertVerb, string> = {
  ACKNOWLEDGE: "Acknowledged",
  UNACKNOWLEDGE: "Took back the acknowledgement of",
  SILENCE: "Silenced",
  UNSILENCE: "Ended the silence of",
  RESOLVE: "Resolved",
  REOPEN: "Opened again",
  ASSIGN: "Assigned",
  COMMENT: "Commented on",
};

const STATUS_WORDS: Record<AlertStatus, string> = {
  PENDING: "pending: it passes or fires by itself",
  FIRING: "firing",
  ACKNOWLEDGED: "acknowledged already",
  SILENCED: "silenced already",
  RESOLVED: "resolved already",
};

const BACK: Partial<Record<AlertVerb, AlertVerb>> = {
  ACKNOWLEDGE: "UNACKNOWLEDGE",
  SILENCE: "UNSILENCE",
  RESOLVE: "REOPEN",
};

/** The verb that takes another back, where there is one. */
export function undoing(verb: AlertVerb): AlertVerb | undefined {
  return BACK[verb];
}

/** The alerts that a verb changes now; what is acknowledged already needs no second time. */
export function changeable(verb: AlertVerb, targets: readonly Target[]): Target[] {
  return targets.filter(
    (each) => each.verbs.includes(verb) && !(verb === "ACKNOWLEDGE" && each.status === "ACKNOWLEDGED"),
  );
}

/** Why a verb changes none of the alerts. */
export function unchanged(targets: readonly Target[]): string {
  if (targets.length === 0) return "No alert is chosen: J and K move, X selects.";
  if (targets.length === 1) return `This alert is ${STATUS_WORDS[targets[0].status]}.`;
  return `None of the ${counted(targets.length, "alert")} can be changed so.`;
}

/** `this alert`, or `3 alerts`. */
export function whatText(targets: readonly Target[]): string {
  return targets.length === 1 ? "this alert" : counted(targets.length, "alert");
}

/** `Acknowledged 3 alerts`; says so where some could not be changed. */
export function doneText(verb: AlertVerb, changed: number, failed: number): string {
  const done = `${PAST[verb]} ${counted(changed, "alert")}`;
  return failed === 0 ? done : `${done}; ${counted(failed, "alert")} could not be changed`;
}
