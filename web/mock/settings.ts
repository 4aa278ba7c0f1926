/** The settings of the mock models: kept while the mock runs, checked and priced roughly as the server does. */

import { GraphQLError } from "graphql";

type Value = number | string | boolean | null | object;
type Changes = Record<string, Value>;

export const DEFAULTS = {
  task: "binary",
  positiveLabel: null,
  window: "auto",
  checkIntervalSeconds: null,
  critical: false,
  k: 2,
  n: 3,
  psiWarning: 0.1,
  psiCritical: 0.25,
  missingWarning: 0.01,
  missingCritical: 0.05,
  alertsPer1000Days: 1,
  reference: null,
  segments: { columns: [] as { role: string; name: string }[], limit: 20, state: "off" },
  fairness: null,
  labelHorizonDays: 30,
};

const BOUNDS: Record<string, [Exclude<keyof typeof DEFAULTS, "segments">, number, number]> = {
  k: ["k", 1, 12],
  n: ["n", 1, 12],
  psi_warning: ["psiWarning", 0.001, 100],
  psi_critical: ["psiCritical", 0.001, 100],
  missing_warning: ["missingWarning", 0.0001, 1],
  missing_critical: ["missingCritical", 0.0001, 1],
  alerts_per_1000_days: ["alertsPer1000Days", 0.001, 1000],
  check_interval_seconds: ["checkIntervalSeconds", 0, 86_400],
  label_horizon_days: ["labelHorizonDays", 0.01, 365],
};
const LOOKS: Record<string, number> = { "5m": 288, "1h": 288, "6h": 48, "1d": 12, "7d": 1.714, auto: 1.714 };

type Set = Record<Exclude<keyof typeof DEFAULTS, "segments">, Value> & { segments: typeof DEFAULTS.segments };

const NOTHING_SET = {
  ...DEFAULTS,
  k: null,
  n: null,
  psiWarning: null,
  psiCritical: null,
  missingWarning: null,
  missingCritical: null,
  alertsPer1000Days: null,
  labelHorizonDays: null,
} as Set;

const held = new Map<string, Set>();

export function forgetSettings(): void {
  held.clear();
}

const FLIGHTS: Set = {
  ...NOTHING_SET,
  segments: { columns: [{ role: "FEATURE", name: "origin" }], limit: 20, state: "ready" },
  positiveLabel: "late",
  fairness: {
    attributes: [
      { name: "sex", role: "tag", reference: "Male" },
      { name: "race", role: "tag" },
      { name: "age", role: "tag", bands: [25, 45, 65] },
    ],
  },
};

/** Numbers are predicted. */
const DEMAND: Set = { ...NOTHING_SET, fairness: { attributes: [{ name: "sex", role: "tag" }] } };

/** Groups, but no labels. */
const CREDIT: Set = {
  ...NOTHING_SET,
  fairness: {
    attributes: [
      { name: "sex", role: "tag" },
      { name: "race", role: "tag" },
    ],
  },
};

export function settingsOf(id: string): Set {
  return (
    held.get(id) ??
    { "flight-delay": FLIGHTS, "credit-scoring": CREDIT, "demand-forecast-eu": DEMAND }[id] ??
    NOTHING_SET
  );
}

function refused(field: string, what: string): GraphQLError {
  return new GraphQLError(`${field} ${what}`, { extensions: { code: "Refused", field, hint: "" } });
}

function changed(id: string, changes: Changes) {
  const after = { ...settingsOf(id) };
  for (const [name, value] of Object.entries(changes)) {
    if (name === "window") after.window = value;
    else if (name === "critical") after.critical = value;
    else if (name === "reference") after.reference = value;
    else if (name === "task") after.task = value;
    else if (name === "positive_label") after.positiveLabel = value;
    else if (name === "fairness") after.fairness = protectedBy(value);
    else if (name === "segments" || name === "max_segments") after.segments = cut(after.segments, name, value);
    else {
      const [field, low, high] = BOUNDS[name];
      if (value !== null && typeof value !== "number") throw refused(name, "must be a number");
      if (value !== null && (value < low || value > high))
        throw refused(name, `must lie between ${String(low)} and ${String(high)}`);
      after[field] = value;
    }
  }
  const now = inForce(after);
  if (now.psiWarning > now.psiCritical) {
    const words = `psi_warning is ${String(now.psiWarning)} and psi_critical ${String(now.psiCritical)}`;
    throw new GraphQLError(`${words}: warning must not be above critical`, { extensions: { hint: "set both" } });
  }
  return after;
}

