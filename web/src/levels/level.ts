/** The seven levels: their words, and the order in which they want to be seen. */

import type { Level } from "../graphql/graphql";

export const LEVELS: readonly Level[] = [
  "CRITICAL",
  "WARNING",
  "ERROR",
  "NO_DATA",
  "NOTICE",
  "INSUFFICIENT_DATA",
  "OK",
];

const WORDS: Record<Level, string> = {
  CRITICAL: "Critical",
  WARNING: "Warning",
  ERROR: "Check failed",
  NO_DATA: "No data",
  NOTICE: "Notice",
  INSUFFICIENT_DATA: "Too few rows",
  OK: "Ok",
};

export function levelWord(level: Level): string {
  return WORDS[level];
}

/** 0 is the worst. */
export function levelRank(level: Level): number {
  return LEVELS.indexOf(level);
}

/** The class that carries the level's colours. */
export function levelClass(level: Level): string {
  return `level-${level.toLowerCase().replaceAll("_", "-")}`;
}

/** True for levels that say that something has moved. */
export function isRaised(level: Level): boolean {
  return level === "CRITICAL" || level === "WARNING";
}
