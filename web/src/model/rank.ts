/** In which order the map lists its lines. */

import type { DriftLine, DriftMap } from "../data/model";
import { levelRank } from "../levels/level";

export type Rank = "now" | "peak";

/** Live models are ranked by their state now; a replay by the worst that it went through. */
export function readRank(search: URLSearchParams, live: boolean): Rank {
  const asked = search.get("rank");
  return asked === "now" || asked === "peak" ? asked : live ? "now" : "peak";
}

/** `now` keeps the server's order, worst state first; `peak` sorts by the worst level in the range and how long it held. */
export function ranked(drift: DriftMap, rank: Rank): DriftMap {
  if (rank === "now") return drift;
  const peaks = new Map(drift.lines.map((line) => [line, peakOf(line)]));
  const order = (line: DriftLine) => peaks.get(line) ?? { level: 9, windows: 0, highest: 0 };
  const lines = [...drift.lines].sort((a, b) => {
    const [left, right] = [order(a), order(b)];
    return left.level - right.level || right.windows - left.windows || right.highest - left.highest;
  });
  return { ...drift, lines };
}

function peakOf(line: DriftLine) {
  const level = Math.min(9, ...line.levels.map(levelRank));
  return {
    level,
    windows: line.levels.filter((each) => levelRank(each) === level).length,
    highest: Math.max(0, ...line.values.map((value) => value ?? 0)),
  };
}
