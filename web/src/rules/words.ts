/** Rules and their states in words. */

import type { Rule } from "../data/rules";
import { counted } from "../format/number";
import type { Level } from "../graphql/graphql";

import { ANY_MODEL } from "./draft";

const SEVERITIES: Record<string, string> = {
  info: "Info",
  warning: "Warning",
  critical: "Critical",
  by_level: "As decided",
};

export function severityWord(severity: string): string {
  return SEVERITIES[severity] ?? severity;
}

export const SEVERITY_CHOICES = Object.entries(SEVERITIES);

const STATES: Record<string, [Level, string]> = {
  ok: ["OK", "Holds"],
  pending: ["NOTICE", "Pending"],
  firing: ["WARNING", "Fires"],
  no_data: ["NO_DATA", "No data"],
  insufficient_data: ["INSUFFICIENT_DATA", "Too few rows"],
  error: ["ERROR", "Cannot be evaluated"],
  off_schedule: ["NO_DATA", "Outside its hours"],
};

/** The mark and the word of a rule's state; a rule that fires is marked by its severity. */
export function stateOf(rule: Rule): [Level, string] {
  if (!rule.enabled) return ["NO_DATA", "Switched off"];
  if (rule.openAlerts > 0)
    return [rule.severity === "critical" ? "CRITICAL" : "WARNING", counted(rule.openAlerts, "alert")];
  return STATES[rule.state ?? ""] ?? ["INSUFFICIENT_DATA", rule.builtIn ? "Nothing fires" : "Not evaluated yet"];
}

/** Why it is not evaluated, where that is so. */
export function reasonOf(rule: Rule): string {
  const troubled = rule.states.filter((each) => !["ok", "pending", "firing"].includes(each.state) && each.text);
  if (!rule.enabled || troubled.length === 0) return "";
  const [first] = troubled;
  const more = troubled.length > 1 ? ` and ${counted(troubled.length - 1, "other")}` : "";
  return `${first.modelId}: ${first.text}${more}`;
}

export function modelWord(model: string): string {
  return model === ANY_MODEL ? "Every model" : model;
}

export function sentence(rules: readonly Rule[]): string {
  const own = rules.filter((rule) => !rule.builtIn);
  const firing = rules.filter((rule) => rule.openAlerts > 0).length;
  const first = firing > 0 ? `${counted(firing, "rule fires", "rules fire")}` : "No rule fires";
  const written = own.length > 0 ? `${counted(own.length, "rule", "rules")} of your own` : "no rule of your own";
  return `${first}; ${counted(rules.length - own.length, "rule holds", "rules hold")} without anyone writing one, ${written}`;
}
