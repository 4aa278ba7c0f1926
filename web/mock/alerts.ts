/** The alerts of the mock: one that is open, one that chance and summer closed. They change when acted upon. */

import type { AlertStatus, Level } from "../src/graphql/graphql";

const iso = (...parts: [number, number, number, number?, number?]) => new Date(Date.UTC(...parts)).toISOString();

type Event = { at: string; kind: string; text: string; by: string };

function alert(
  id: string,
  number: number,
  status: AlertStatus,
  level: Level,
  title: string,
  openedAt: string,
  resolvedAt: string | null,
  items: ReturnType<typeof item>[],
  events: Event[],
) {
  return {
    id,
    number,
    status,
    level,
    title,
    openedAt,
    resolvedAt,
    items,
    events,
    modelId: "flight-delay",
    environment: "production",
    version: "2.1.0",
    kind: "drift",
    historic: true,
    checkedAt: iso(2013, 11, 31, 22),
    silencedUntil: null as string | null,
  };
}

function item(column: string, metric: string, level: Level, value: number, chance: number | null, since: string) {
  return {
    column,
    role: "FEATURE" as const,
    metric,
    level,
    value,
    chance,
    since,
    segment: null as string | null,
    text: `${column} ${metric} ${value.toFixed(2)}`,
  };
}

export const alerts = [
  alert(
    "019ab-2",
    2,
    "FIRING",
    "WARNING",
    "wind_gust and humid drifted",
    iso(2013, 11, 2, 6, 40),
    null,
    [
      item("wind_gust", "PSI", "WARNING", 0.143, 0.004, iso(2013, 11, 2, 6, 40)),
      item("wind_gust", "KS", "WARNING", 0.121, 0.01, iso(2013, 11, 2, 6, 40)),
      item("sched_air_time", "PSI", "WARNING", 0.112, 0.004, iso(2013, 11, 9, 20)),
      item("humid", "NULLS", "WARNING", 0.061, 0.006, iso(2013, 11, 9, 20)),
    ],
    [
      { at: iso(2013, 11, 1, 16, 40), kind: "pending", text: "Pending: wind_gust PSI 0.12, 1 of 4 windows", by: "" },
      {
        at: iso(2013, 11, 2, 6, 40),
        kind: "firing",
        text: "Firing: warning. wind_gust PSI 0.13, 3 of 4 windows",
        by: "",
      },
      { at: iso(2013, 11, 2, 6, 40), kind: "not_sent", text: "Not sent: replayed history wakes nobody", by: "" },
      { at: iso(2013, 11, 9, 20), kind: "joined", text: "sched_air_time and humid joined", by: "" },
      { at: iso(2013, 11, 31, 22), kind: "checked", text: "Checked again: still warning", by: "" },
    ],
  ),
  alert(
    "019ab-1",
    1,
    "RESOLVED",
    "CRITICAL",
    "temp and dewp drifted",
    iso(2013, 4, 6, 18),
    iso(2013, 10, 2, 4),
    [
      item("temp", "PSI", "CRITICAL", 1.62, 0.004, iso(2013, 4, 6, 18)),
      item("temp", "KS", "CRITICAL", 0.81, 0.01, iso(2013, 4, 6, 18)),
      item("dewp", "PSI", "CRITICAL", 1.21, 0.004, iso(2013, 4, 20, 10)),
    ],
    [
      { at: iso(2013, 4, 6, 18), kind: "firing", text: "Firing: critical. temp PSI 0.31, 3 of 4 windows", by: "" },
      { at: iso(2013, 4, 20, 10), kind: "joined", text: "dewp joined", by: "" },
      {
        at: iso(2013, 10, 2, 4),
        kind: "resolved",
        text: "Resolved: all features back inside their bands for 3 of 4 windows",
        by: "",
      },
    ],
  ),
];

export function flightAlerts() {
  return alerts;
}

const now = () => new Date().toISOString();

export function actOn(
  id: string,
  status: AlertStatus,
  kind: string,
  comment: string,
  silencedUntil: string | null = null,
) {
  const found = alerts.find((each) => each.id === id);
  if (!found) throw new Error(`There is no alert ${id}.`);
  found.status = status;
  found.silencedUntil = silencedUntil;
  if (status === "RESOLVED") found.resolvedAt = now();
  found.events.push({ at: now(), kind, text: comment, by: "" });
  return found;
}
