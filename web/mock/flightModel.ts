/** The resolvers of the mock model `flight-delay`. */

import type { ColumnRole, DriftMetric, Level } from "../src/graphql/graphql";

import { flightColumns, type MockColumn } from "./flightColumns.ts";
import { distributionOf } from "./flightDistribution.ts";
import { qualityOf, ratesOf } from "./rates.ts";
import { carriersOf, segmentsOf, windowIn } from "./segments.ts";
import { settingsOf } from "./settings.ts";
import { FIRST, LAST, REFERENCE_ROWS, rows, times, valueOf, windows, type MockWindow } from "./flightWindows.ts";

const ORDER: Level[] = ["CRITICAL", "WARNING", "ERROR", "NO_DATA", "NOTICE", "INSUFFICIENT_DATA", "OK"];
const iso = (time: number) => new Date(time).toISOString();
const THRESHOLDS: Partial<Record<DriftMetric, [number | null, number | null]>> = {
  PSI: [0.1, 0.25],
  KS: [0.1, 0.15],
};

const reference = {
  kind: "training",
  label: "training, Jan–Mar 2013",
  rows: REFERENCE_ROWS,
  version: "2.1.0",
  start: iso(Date.UTC(2013, 0, 1)),
  end: iso(FIRST),
  createdAt: iso(FIRST),
  waiting: null,
};

/** What is sent beside the features, for groups alone. */
const TAGS = [
  { name: "sex", role: "TAG", kind: "CATEGORY" },
  { name: "race", role: "TAG", kind: "CATEGORY" },
  { name: "age", role: "TAG", kind: "NUMERIC" },
];

type Span = { start?: string | null; end?: string | null };

function indexesIn({ start, end }: Span): number[] {
  const from = start ? Date.parse(start) : -Infinity;
  const until = end ? Date.parse(end) : Infinity;
  return times.flatMap((time, index) => (time >= from && time <= until ? [index] : []));
}

function levelSince(column: MockColumn, index: number): string | null {
  const all = windows.get(column.name) ?? [];
  if (all[index].level === "OK") return null;
  let first = index;
  while (first > 0 && all[first - 1].level === all[index].level) first -= 1;
  return iso(times[first]);
}

type Asked = Span & { metric: DriftMetric; segment?: string };

export function driftOf({ metric, segment = "", ...span }: Asked) {
  const chosen = indexesIn(span);
  const newest = chosen.at(-1) ?? times.length - 1;
  const lines = flightColumns.map((column) => {
    const all = (windows.get(column.name) ?? []).map((window) => windowIn(window, segment));
    const now = all[newest];
    return {
      metric,
      mmd: null,
      name: column.name,
      role: column.role,
      kind: column.kind,
      level: now.level,
      since: levelSince(column, newest),
      values: chosen.map((index) => valueOf(all[index], metric)),
      levels: chosen.map((index) => all[index].level),
      psi: now.psi,
      ks: now.ks,
      kl: now.kl,
      nulls: now.nulls,
      chance: now.chance,
    };
  });
  const count = (level: Level) => lines.filter((line) => line.level === level).length;
  return {
    metric,
    thresholdWarning: THRESHOLDS[metric]?.[0] ?? null,
    thresholdCritical: THRESHOLDS[metric]?.[1] ?? null,
    times: chosen.map((index) => iso(times[index])),
    rows: chosen.map((index) => rows[index]),
    lines: lines.sort((a, b) => ORDER.indexOf(a.level) - ORDER.indexOf(b.level) || b.psi - a.psi),
    critical: count("CRITICAL"),
    warning: count("WARNING"),
    notice: count("NOTICE"),
  };
}

