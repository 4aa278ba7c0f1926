/** The choice of a reference: what the form holds, what is sent, and what each kind is good for. Pure. */

import type { Changes } from "../data/settings";

export type Kind = "" | "uploaded" | "first_rows" | "window" | "moving" | "seasonal";

/** Texts as typed; empty where the server decides. `last` is the last day inside, as people say it. */
export type ReferenceDraft = {
  kind: Kind;
  first: string;
  last: string;
  days: string;
  gap: string;
  weeks: string;
  zone: string;
};

export const KINDS: readonly { value: Kind; text: string; help: string }[] = [
  {
    value: "",
    text: "Automatic",
    help: "An uploaded reference when there is one, else the first rows that came.",
  },
  { value: "uploaded", text: "Uploaded data", help: "Training data, or any other frame that was set with the client." },
  { value: "first_rows", text: "The first rows", help: "What the model saw when it was new. Never changes." },
  {
    value: "window",
    text: "A fixed stretch of the past",
    help: "Days that were known to be good. Shows slow drift that a moving reference forgets.",
  },
  {
    value: "moving",
    text: "The days before each window",
    help: "Follows slow change and shows sudden change. What drifts slowly is never raised.",
  },
  {
    value: "seasonal",
    text: "The same time of the weeks before",
    help: "Night is held against nights and Monday against Mondays: for traffic with a daily or weekly rhythm.",
  },
];

const DAY = 86_400_000;
const NOTHING: ReferenceDraft = { kind: "", first: "", last: "", days: "", gap: "", weeks: "", zone: "" };

/** What was saved, as the form shows it. */
export function referenceDraft(saved: Record<string, unknown> | null): ReferenceDraft {
  if (saved === null) return NOTHING;
  const text = (name: string) => {
    const value = saved[name];
    return typeof value === "string" || typeof value === "number" ? String(value) : "";
  };
  const end = Date.parse(text("end"));
  return {
    kind: text("kind") as Kind,
    first: text("start").slice(0, 10),
    last: Number.isNaN(end) ? "" : new Date(end - DAY).toISOString().slice(0, 10),
    days: text("days"),
    gap: text("gap_hours"),
    weeks: text("weeks"),
    zone: text("timezone"),
  };
}

/** What is sent: null gives the decision back to the server. */
export function referenceSent(draft: ReferenceDraft): Changes | null {
  const some = (entries: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== ""));
  switch (draft.kind) {
    case "":
      return null;
    case "uploaded":
    case "first_rows":
      return { kind: draft.kind };
    case "window":
      return { kind: draft.kind, start: draft.first, end: dayAfter(draft.last) };
    case "moving":
      return { kind: draft.kind, ...some({ days: typed(draft.days), gap_hours: typed(draft.gap) }) };
    case "seasonal":
      return { kind: draft.kind, ...some({ weeks: typed(draft.weeks), timezone: draft.zone.trim() }) };
  }
}

/** False while days are still to be chosen: then there is nothing to ask the server. */
export function isComplete(draft: ReferenceDraft): boolean {
  return draft.kind !== "window" || (draft.first !== "" && draft.last !== "");
}

function dayAfter(day: string): string {
  const time = Date.parse(day);
  return Number.isNaN(time) ? day : new Date(time + DAY).toISOString().slice(0, 10);
}

function typed(text: string): number | string {
  const value = Number(text.trim().replace(",", "."));
  return text.trim() === "" ? "" : Number.isNaN(value) ? text : value;
}