function cut(now: Set["segments"], name: string, value: Value): Set["segments"] {
  if (name === "max_segments") return { ...now, limit: Number(value ?? 20) };
  const columns = ((value ?? []) as Record<string, string>[]).map((each) => {
    const [[role, column]] = Object.entries(each);
    return { role: role.toUpperCase(), name: column };
  });
  return { ...now, columns, state: columns.length ? "ready" : "off" };
}

type Attribute = { name?: string; tag?: string; feature?: string; bands?: unknown[] };

function protectedBy(value: Value): Value {
  const said = value as { attributes: Attribute[] } | null;
  for (const each of said?.attributes ?? []) {
    if (each.bands?.some((edge) => typeof edge !== "number"))
      throw new GraphQLError("fairness bands must be 1 to 19 edges", {
        extensions: { field: "fairness", hint: "write [25, 45, 65]" },
      });
  }
  const attributes = (said?.attributes ?? []).map(({ tag, feature, ...rest }) =>
    tag !== undefined ? { name: tag, role: "tag", ...rest } : { name: feature, role: "feature", ...rest },
  );
  return attributes.length ? { ...said, attributes } : null;
}

const DAY = 86_400_000;

function referenceWith(settings: Set) {
  const rule = settings.reference as {
    kind: string;
    days?: number;
    weeks?: number;
    start?: string;
    end?: string;
  } | null;
  const uploaded = { kind: "uploaded", label: "training, Jan–Mar 2013", rows: 80_789, waiting: null };
  if (!rule || rule.kind === "uploaded")
    return { ...uploaded, start: "2013-01-01T00:00:00Z", end: "2013-04-01T00:00:00Z" };
  if (rule.kind === "first_rows")
    throw new GraphQLError("the model has no reference of first rows", { extensions: { hint: "it has: uploaded" } });
  const days = rule.kind === "moving" ? (rule.days ?? 28) : 7 * (rule.weeks ?? 8);
  const label =
    rule.kind === "moving"
      ? `the ${String(days)} days before`
      : rule.kind === "seasonal"
        ? `the last ${String(days / 7)} weeks`
        : `${rule.start ?? ""} to ${rule.end ?? ""}`;
  const end = Date.UTC(2013, 11, 24);
  return {
    kind: rule.kind,
    label,
    rows: days * 925,
    start: new Date(end - days * DAY).toISOString(),
    end: new Date(end).toISOString(),
    waiting:
      days < 7
        ? `Only ${String(days)} days have rows, 7 are needed; until then windows are compared with: training, Jan–Mar 2013`
        : null,
  };
}

function inForce(settings: Set): typeof DEFAULTS {
  const set = Object.entries(settings).filter(([, value]) => value !== null);
  return { ...DEFAULTS, ...Object.fromEntries(set) } as typeof DEFAULTS;
}

function cost(settings: Set) {
  const { alertsPer1000Days, psiWarning, window, k } = inForce(settings);
  const looks = LOOKS[window];
  const most = 0.03 * alertsPer1000Days * (psiWarning < 0.01 ? 1 : 0.9);
  return {
    alertsPer1000Days,
    alertsAtMost: most,
    alertsAbout: most * (k > 1 ? 0.9 / (k * k) : 1),
    notices: looks * 30 * 0.01,
    looksPerDay: looks,
    columns: 17,
    rows: 6_480,
  };
}

/** The resolvers of one model, with those of `System.mayWrite` and of the mutation beside. */
export const settingResolvers = (id: string) => ({
  settings: () => settingsOf(id),
  settingDefaults: DEFAULTS,
  falseAlarms: () => cost(settingsOf(id)),
  settingsPreview: ({ changes }: { changes: Changes }) => ({
    current: cost(settingsOf(id)),
    changed: cost(changed(id, changes)),
    reference: referenceWith(changed(id, changes)),
  }),
});

export function changeSettings({ id, changes }: { id: string; changes: Changes }) {
  const after = changed(id, changes);
  held.set(id, after);
  return after;
}
