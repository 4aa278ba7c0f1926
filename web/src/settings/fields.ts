/** The settings that the form knows: how each is shown, typed and sent. Pure. */

import type { Changes, Held, Settings } from "../data/settings";

import { fairnessChanges, fairnessDraft, type FairnessDraft } from "./fairness";
import { referenceDraft, referenceSent, type ReferenceDraft } from "./reference";
import { segmentChanges, segmentDraft, type SegmentDraft } from "./segments";

export type NumberField = {
  name: keyof Settings & keyof Held["settingDefaults"];
  /** Its name in a change, and in the server's complaints. */ sent: string;
  label: string;
  unit: string;
  /** What one typed unit is worth: points of a share are hundredths. */ worth: number;
};

export const FLOORS: readonly NumberField[] = [
  { name: "psiWarning", sent: "psi_warning", label: "PSI, warning from", unit: "", worth: 1 },
  { name: "psiCritical", sent: "psi_critical", label: "PSI, critical from", unit: "", worth: 1 },
  {
    name: "missingWarning",
    sent: "missing_warning",
    label: "Unusable rows, warning from",
    unit: "points",
    worth: 0.01,
  },
  {
    name: "missingCritical",
    sent: "missing_critical",
    label: "Unusable rows, critical from",
    unit: "points",
    worth: 0.01,
  },
];

export const BUDGET: NumberField = {
  name: "alertsPer1000Days",
  sent: "alerts_per_1000_days",
  label: "False alerts allowed",
  unit: "in 1,000 days",
  worth: 1,
};

export const AGREE: readonly NumberField[] = [
  { name: "k", sent: "k", label: "Windows that must agree", unit: "", worth: 1 },
  { name: "n", sent: "n", label: "Of the newest windows", unit: "", worth: 1 },
];

export const INTERVAL: NumberField = {
  name: "checkIntervalSeconds",
  sent: "check_interval_seconds",
  label: "Changes are collected for",
  unit: "seconds",
  worth: 1,
};

export const HORIZON: NumberField = {
  name: "labelHorizonDays",
  sent: "label_horizon_days",
  label: "Labels are awaited for",
  unit: "days",
  worth: 1,
};

const NUMBERS: readonly NumberField[] = [...FLOORS, BUDGET, ...AGREE, INTERVAL, HORIZON];

/** What stands in the form: texts as typed, empty where the server decides. */
export type Draft = Record<NumberField["name"], string> & {
  window: string;
  critical: boolean;
  reference: ReferenceDraft;
  segments: SegmentDraft;
  task: string;
  positiveLabel: string;
  fairness: FairnessDraft;
};

export function draftOf(settings: Settings): Draft {
  const numbers = NUMBERS.map((field) => [field.name, shown(field, settings[field.name])]);
  return {
    ...(Object.fromEntries(numbers) as Record<NumberField["name"], string>),
    window: settings.window,
    critical: settings.critical,
    reference: referenceDraft(settings.reference),
    segments: segmentDraft(settings.segments),
    task: settings.task ?? "",
    positiveLabel: settings.positiveLabel ?? "",
    fairness: fairnessDraft(settings.fairness),
  };
}

/** A number as the form shows it; empty for none. */
export function shown(field: NumberField, value: number | null): string {
  return value === null ? "" : String(Number((value / field.worth).toPrecision(6)));
}

/** What is different from what was saved, as it is sent. k and n travel together, for neither says anything alone. */
export function changesOf(draft: Draft, saved: Settings, defaults: Held["settingDefaults"]): Changes {
  const before = draftOf(saved);
  const changes: Changes = {};
  for (const field of NUMBERS) {
    if (draft[field.name].trim() !== before[field.name]) changes[field.sent] = sent(field, draft[field.name]);
  }
  if ("k" in changes || "n" in changes) {
    const [k, n] = AGREE.map((field) => sent(field, draft[field.name]));
    const both = k === null && n === null;
    changes["k"] = both ? null : (k ?? defaults.k);
    changes["n"] = both ? null : (n ?? defaults.n);
  }
  if (draft.window !== saved.window) changes["window"] = draft.window;
  if (draft.critical !== saved.critical) changes["critical"] = draft.critical;
  const reference = referenceSent(draft.reference);
  if (JSON.stringify(reference) !== JSON.stringify(referenceSent(before.reference))) changes["reference"] = reference;
  if (draft.task !== before.task) changes["task"] = draft.task || null;
  if (draft.positiveLabel !== before.positiveLabel) changes["positive_label"] = draft.positiveLabel || null;
  return {
    ...changes,
    ...segmentChanges(draft.segments, saved.segments),
    ...fairnessChanges(draft.fairness, saved.fairness),
  };
}

/** A typed number as it is sent; what is no number goes as text, and the server says what it wants. */
function sent(field: NumberField, typed: string): number | string | null {
  const text = typed.trim().replace(",", ".");
  if (text === "") return null;
  const value = Number(text);
  return Number.isNaN(value) ? typed : Number((value * field.worth).toPrecision(12));
}

export type Place = "reference" | "segments" | "fairness" | "outcome" | "agree" | "foot" | NumberField["name"];

const PARTS: readonly [RegExp, Place][] = [
  [/^(k of n|[kn]\b)/, "agree"],
  [
    /^(reference|days|weeks|gap_hours|timezone|start|end|kind)\b|reference of first rows|uploaded reference|in these days/,
    "reference",
  ],
  [/^fairness\b/, "fairness"],
  [/^(task|positive_label)\b/, "outcome"],
  [/^(segments|max_segments)\b|tag or feature|no segments/, "segments"],
];

/** Where in the form a complaint of the server belongs; at the foot when it is about several fields. */
export function placeOf(message: string, named: string): Place {
  const subject = named || message;
  const field = NUMBERS.find((each) => each.sent.length > 1 && (named ? named === each.sent : false));
  return field?.name ?? PARTS.find(([about]) => about.test(subject))?.[1] ?? "foot";
}

/** The server's words about a field, in the form's own: its label in the place of its name. */
export function complaint(message: string, hint: string): string {
  const label = NUMBERS.find((field) => field.sent.length > 1 && message.startsWith(`${field.sent} `));
  const said = label ? message.slice(label.sent.length + 1) : message;
  const points = label?.worth === 0.01 ? inPoints(said) : said;
  const first = points.charAt(0).toUpperCase() + points.slice(1);
  const next = hint === "" || hint.includes("{") ? "" : ` ${hint.charAt(0).toUpperCase()}${hint.slice(1)}.`;
  return `${first}.${next}`;
}

/** Bounds of a share, told as points. */
function inPoints(text: string): string {
  return text.replace(/\d+(\.\d+)?/g, (share) => String(Number((Number(share) * 100).toPrecision(6))));
}