function history(column: MockColumn, all: readonly MockWindow[], span: Span) {
  const chosen = indexesIn(span);
  const metrics: DriftMetric[] = column.kind === "NUMERIC" ? ["PSI", "KS", "KL", "NULLS"] : ["PSI", "KL", "NULLS"];
  return {
    times: chosen.map((index) => iso(times[index])),
    rows: chosen.map((index) => rows[index]),
    levels: chosen.map((index) => all[index].level),
    lines: metrics.map((metric) => ({
      metric,
      values: chosen.map((index) => valueOf(all[index], metric)),
      chance: chosen.map((index) =>
        metric === "PSI"
          ? all[index].chance
          : metric === "KL"
            ? all[index].chance / 2
            : metric === "KS"
              ? Math.sqrt(all[index].chance) / 4
              : column.missing + 0.005,
      ),
      thresholdWarning: metric === "NULLS" ? column.missing + 0.01 : (THRESHOLDS[metric]?.[0] ?? null),
      thresholdCritical: metric === "NULLS" ? column.missing + 0.05 : (THRESHOLDS[metric]?.[1] ?? null),
    })),
  };
}

function columnOf({ name, role, segment = "" }: { name: string; role: ColumnRole; segment?: string }) {
  const place = flightColumns.findIndex((each) => each.name === name && each.role === role);
  if (place < 0) return null;
  const column = flightColumns[place];
  const all = (windows.get(name) ?? []).map((window) => windowIn(window, segment));
  const nearest = (end?: string | null) =>
    end
      ? Math.max(
          0,
          times.findLastIndex((time) => time <= Date.parse(end)),
        )
      : times.length - 1;
  const now = all[times.length - 1];
  const psi = now.psi.toFixed(2);
  return {
    name,
    role,
    kind: column.kind,
    level: now.level,
    since: levelSince(column, times.length - 1),
    why:
      now.level === "OK"
        ? ["Everything is inside what chance allows."]
        : [
            `Since ${iso(Date.parse(levelSince(column, times.length - 1) ?? iso(LAST))).slice(0, 10)} values are ${column.shift(364) > 0 ? "higher" : "lower"}: median ${(column.mean + column.shift(364) * column.deviation).toFixed(1)}, was ${column.mean.toFixed(1)}.`,
            "The lowest tenth of the reference holds 21 % of the window.",
          ],
    sure: [
      {
        title: "Certain",
        holds: now.psi > now.chance,
        detail: `PSI ${psi}; chance alone gives at most ${now.chance.toFixed(3)} (99 %, n = ${String(rows[rows.length - 1])})`,
      },
      { title: "Large", holds: now.psi > 0.25, detail: `above the critical line 0.25` },
      {
        title: "Two methods agree",
        holds: (now.ks ?? 1) > 0.1,
        detail: now.ks === null ? "chi-squared p < 10⁻¹²" : `KS ${now.ks.toFixed(3)}, chance ≤ 0.010`,
      },
      { title: "It persists", holds: now.level === "CRITICAL", detail: "4 of the last 4 windows; 3 of 4 needed" },
    ],
    methods: ({ end }: { end?: string | null }) => {
      const window = all[nearest(end)];
      const entry = (metric: string, label: string, value: number, chance: number | null, pValue: number | null) => ({
        metric,
        label,
        value,
        chance,
        pValue,
        thresholdWarning: null,
        thresholdCritical: null,
        level: window.level,
      });
      return [
        entry("PSI", "PSI", window.psi, window.chance, null),
        ...(window.ks === null ? [] : [entry("KS", "KS", window.ks, 0.01, 1e-40)]),
        entry("KL", "KL, nats", window.kl, window.chance / 2, null),
        entry("NULLS", "Nulls", window.nulls, column.missing + 0.005, null),
      ];
    },
    distribution: ({ end }: { end?: string | null }) => distributionOf(column, nearest(end)),
    carriers: ({ end }: { end?: string | null }) => carriersOf(column, all[nearest(end)], nearest(end)),
    onRequest: ({ end }: { end?: string | null }) => further(all[nearest(end)]),
    history: (span: Span) => history(column, all, span),
    previous: flightColumns[place - 1] ?? null,
    next: flightColumns[place + 1] ?? null,
  };
}

