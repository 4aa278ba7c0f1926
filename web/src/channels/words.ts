/** How a channel is doing, and whom it tells of what, in words. */

import type { Channel } from "../data/channels";
import { counted } from "../format/number";

const LEAST: Record<string, string> = {
  info: "Everything, info once a day",
  warning: "Warning and critical",
  critical: "Critical only",
};

export function leastWord(level: string): string {
  return LEAST[level] ?? level;
}

export const LEASTS = [
  ["critical", "Critical only"],
  ["warning", "Warning and critical"],
  ["info", "Everything, info once a day in a digest"],
] as const;
export type Least = (typeof LEASTS)[number][0];

export function modelsWord(models: readonly string[]): string {
  return models.includes("*") ? "Every model" : models.join(", ");
}

/** One sentence over all of them. */
export function sentence(channels: readonly Channel[]): string {
  const on = channels.filter((each) => each.enabled);
  if (channels.length === 0) return "Nobody is told yet";
  if (on.length === 0) return "All channels are switched off: nobody is told";
  const faulty = on.filter((each) => each.fault !== "");
  if (faulty.length === 0) return `${counted(on.length, "channel works", "channels work")}`;
  return `${counted(faulty.length, "channel of", "channels of")} ${String(on.length)} ${faulty.length === 1 ? "has" : "have"} a fault`;
}

/** `a, b` or one a line, as globs; nothing is every model. */
export function globsOf(text: string): string[] {
  const globs = text
    .split(/[\n,]/)
    .map((each) => each.trim())
    .filter(Boolean);
  return globs.length > 0 ? globs : ["*"];
}
