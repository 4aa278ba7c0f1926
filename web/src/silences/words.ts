/** What silences and mute times mean, in words. */

import type { Matcher, MuteTime } from "../data/silences";
import { kindWord } from "../alerts/kinds";
import { levelWord } from "../levels/level";

export const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const SHORT: Record<string, string> = {
  mon: "Mon",
  tue: "Tue",
  wed: "Wed",
  thu: "Thu",
  fri: "Fri",
  sat: "Sat",
  sun: "Sun",
};

export function weekdayWord(day: string): string {
  return SHORT[day] ?? day;
}

/** The parts of a matcher after its model: kind, feature, levels, version, environment. */
export function matcherParts(matcher: Matcher): string[] {
  const parts: string[] = [];
  if (matcher.kind) parts.push(kindWord(matcher.kind).toLowerCase());
  if (matcher.feature) parts.push(`feature ${matcher.feature}`);
  if (matcher.version) parts.push(`version ${matcher.version}`);
  if (matcher.environment) parts.push(matcher.environment);
  if (matcher.atLeast) parts.push(`${levelWord(matcher.atLeast).toLowerCase()} or worse`);
  if (matcher.atMost) parts.push(`${levelWord(matcher.atMost).toLowerCase()} or less`);
  return parts;
}

/** Days that follow each other as a stretch: Mon – Fri; Sat, Sun. */
export function weekdaysInWords(days: readonly string[]): string {
  const places = WEEKDAYS.flatMap((day, place) => (days.includes(day) ? [place] : []));
  if (places.length === 7) return "every day";
  const runs: number[][] = [];
  for (const place of places) {
    const last = runs.at(-1);
    if (last && last[last.length - 1] === place - 1) last.push(place);
    else runs.push([place]);
  }
  const word = (place: number) => weekdayWord(WEEKDAYS[place]);
  return runs
    .map((run) => (run.length > 2 ? `${word(run[0])} – ${word(run[run.length - 1])}` : run.map(word).join(", ")))
    .join(", ");
}

export function spanInWords(span: MuteTime["spans"][number]): string {
  const days = weekdaysInWords(span.weekdays);
  if (span.start === "00:00" && span.end === "24:00") return `${days}, all day`;
  return `${days}, ${span.start} – ${span.end}${span.end <= span.start ? " the next day" : ""}`;
}
