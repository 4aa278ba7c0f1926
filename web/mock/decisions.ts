/** Lists and counts the mock's alerts, and does what a person decides about them. */

import type { AlertStatus, AlertVerb, AlertsWanted } from "../src/graphql/graphql";

import type { MockAlert } from "./alerts.ts";

const ON: AlertStatus[] = ["FIRING", "ACKNOWLEDGED", "SILENCED"];
const WHEN: Record<AlertVerb, AlertStatus[]> = {
  ACKNOWLEDGE: ON,
  UNACKNOWLEDGE: ["ACKNOWLEDGED"],
  SILENCE: ON,
  UNSILENCE: ["SILENCED"],
  RESOLVE: ON,
  REOPEN: ["RESOLVED"],
  ASSIGN: ON,
  COMMENT: [...ON, "RESOLVED"],
};

export const shown = (each: MockAlert) => ({
  ...each,
  verbs: (Object.keys(WHEN) as AlertVerb[]).filter((verb) => WHEN[verb].includes(each.status)),
});

type Asked = {
  modelId?: string | null;
  environment?: string | null;
  where?: AlertsWanted | null;
  after?: string | null;
  limit?: number;
};

function wanted(all: readonly MockAlert[], { modelId, environment, where }: Asked): MockAlert[] {
  const words = where?.text?.toLowerCase() ?? "";
  const open = (value: string | null | undefined, mine: string | null) =>
    value === null || value === undefined || value === mine;
  return all.filter(
    (each) =>
      open(modelId, each.modelId) &&
      open(environment, each.environment) &&
      open(where?.assignedTo, each.assignedTo) &&
      open(where?.group, each.group) &&
      (where?.level?.includes(each.level) ?? true) &&
      (where?.kind?.includes(each.kind) ?? true) &&
      `${each.title} ${each.modelId} ${each.kind} ${each.assignedTo}`.toLowerCase().includes(words),
  );
}

export function listed(all: readonly MockAlert[], asked: Asked) {
  const { where, after, limit = 100 } = asked;
  const found = wanted(all, asked)
    .filter((each) => where?.status?.includes(each.status) ?? each.status !== "PENDING")
    .sort(
      (a, b) => Number(a.status === "RESOLVED") - Number(b.status === "RESOLVED") || (a.openedAt < b.openedAt ? 1 : -1),
    );
  const from = after ? found.findIndex((each) => each.id === after) + 1 : 0;
  return found.slice(from, from + limit).map(shown);
}

export function counted(all: readonly MockAlert[], asked: Asked) {
  const found = wanted(all, asked);
  return (["PENDING", "FIRING", "ACKNOWLEDGED", "SILENCED", "RESOLVED"] as const).map((status) => ({
    status,
    count: found.filter((each) => each.status === status).length,
  }));
}

export type Said = { ids: string[]; verb: AlertVerb; by: string; comment: string; hours: number; to: string };

const AFTER: Partial<Record<AlertVerb, AlertStatus>> = {
  ACKNOWLEDGE: "ACKNOWLEDGED",
  UNACKNOWLEDGE: "FIRING",
  SILENCE: "SILENCED",
  UNSILENCE: "FIRING",
  RESOLVE: "RESOLVED",
  REOPEN: "FIRING",
};

export function decide(all: readonly MockAlert[], { ids, verb, by, comment, hours, to }: Said) {
  const refused: { id: string; reason: string }[] = [];
  const alerts = ids.flatMap((id) => {
    const found = all.find((each) => each.id === id);
    if (!found || !WHEN[verb].includes(found.status)) {
      refused.push({
        id,
        reason: found ? `alert ${id} is ${found.status.toLowerCase()} already` : `there is no alert ${id}`,
      });
      return [];
    }
    const at = new Date().toISOString();
    found.status = AFTER[verb] ?? found.status;
    found.acknowledgedBy = found.status === "ACKNOWLEDGED" ? by || found.acknowledgedBy : "";
    found.silencedUntil = verb === "SILENCE" ? new Date(Date.now() + hours * 3_600_000).toISOString() : null;
    if (verb === "RESOLVE" || verb === "REOPEN") found.resolvedAt = verb === "RESOLVE" ? at : null;
    if (verb === "ASSIGN") found.assignedTo = to;
    const past =
      { COMMENT: comment, ASSIGN: `Assigned to ${to}` }[verb as string] ?? `${verb[0]}${verb.slice(1).toLowerCase()}d`;
    found.events.unshift({ at, kind: verb === "COMMENT" ? "comment" : `${verb.toLowerCase()}d`, text: past, by });
    return [shown(found)];
  });
  return { alerts, refused };
}
