/** A rule as its form holds it, and the body that is saved. */

import type { Rule } from "../data/rules";

export const ANY_MODEL = "__any__";

export type ConditionDraft = {
  by: "value" | "level";
  metric: string;
  feature: string;
  segment: string;
  group: string;
  operator: string;
  threshold: string;
  change: "" | "absolute" | "percent";
  windowsAgo: string;
  level: "warning" | "critical";
};

export type RuleDraft = {
  name: string;
  model: string;
  joined: "all" | "any";
  conditions: readonly ConditionDraft[];
  k: string;
  n: string;
  minRows: string;
  environment: string;
  severity: string;
  channels: string;
  description: string;
  days: readonly string[];
  from: string;
  to: string;
  zone: string;
  enabled: boolean;
};

export const NEW_CONDITION: ConditionDraft = {
  by: "value",
  metric: "psi",
  feature: "",
  segment: "",
  group: "",
  operator: "greater_than",
  threshold: "",
  change: "",
  windowsAgo: "",
  level: "warning",
};

export const NEW_RULE: RuleDraft = {
  name: "",
  model: "",
  joined: "all",
  conditions: [NEW_CONDITION],
  k: "1",
  n: "1",
  minRows: "200",
  environment: "",
  severity: "warning",
  channels: "",
  description: "",
  days: [],
  from: "",
  to: "",
  zone: "",
  enabled: true,
};

type Said = Record<string, unknown>;

const text = (value: unknown, otherwise = "") =>
  typeof value === "string" || typeof value === "number" ? String(value) : otherwise;

const list = (value: unknown): string[] => (Array.isArray(value) ? value.map((each) => text(each)) : []);

/** The form of a stored rule; null for one whose conditions are nested, which the form cannot show. */
export function draftOf(rule: Rule): RuleDraft | null {
  const body = rule.body;
  const joined = body["any"] ? "any" : "all";
  const parts = (body["condition"] ? [body["condition"]] : (body["all"] ?? body["any"] ?? [])) as Said[];
  if (parts.some((part) => part["all"] ?? part["any"])) return null;
  const lasting = (body["for"] ?? {}) as Said;
  const schedule = (body["schedule"] ?? {}) as Said;
  return {
    name: rule.name,
    model: rule.modelId,
    joined,
    conditions: parts.map(conditionOf),
    k: text(lasting["k"], "1"),
    n: text(lasting["n"], "1"),
    minRows: text(body["min_rows"], "200"),
    environment: text(body["environment"]),
    severity: rule.severity,
    channels: rule.channels.join(", "),
    description: rule.description,
    days: list(schedule["days"]),
    from: text(schedule["from"]),
    to: text(schedule["to"]),
    zone: text(schedule["zone"]),
    enabled: rule.enabled,
  };
}

function conditionOf(said: Said): ConditionDraft {
  const isLevel = said["level"] !== undefined || said["subject"] !== undefined;
  return {
    by: isLevel ? "level" : "value",
    metric: text(isLevel ? (said["subject"] ?? said["metric"]) : said["metric"]),
    feature: text(said["feature"]),
    segment: text(said["segment"]),
    group: text(said["group"]),
    operator: text(said["operator"], "greater_than"),
    threshold: text(said["threshold"]),
    change: said["change"] === "absolute" || said["change"] === "percent" ? said["change"] : "",
    windowsAgo: text(said["windows_ago"]),
    level: said["level"] === "critical" ? "critical" : "warning",
  };
}

const given = (name: string, value: string): Said => (value.trim() === "" ? {} : { [name]: value.trim() });

function conditionBody(draft: ConditionDraft): Said {
  const where = {
    ...given("feature", draft.feature),
    ...given("segment", draft.segment),
    ...given("group", draft.group),
  };
  if (draft.by === "level") return { subject: draft.metric, level: draft.level, ...where };
  if (draft.operator === "outside_chance") return { metric: draft.metric, operator: draft.operator, ...where };
  const change = draft.change
    ? { change: draft.change, ...(draft.windowsAgo.trim() ? { windows_ago: Number(draft.windowsAgo) } : {}) }
    : {};
  return {
    metric: draft.metric.trim(),
    ...where,
    operator: draft.operator,
    threshold: Number(draft.threshold),
    ...change,
  };
}

export function bodyOf(draft: RuleDraft): Said {
  const conditions = draft.conditions.map(conditionBody);
  const channels = draft.channels
    .split(",")
    .map((each) => each.trim())
    .filter(Boolean);
  const isScheduled = draft.days.length > 0 || draft.from !== "" || draft.to !== "";
  return {
    rule_name: draft.name.trim(),
    model_id: draft.model.trim(),
    ...(conditions.length === 1 ? { condition: conditions[0] } : { [draft.joined]: conditions }),
    for: { k: Number(draft.k), n: Number(draft.n) },
    min_rows: Number(draft.minRows),
    ...given("environment", draft.environment),
    severity: draft.severity,
    channels,
    ...(isScheduled
      ? {
          schedule: {
            ...(draft.days.length > 0 ? { days: draft.days } : {}),
            ...given("from", draft.from),
            ...given("to", draft.to),
            ...given("zone", draft.zone),
          },
        }
      : {}),
    ...given("description", draft.description),
    enabled: draft.enabled,
  };
}

/** Why the draft cannot be saved or tried yet; '' when it can. */
export function lacking(draft: RuleDraft): string {
  if (draft.name.trim() === "") return "Give it a name";
  if (draft.model.trim() === "") return "Choose a model, or every model";
  for (const condition of draft.conditions) {
    if (condition.metric.trim() === "") return "Choose what is watched";
    const isNumber = condition.threshold.trim() !== "" && Number.isFinite(Number(condition.threshold));
    if (condition.by === "value" && condition.operator !== "outside_chance" && !isNumber) return "Give a threshold";
  }
  return "";
}
