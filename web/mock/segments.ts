/** The mock model cut by `origin`: three airports, of which one carries most of what drifts. */

import type { Level } from "../src/graphql/graphql";

import type { MockColumn } from "./flightColumns.ts";
import { LAST, REFERENCE_ROWS, rows, type MockWindow } from "./flightWindows.ts";

const AIRPORTS = [
  { value: "EWR", share: 0.35, before: 0.36, factor: 0.45 },
  { value: "JFK", share: 0.36, before: 0.33, factor: 1.7 },
  { value: "LGA", share: 0.29, before: 0.31, factor: 0.35 },
];

const labelOf = (value: string) => `origin=${value}`;

/** How much stronger the drift is in a segment; 1 for the whole. */
export function strengthIn(segment: string): number {
  return AIRPORTS.find((each) => labelOf(each.value) === segment)?.factor ?? 1;
}

/** A window of the whole as it looks in a segment. */
export function windowIn(window: MockWindow, segment: string): MockWindow {
  const factor = strengthIn(segment);
  if (factor === 1) return window;
  const psi = window.psi * factor;
  const level: Level =
    window.level === "INSUFFICIENT_DATA" || window.level === "OK"
      ? window.level
      : psi > 0.25
        ? "CRITICAL"
        : psi > 0.1
          ? "WARNING"
          : "NOTICE";
  return {
    ...window,
    psi,
    level,
    ks: window.ks === null ? null : window.ks * Math.sqrt(factor),
    kl: window.kl * factor,
    chance: window.chance * 3,
  };
}

type Line = { name: string; role: string; level: Level; psi: number };

/** The segments with what `linesOf` says of their newest window. */
export function segmentsOf(columns: readonly { role: string; name: string }[], linesOf: (segment: string) => Line[]) {
  const order: Level[] = ["CRITICAL", "WARNING", "ERROR", "NO_DATA", "NOTICE", "INSUFFICIENT_DATA", "OK"];
  const segments = AIRPORTS.map(({ value, share, before }) => {
    const lines = linesOf(labelOf(value));
    const raised = lines.filter((line) => line.level === "CRITICAL" || line.level === "WARNING");
    return {
      label: labelOf(value),
      key: `feature:origin=${value}`,
      role: "FEATURE",
      name: "origin",
      value,
      level: lines[0].level,
      since: lines[0].level === "OK" ? null : new Date(LAST - 3 * 86_400_000).toISOString(),
      reason: "",
      rows: Math.round(rows[rows.length - 1] * share),
      referenceRows: Math.round(REFERENCE_ROWS * before),
      windowStart: new Date(LAST - 7 * 86_400_000).toISOString(),
      windowEnd: new Date(LAST).toISOString(),
      drifted: raised.length,
      largest: Math.max(...lines.map((line) => line.psi)),
      raised: raised
        .slice(0, 3)
        .map((line) => ({ column: line.name, role: line.role, metric: "PSI", value: line.psi, level: line.level })),
      building: false,
    };
  });
  const cut = columns.some((column) => column.name === "origin");
  return {
    state: columns.length ? "ready" : "off",
    limit: 20,
    columns: columns.map((column) => ({
      ...column,
      watched: column.name === "origin" ? 3 : 0,
      others: column.name === "dest" ? 85 : 0,
      told: column.name === "dest" ? "85 other values of dest are not watched" : "",
    })),
    segments: cut ? segments.sort((a, b) => order.indexOf(a.level) - order.indexOf(b.level)) : [],
  };
}

/** Which airports carry the drift of one column in one window. */
export function carriersOf(column: MockColumn, window: MockWindow, index: number) {
  const weight = AIRPORTS.reduce((sum, each) => sum + each.share * each.factor, 0);
  const mix = column.name === "dest" ? 0.4 : 0.04;
  const carriers = AIRPORTS.map(({ value, share, before, factor }) => {
    const inside = (window.psi * (1 - mix) * share * factor) / weight;
    const outside = (window.psi * mix * Math.abs(share - before)) / 0.06;
    const named = inside / window.psi > 0.3 && window.level !== "OK" ? "within" : "";
    return {
      label: labelOf(value),
      key: `feature:origin=${value}`,
      rows: Math.round(rows[index] * share),
      referenceRows: Math.round(REFERENCE_ROWS * before),
      share,
      referenceShare: before,
      part: inside + outside,
      within: inside,
      mix: outside,
      without: window.psi * 0.4,
      withinP: named ? 1e-9 : 0.4,
      mixP: 0.3,
      named,
      text: named
        ? `moved against its own reference: ${((inside / window.psi) * 100).toFixed(0)}\u2009% of the distance (chance: 1 in 1,000,000,000)`
        : "within what chance allows, or too little to matter",
    };
  }).sort((a, b) => (b.named ? 1 : 0) - (a.named ? 1 : 0) || b.part - a.part);
  return [
    {
      role: "FEATURE",
      name: "origin",
      windowStart: new Date(LAST - 7 * 86_400_000).toISOString(),
      windowEnd: new Date(LAST).toISOString(),
      total: window.psi,
      within: window.psi * (1 - mix),
      mix: window.psi * mix,
      incomplete: false,
      carriers,
    },
  ];
}