/** Methods that decide nothing, from the drawn PSI. */
function further(window: MockWindow) {
  const fact = (metric: string, label: string, base: string | null, value: number, pValue: number | null) => ({
    facts: {
      metric,
      label,
      base,
      compares: "shares of rows in groups",
      groups: "ten quantile groups of the reference",
      citation: "Lin, IEEE Trans. Information Theory 37, 1991",
      thresholdWarning: null,
      thresholdCritical: null,
    },
    binning: "",
    value,
    chance: pValue === null ? value * 0.1 : null,
    pValue,
  });
  return [
    fact("jensen_shannon", "Jensen-Shannon distance", "base 2", Math.sqrt(window.psi / 9), null),
    fact("hellinger", "Hellinger distance", null, Math.sqrt(window.psi / 8), null),
    fact("total_variation", "Total variation", null, Math.sqrt(window.psi) / 3, null),
    fact("g_test", "G-test", null, window.psi * 1200, 1e-9),
  ];
}

/** What a test that looks after every batch would hold: one column near, the others far. */
function evidenceOf() {
  const odds = [5_200_000, 41, 9, 3.2];
  const asked = 1_530_000;
  return {
    state: "running",
    reason: "Began with the reference",
    since: iso(LAST - 30 * 86_400_000),
    updated: iso(LAST),
    rows: 27_480,
    falseAlertsPer1000Days: 1,
    columns: flightColumns.slice(0, 12).map((column, index) => ({
      column: column.name,
      role: column.role,
      level: index === 0 ? "CRITICAL" : "OK",
      evidence: index < odds.length ? `1 : ${odds[index].toLocaleString("en-US")}` : "1 : 1",
      asked: `1 : ${asked.toLocaleString("en-US")}`,
      margin: Math.log((odds[index] ?? 1) / asked),
      rows: 640 * (index + 1),
      since: iso(LAST - (index + 1) * 86_400_000),
      told: "",
    })),
  };
}

export function flightModel() {
  const drift = driftOf({ metric: "PSI" });
  return {
    id: "flight-delay",
    environment: "production",
    version: "2.1.0",
    versions: [
      { version: "2.1.0", firstEvent: iso(Date.UTC(2013, 7, 5, 4)), lastEvent: iso(LAST), rows: 131_402, reference },
      { version: "2.0.4", firstEvent: iso(FIRST), lastEvent: iso(Date.UTC(2013, 7, 5, 3)), rows: 122_480, reference },
    ],
    task: "binary",
    positiveLabel: "late",
    level: drift.lines[0].level,
    since: drift.lines[0].since,
    reason: `${drift.lines[0].name} PSI ${String(drift.lines[0].psi.toFixed(2))}`,
    now: iso(LAST),
    live: false,
    firstEvent: iso(FIRST),
    reference,
    heldRows: 0,
    holdTarget: 1000,
    windowSeconds: 7 * 86_400,
    gridSeconds: 14 * 3600,
    minRows: 200,
    columns: [...flightColumns.map(({ name, role, kind }) => ({ name, role, kind })), ...TAGS],
    schemaChanges: [
      {
        version: "2.1.0",
        at: iso(Date.UTC(2013, 7, 5, 4)),
        role: "feature",
        column: "seats",
        change: "type",
        before: "category",
        after: "numeric",
      },
      {
        version: "2.1.0",
        at: iso(Date.UTC(2013, 8, 12, 9)),
        role: "feature",
        column: "gate\u202e_bank",
        change: "new",
        before: "",
        after: "category",
      },
    ],
    segments: () =>
      segmentsOf(settingsOf("flight-delay").segments.columns, (segment) => driftOf({ metric: "PSI", segment }).lines),
    evidence: evidenceOf,
    drift: driftOf,
    rates: ratesOf,
    quality: qualityOf,
    column: columnOf,
    breaks: [iso(Date.UTC(2013, 9, 20))],
  };
}
