/** Concept drift of the mock models: one that errs more since October, and others at each stage before. */

const iso = (...parts: [number, number, number, number?, number?]) => new Date(Date.UTC(...parts)).toISOString();

const NOTHING = {
  state: "watching",
  reason: "Every new label is looked at",
  metric: "error_rate",
  labels: 241_884,
  waiting: 0,
  error: 0.158 as number | null,
  labelLagS: 17_120 as number | null,
  updated: iso(2013, 11, 31, 21, 40) as string | null,
  level: "OK",
  driftSince: null as string | null,
  findings: [] as ReturnType<typeof finding>[],
};

function finding(
  level: string,
  since: string,
  at: string,
  before: number,
  after: number,
  detectors: string[],
  label: number,
  text: string,
) {
  return {
    level,
    worse: after > before,
    since,
    at,
    before,
    after,
    label,
    detectors,
    labelsBefore: 41_280,
    labelsAfter: 1_312,
    certainty: 7.4,
    recurs: label > 200_000 ? 2 : 0,
    text,
  };
}

const FLIGHTS = [
  finding(
    "WARNING",
    iso(2013, 10, 27, 14, 20),
    iso(2013, 11, 2, 6, 10),
    0.151,
    0.189,
    ["DDM", "Page-Hinkley", "ADWIN"],
    219_410,
    "The share of mistakes rose, 15.1 → 18.9 %, from about label 218,098 on (41,280 labels before, 1,312 since). DDM, Page-Hinkley and ADWIN agree; the two stretches are 7.4 standard errors apart. Errors rose to such a level 2 times before: they may follow a cycle.",
  ),
  finding(
    "NOTICE",
    iso(2013, 9, 4, 9),
    iso(2013, 9, 9, 18),
    0.188,
    0.151,
    ["ADWIN"],
    151_022,
    "The share of mistakes fell, 18.8 → 15.1 %, from about label 149,700 on (41,280 labels before, 1,312 since). ADWIN says so; the two stretches are 7.4 standard errors apart.",
  ),
  finding(
    "CRITICAL",
    iso(2013, 7, 24, 11),
    iso(2013, 7, 28, 20),
    0.126,
    0.188,
    ["DDM", "Page-Hinkley"],
    74_310,
    "The share of mistakes rose, 12.6 → 18.8 %, from about label 73,002 on (41,280 labels before, 1,312 since). DDM and Page-Hinkley agree; the two stretches are 7.4 standard errors apart.",
  ),
];

const OTHERS: Record<string, Partial<typeof NOTHING>> = {
  "demand-forecast-eu": { metric: "mean_absolute_error", error: 1_284.3 },
  "churn-prepaid": {
    state: "waiting",
    reason: "No label has been joined to a prediction yet",
    labels: 0,
    error: null,
    labelLagS: null,
    updated: null,
    level: "NO_DATA",
  },
  "credit-scoring": {
    state: "learning",
    reason: "Too few labels so far to find a change",
    labels: 312,
    waiting: 18,
    level: "INSUFFICIENT_DATA",
  },
  "ad-click-ranker": {
    state: "off",
    reason: "Errors of this kind of model are not watched: only right or wrong, and distances",
    labels: 0,
    level: "NO_DATA",
  },
};

export function conceptOf(id: string) {
  if (id !== "flight-delay") return { ...NOTHING, ...OTHERS[id] };
  const [newest] = FLIGHTS;
  return { ...NOTHING, error: 0.186, level: newest.level, driftSince: newest.since, findings: FLIGHTS };
}
