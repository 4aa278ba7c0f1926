/** When an action is due, what it does and what holds it back, in words. */

import { kindWord } from "../alerts/kinds";
import type { Action, Run } from "../data/actions";
import { counted } from "../format/number";
import { lengthOf } from "../format/time";
import type { RunState } from "../graphql/graphql";

export function whenInWords(action: Action): string {
  const kinds = action.on.includes("*")
    ? "any alert"
    : action.on.map((kind) => kindWord(kind).toLowerCase()).join(", ");
  const parts = [kinds, action.minLevel === "critical" ? "critical" : "from warning on"];
  const lasting: string[] = [];
  if (action.atLeast)
    lasting.push(`${counted(action.atLeast.alerts, "alert")} in ${lengthOf(action.atLeast.withinHours * 3600)}`);
  if (action.lastingHours) lasting.push(`lasts for ${lengthOf(action.lastingHours * 3600)}`);
  if (lasting.length > 0) parts.push(lasting.join(" or "));
  return parts.join(", ");
}

export function whatInWords(action: Action): string {
  if (action.webhook) return `${action.webhook.signed ? "Signed request" : "Request"} to ${hostOf(action.webhook.url)}`;
  return action.python ? `Python function ${action.python.entry}` : "";
}

function hostOf(url: string): string {
  return URL.parse(url)?.host ?? url;
}

export function railsInWords(action: Action): string[] {
  return [
    action.dryRun ? "Dry run: nothing is sent" : action.approval ? "After approval" : "By itself",
    `at most ${String(action.maxPerWeek)} a week per model, ${lengthOf(action.cooldownHours * 3600)} apart`,
  ];
}

const STATES: Record<RunState, string> = {
  PROPOSED: "Waits for approval",
  APPROVED: "Approved",
  RUNNING: "Running",
  DONE: "Done",
  FAILED: "Failed",
  REJECTED: "Rejected",
  EXPIRED: "Expired",
  DRY_RUN: "Dry run",
};

export function stateWord(state: RunState): string {
  return STATES[state];
}

const VERDICTS = { HELPED: "Helped", DID_NOT_HELP: "Did not help", UNKNOWN: "Cannot be said" } as const;

export function helpedWord(run: Run): string {
  if (run.helped) return VERDICTS[run.helped.verdict];
  return run.state === "DONE" ? "Cannot be said yet" : "";
}

export function sentence(actions: readonly Action[], runs: readonly Run[]): string {
  const waiting = runs.filter((run) => run.state === "PROPOSED").length;
  if (waiting > 0) return `${counted(waiting, "action waits", "actions wait")} for approval`;
  const on = actions.filter((action) => action.enabled);
  if (on.length === 0) return actions.length === 0 ? "No actions yet" : "All actions are switched off";
  const dry = on.filter((action) => action.dryRun).length;
  const first = `${counted(on.length, "action is", "actions are")} on`;
  return dry > 0 ? `${first}, ${dry === on.length ? "all" : String(dry)} as dry runs` : first;
}

/** Fields of the form as the body that is saved. `secret` is left out when it is empty, which keeps the stored one. */
export type Draft = {
  name: string;
  on: string;
  models: string;
  minLevel: "warning" | "critical";
  alerts: string;
  withinHours: string;
  lastingHours: string;
  does: "webhook" | "python";
  url: string;
  secret: string;
  entry: string;
  tell: string;
  dryRun: boolean;
  approval: boolean;
  cooldownHours: string;
  maxPerWeek: string;
  enabled: boolean;
};

export function draftOf(action: Action | null): Draft {
  return {
    name: action?.name ?? "",
    on: action?.on[0] ?? "concept_drift",
    models: action && !action.models.includes("*") ? action.models.join(", ") : "",
    minLevel: action?.minLevel === "critical" ? "critical" : "warning",
    alerts: String(action ? (action.atLeast?.alerts ?? "") : 3),
    withinHours: String(action ? (action.atLeast?.withinHours ?? "") : 24),
    lastingHours: String(action?.lastingHours ?? ""),
    does: action?.python ? "python" : "webhook",
    url: action?.webhook?.url ?? "",
    secret: "",
    entry: action?.python?.entry ?? "",
    tell: action?.tell.join(", ") ?? "",
    dryRun: action?.dryRun ?? true,
    approval: action?.approval ?? true,
    cooldownHours: String(action?.cooldownHours ?? 24),
    maxPerWeek: String(action?.maxPerWeek ?? 2),
    enabled: action?.enabled ?? true,
  };
}

const listed = (text: string) =>
  text
    .split(",")
    .map((each) => each.trim())
    .filter(Boolean);

export function bodyOf(draft: Draft, before: Action | null): Record<string, unknown> {
  const models = listed(draft.models);
  const on = before && before.on.length > 1 && draft.on === before.on[0] ? before.on : [draft.on];
  const does =
    draft.does === "webhook"
      ? { webhook: { url: draft.url.trim(), ...(draft.secret ? { secret: draft.secret } : {}) } }
      : { python: { entry: draft.entry.trim() } };
  const counts = draft.alerts.trim() !== "" && draft.withinHours.trim() !== "";
  return {
    name: draft.name.trim(),
    on,
    models: models.length > 0 ? models : ["*"],
    min_level: draft.minLevel,
    at_least: counts
      ? {
          alerts: Number(draft.alerts),
          within_hours: Number(draft.withinHours),
          any_kind: before?.atLeast?.anyKind ?? false,
        }
      : null,
    lasting_hours: draft.lastingHours.trim() === "" ? null : Number(draft.lastingHours),
    ...does,
    tell: listed(draft.tell),
    dry_run: draft.dryRun,
    approval: draft.approval,
    cooldown_hours: Number(draft.cooldownHours),
    max_per_week: Number(draft.maxPerWeek),
    enabled: draft.enabled,
  };
}
