/** The columns of the mock model `flight-delay`: how each looks in January to March and how it moves after. */

import type { ColumnKind, ColumnRole } from "../src/graphql/graphql";

export type MockColumn = {
  name: string;
  role: ColumnRole;
  kind: ColumnKind;
  mean: number;
  deviation: number;
  low: number;
  high: number;
  /** Shift of the mean in deviations on a day of the year. */
  shift: (day: number) => number;
  /** Share of missing values in the reference, and on a day of the year. */
  missing: number;
  missingOn: (day: number) => number;
  categories: string[];
};

const still = () => 0;
const summer = (height: number) => (day: number) => height * Math.max(0, Math.sin(((day - 95) / 215) * Math.PI));

function numeric(
  name: string,
  mean: number,
  deviation: number,
  low: number,
  high: number,
  more: Partial<MockColumn> = {},
): MockColumn {
  const fixed = { name, mean, deviation, low, high, missing: more.missing ?? 0 };
  return {
    role: "FEATURE",
    kind: "NUMERIC",
    shift: still,
    missingOn: () => fixed.missing,
    categories: [],
    ...fixed,
    ...more,
  };
}

function category(name: string, categories: string[], more: Partial<MockColumn> = {}): MockColumn {
  return { ...numeric(name, 0, 1, 0, 1), kind: "CATEGORY", categories, ...more };
}

const CARRIERS = ["UA", "B6", "EV", "DL", "AA", "MQ", "US", "9E", "WN", "VX", "FL", "AS", "F9", "YV", "HA"];
const DESTINATIONS = [
  "ATL",
  "ORD",
  "LAX",
  "BOS",
  "MCO",
  "CLT",
  "SFO",
  "FLL",
  "MIA",
  "DCA",
  "DTW",
  "DFW",
  "RDU",
  "TPA",
  "DEN",
];

export const flightColumns: MockColumn[] = [
  numeric("temp", 36.9, 9.4, 10, 68, { shift: summer(3.3) }),
  numeric("dewp", 24.6, 13.1, -10, 56, { shift: summer(2.1) }),
  numeric("sched_air_time", 148, 92, 20, 480, { shift: (day) => -0.1 - 0.06 * Math.sin(day / 30) }),
  numeric("humid", 62.1, 19.8, 12, 100, { shift: (day) => 0.14 + 0.16 * Math.sin(day / 22), missing: 0.004 }),
  numeric("wind_gust", 17.3, 6.8, 0, 52, {
    shift: (day) => -0.22 - 0.16 * Math.sin(day / 17),
    missing: 0.021,
    missingOn: (day) => (day > 318 && day < 334 ? 0.142 : 0.021),
  }),
  numeric("wind_speed", 11.2, 5.4, 0, 34, { shift: (day) => -0.3 * Math.max(0, Math.sin((day - 110) / 60)) }),
  numeric("pressure", 1017.9, 7.6, 985, 1042, { shift: (day) => -0.12 + 0.18 * Math.sin(day / 14), missing: 0.11 }),
  numeric("wind_dir", 214, 98, 0, 360, { shift: (day) => -0.16 + 0.1 * Math.sin(day / 11), missing: 0.02 }),
  numeric("visib", 9.2, 1.9, 0, 10, { shift: (day) => (day > 150 && day < 160 ? -0.5 : 0.06) }),
  numeric("precip", 0.004, 0.02, 0, 0.4, { shift: (day) => (day > 156 && day < 161 ? 0.6 : 0) }),
  numeric("dep_hour", 13.1, 4.7, 5, 23),
  numeric("day_of_week", 3.9, 2, 1, 7),
  numeric("distance", 1010, 705, 80, 4983, { shift: (day) => 0.04 * Math.sin(day / 40) }),
  category("carrier", CARRIERS, { shift: (day) => (day > 270 ? 0.17 : 0.02) }),
  category("dest", DESTINATIONS, { shift: (day) => (day > 175 && day < 245 ? 0.21 : 0.05) }),
  category("origin", ["EWR", "JFK", "LGA"]),
  numeric("seats", 136, 71, 2, 450, { missing: 0.15 }),
  numeric("tailnum_age", 12.4, 6.1, 0, 55, { missing: 0.17 }),
  numeric("prediction_score", 0.29, 0.17, 0, 1, {
    role: "PREDICTION_SCORE",
    shift: (day) => -0.24 + summer(0.55)(day),
  }),
];
