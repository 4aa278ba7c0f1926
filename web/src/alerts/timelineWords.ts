/** How lines of an alert's history are grouped and marked. Pure. */

import type { AlertDetail } from "../data/alerts";
import { upper } from "../format/prose";
import { at, day } from "../format/time";
import type { Level } from "../graphql/graphql";

export type Event = AlertDetail["events"][number];

/** What a mark tells: a level's shape, a person, a message that went out or did not, or the system at work. */
export type Mark = { kind: "level"; level: Level } | { kind: "person" | "sent" | "held" | "plain" };

export function markOf(event: Event): Mark {
  const kind = event.kind.toLowerCase();
  const text = event.text.toLowerCase();
  if (kind === "resolved") return { kind: "level", level: "OK" };
  if (event.by !== "") return { kind: "person" };
  if (kind === "sent") return { kind: "sent" };
  if (kind === "not_sent" || kind === "not_acted") return { kind: "held" };
  if (kind === "no_data") return { kind: "level", level: "NO_DATA" };
  if (kind === "error" || kind === "not_delivered") return { kind: "level", level: "ERROR" };
  if (kind === "insufficient_data") return { kind: "level", level: "INSUFFICIENT_DATA" };
  if (kind === "firing" || kind === "level" || kind === "pending")
    return { kind: "level", level: levelIn(kind === "level" ? text.slice(text.indexOf("now")) : text) };
  return { kind: "plain" };
}

function levelIn(text: string): Level {
  if (text.includes("critical")) return "CRITICAL";
  return text.includes("warning") ? "WARNING" : "NOTICE";
}

/** The first sentence of a line, and what explains it below: after a semicolon or a quotation mark. */
export function partsOf(event: Event): { title: string; detail: string } {
  if (event.kind.toLowerCase() === "comment") return { title: "Comment", detail: `“${event.text}”` };
  const text = event.text || upper(event.kind.toLowerCase().replaceAll("_", " "));
  const quote = /^(.*?): (“.*”)$/s.exec(text);
  if (quote) return { title: quote[1], detail: quote[2] };
  const cut = text.indexOf("; ");
  return cut < 0 ? { title: text, detail: "" } : { title: text.slice(0, cut), detail: text.slice(cut + 2) };
}

/** The newest first, by day; of one moment the later line first. */
export function byDay(events: readonly Event[]): [day: string, events: Event[]][] {
  const days = new Map<string, Event[]>();
  const newest = [...events].sort((a, b) => at(b.at) - at(a.at));
  for (const event of newest) days.set(day(at(event.at)), [...(days.get(day(at(event.at))) ?? []), event]);
  return [...days];
}
