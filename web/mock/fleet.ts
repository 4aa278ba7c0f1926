/** A fleet of models as the overview lists them: the flights, the drawn ones, hostile names, and many quiet ones. */

import type { ColumnRole, DriftMetric, Level } from "../src/graphql/graphql";

import { flightModel } from "./flightModel.ts";
import { flightColumns } from "./flightColumns.ts";
import { normal, seeded } from "./random.ts";

const HOUR = 3_600_000;
const random = seeded(7);

type Line = [
  id: string,
  version: string,
  level: Level,
  hours: number,
  perDay: number,
  drifted: number,
  columns: number,
  raised: [string, DriftMetric, number][],
  reason: string,
];

const drawn: Line[] = [
  ["fraud-detection", "3.4.1", "CRITICAL", 4, 412_000, 6, 48, [["amount_eur", "PSI", 3.12]], ""],
  [
    "credit-scoring",
    "5.0.2",
    "CRITICAL",
    18,
    9_180,
    2,
    37,
    [
      ["age_band", "PSI", 0.71],
      ["income", "NULLS", 0.08],
    ],
    "",
  ],
  ["demand-forecast-eu", "1.12.0", "CRITICAL", 79, 22_100, 4, 26, [["promo_flag", "PSI", 0.33]], ""],
  [
    "churn-prepaid",
    "4.2.0",
    "WARNING",
    7,
    61_700,
    3,
    44,
    [
      ["tariff_code", "PSI", 0.19],
      ["region", "PSI", 0.12],
    ],
    "",
  ],
  ["eta-courier-berlin", "7.3.1", "WARNING", 11, 148_000, 3, 31, [["distance_km", "PSI", 0.19]], ""],
  ["fraud-card-present", "3.4.0", "WARNING", 6, 287_000, 2, 48, [["country_code", "PSI", 0.17]], ""],
  ["ad-click-ranker", "11.0.4", "WARNING", 33, 4_820_000, 1, 120, [["slot", "KS", 0.121]], ""],
  ["loan-early-repay", "1.6.2", "WARNING", 6, 3_420, 1, 29, [["country_code", "PSI", 0.14]], ""],
  ["returns-propensity", "2.8.0", "WARNING", 6, 54_900, 1, 33, [["country_code", "PSI", 0.12]], ""],
  ["kyc-document-match", "2.2.1", "ERROR", 18, 5_120, 0, 14, [], "Reference has no score column"],
  ["warranty-claims", "1.1.0", "ERROR", 25, 1_940, 0, 22, [], "Check timed out; last good 22 Nov 08:15"],
  ["airport-taxi-demand", "2.0.0", "NO_DATA", 6, 0, 0, 21, [], "No predictions; usually 1 every 4 s"],
  ["newsletter-uplift", "0.4.0", "NO_DATA", 5, 0, 0, 40, [], "No predictions; usually daily at 05:00"],
  ["ltv-365", "6.1.0", "NOTICE", 8, 31_200, 0, 52, [["first_channel", "PSI", 0.041]], ""],
  ["search-ranker", "14.2.0", "NOTICE", 13, 7_310_000, 0, 96, [["query_length", "PSI", 0.03]], ""],
  [
    "fleet-battery-health",
    "0.2.0",
    "INSUFFICIENT_DATA",
    3,
    416,
    0,
    64,
    [],
    "312 of 1,000 rows until a reference stands",
  ],
];

const hostile: Line[] = [
  ["<script>alert(1)</script>", "1", "NOTICE", 50, 1_200, 0, 3, [["<img src=x onerror=alert(1)>", "PSI", 0.04]], ""],
  ["../../x", "'; DROP TABLE", "OK", 0, 880, 0, 2, [], ""],
  ["\u202etxt.live", "1", "OK", 0, 410, 0, 5, [], ""],
  ["", "1", "OK", 0, 12, 0, 1, [], ""],
  [
    "customer_lifetime_value_rolling_90d_by_region_and_channel_returns_v2_final",
    "2026.11.2-rc.1+build.77",
    "OK",
    0,
    31_000,
    0,
    18,
    [],
    "",
  ],
];

function summary([id, version, level, hours, perDay, drifted, columns, raised, reason]: Line) {
  const now = Date.now();
  const worst = raised[0]?.[2] ?? 0;
  const steps = Math.max(1, Math.round(hours / 24));
  return {
    id,
    version,
    level,
    drifted,
    columns,
    reason,
    environment: "production",
    task: "binary",
    since: hours ? new Date(now - hours * HOUR).toISOString() : null,
    raised: raised.map(([column, metric, value]) => ({ column, role: "FEATURE" as ColumnRole, metric, value, level })),
    now: new Date(now).toISOString(),
    live: true,
    predictionsPerDay: perDay,
    traffic: Array.from({ length: 30 }, (_, day) =>
      level === "NO_DATA" && day > 28
        ? 0
        : Math.round((perDay || 900) * (1 + 0.16 * Math.sin(day * 0.9) + 0.06 * normal(random))),
    ),
    drift:
      level === "ERROR"
        ? Array.from({ length: 30 }, () => null)
        : Array.from({ length: 30 }, (_, day) =>
            day >= 30 - steps && worst ? worst * (0.93 + 0.1 * random()) : 0.008 + 0.006 * random(),
          ),
    openAlerts: level === "CRITICAL" || level === "WARNING" ? 1 : 0,
  };
}

const CITIES = ["berlin", "lyon", "madrid", "porto", "gdansk", "turin", "graz", "brno", "ghent", "malmo"];
const JOBS = ["eta", "pricing", "churn", "returns", "stock", "route", "demand", "spam", "upsell", "basket"];

function quiet(count: number, from = 0): Line[] {
  return Array.from({ length: count }, (_, place) => {
    const n = place + from;
    const name = `${JOBS[n % 10]}-${CITIES[Math.floor(n / 10) % 10]}${n >= 100 ? `-${String(Math.floor(n / 100))}` : ""}`;
    const level: Level = n % 33 === 0 ? "NOTICE" : n % 41 === 0 ? "INSUFFICIENT_DATA" : "OK";
    const reason = level === "INSUFFICIENT_DATA" ? "141 rows in the window, needs 200" : "";
    return [
      name,
      `${String(1 + (n % 5))}.${String(n % 9)}.0`,
      level,
      level === "OK" ? 0 : 20 + n,
      Math.round(400 * Math.exp(6 * random())),
      0,
      8 + (n % 60),
      level === "NOTICE" ? [["hour", "PSI", 0.03]] : [],
      reason,
    ];
  });
}

function flightSummary() {
  const model = flightModel();
  const drift = model.drift({ metric: "PSI" });
  const raised = drift.lines.filter((line) => line.level === "CRITICAL" || line.level === "WARNING");
  return {
    ...summary([
      "flight-delay",
      model.version,
      model.level,
      0,
      912,
      raised.length,
      flightColumns.length,
      [],
      model.reason,
    ]),
    since: model.since,
    raised: raised.slice(0, 3).map((line) => ({
      column: line.name,
      role: line.role,
      metric: "PSI" as DriftMetric,
      value: line.psi,
      level: line.level,
    })),
    now: model.now,
    live: false,
    drift: Array.from({ length: 30 }, (_, n) =>
      Math.max(...drift.lines.map((line) => line.values.at(-1 - Math.round((29 - n) * 1.71)) ?? 0)),
    ),
    openAlerts: 1,
  };
}

export const one = () => [flightSummary()];
export const few = () => [flightSummary(), ...drawn.map(summary), ...hostile.map(summary), ...quiet(9).map(summary)];
export const many = () => [...few(), ...quiet(970, 9).map(summary)];
