/** Whether the mock model treats groups alike: by sex it does not, by race a few groups are small, by age it does. */

import type { Level } from "../src/graphql/graphql";

import { LAST } from "./flightWindows.ts";
import { normal, seeded } from "./random.ts";
import { settingsOf } from "./settings.ts";

const DAY = 86_400_000;
const WINDOWS = 26;
/** The newest windows whose labels have not all come. */
const IMMATURE = 3;
const iso = (time: number) => new Date(time).toISOString();

type People = { value: string; rows: number; selected: number; tpr: number; fpr: number };

const PEOPLE: Record<string, People[]> = {
  sex: [
    { value: "Male", rows: 4_330, selected: 0.262, tpr: 0.66, fpr: 0.075 },
    { value: "Female", rows: 2_150, selected: 0.083, tpr: 0.59, fpr: 0.021 },
  ],
  race: [
    { value: "White", rows: 5_480, selected: 0.212, tpr: 0.66, fpr: 0.06 },
    { value: "Black", rows: 612, selected: 0.119, tpr: 0.6, fpr: 0.029 },
    { value: "Asian-Pac-Islander", rows: 205, selected: 0.224, tpr: 0.67, fpr: 0.066 },
    { value: "Amer-Indian-Eskimo", rows: 61, selected: 0.082, tpr: 0.53, fpr: 0.021 },
    { value: "Other", rows: 54, selected: 0.111, tpr: 0.6, fpr: 0.03 },
    { value: "<img src=x onerror=alert(1)>", rows: 12, selected: 0.083, tpr: 0.5, fpr: 0 },
    {
      value: "a_group_whose_name_was_made_by_joining_three_columns_of_an_export",
      rows: 19,
      selected: 0.3,
      tpr: 1,
      fpr: 0,
    },
    { value: "\u202egnippilf", rows: 14, selected: 0.2, tpr: 0.5, fpr: 0.1 },
    { value: "", rows: 16, selected: 0.19, tpr: 0.6, fpr: 0.07 },
    { value: "Two or more", rows: 33, selected: 0.18, tpr: 0.63, fpr: 0.05 },
  ],
  age: [
    { value: "[25, 45)", rows: 3_210, selected: 0.198, tpr: 0.64, fpr: 0.055 },
    { value: "< 25", rows: 1_120, selected: 0.172, tpr: 0.62, fpr: 0.05 },
    { value: "[45, 65)", rows: 1_830, selected: 0.214, tpr: 0.67, fpr: 0.062 },
    { value: ">= 65", rows: 320, selected: 0.191, tpr: 0.63, fpr: 0.05 },
  ],
};
const CROSSED: Record<string, People[]> = {
  "race and sex": [
    { value: "White and Male", rows: 3_760, selected: 0.271, tpr: 0.67, fpr: 0.078 },
    { value: "White and Female", rows: 1_720, selected: 0.085, tpr: 0.6, fpr: 0.021 },
    { value: "Black and Female", rows: 300, selected: 0.05, tpr: 0.52, fpr: 0.012 },
    { value: "Black and Male", rows: 312, selected: 0.188, tpr: 0.64, fpr: 0.048 },
    { value: "Amer-Indian-Eskimo and Female", rows: 22, selected: 0.045, tpr: 0.5, fpr: 0.02 },
  ],
};

const METRICS = [
  ["demographic_parity_ratio", "ratio", "selection_rate"],
  ["demographic_parity_difference", "difference", "selection_rate"],
  ["equal_opportunity_difference", "difference", "true_positive_rate"],
  ["equalized_odds_difference", "difference", "true_positive_rate"],
  ["false_positive_rate_difference", "difference", "false_positive_rate"],
  ["predictive_parity_difference", "difference", "precision"],
  ["accuracy_difference", "difference", "accuracy"],
] as const;
const ORDER: (Level | null)[] = ["CRITICAL", "WARNING", "NOTICE", "INSUFFICIENT_DATA", "OK", null];
const worst = (levels: (Level | null)[]) =>
  levels.reduce((a, b) => (ORDER.indexOf(b) < ORDER.indexOf(a) ? b : a), null as Level | null);
const titleOf = (name: string) => (name.charAt(0).toUpperCase() + name.slice(1)).replaceAll("_", " ");
const pointsOf = (share: number) => (share * 100).toPrecision(2);

type Rate = { name: string; value: number; rows: number };

/** The rates of a group, with the rows that each is of. */
function ratesOf(people: People): Rate[] {
  const { rows, selected, tpr, fpr } = people;
  const base = Math.min(0.95, Math.max(0.02, (selected - fpr) / Math.max(0.05, tpr - fpr)));
  const hits = base * tpr;
  return [
    { name: "selection_rate", value: selected, rows },
    { name: "true_positive_rate", value: tpr, rows: Math.round(rows * base) },
    { name: "false_positive_rate", value: fpr, rows: Math.round(rows * (1 - base)) },
    { name: "precision", value: hits / (hits + (1 - base) * fpr), rows: Math.round(rows * selected) },
    { name: "accuracy", value: hits + (1 - base) * (1 - fpr), rows },
    { name: "base_rate", value: base, rows },
    { name: "calibration_gap", value: 0.004 * Math.sin(rows), rows },
  ];
}

/** Wilson's interval. */
function interval(value: number, rows: number): { low: number; high: number } {
  const n = Math.max(1, rows);
  const middle = (value + 1.92 / n) / (1 + 3.84 / n);
  const half = (1.96 / (1 + 3.84 / n)) * Math.sqrt(Math.max(0, (value * (1 - value)) / n + 0.96 / (n * n)));
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

function compared(people: People, against: People, attribute: string, labelled: boolean, end: string) {
  const [mine, theirs] = [ratesOf(people), ratesOf(against)];
  return METRICS.filter(([, , figure]) => labelled || figure === "selection_rate").map(([metric, kind, figure]) => {
    const [a, b] = [mine, theirs].map((all) => all.find((each) => each.name === figure) ?? all[0]);
    const [small, large] = a.value <= b.value ? [a, b] : [b, a];
    const ratio = kind === "ratio";
    const value = ratio ? small.value / large.value : a.value - b.value;
    const [{ low: al, high: ah }, { low: bl, high: bh }] = [interval(a.value, a.rows), interval(b.value, b.rows)];
    const spread = Math.hypot((ah - al) / 2, (bh - bl) / 2);
    const width = ratio ? (value * spread) / Math.max(0.02, small.value) : spread;
    const [warning, critical] = ratio ? [0.8, 0.6] : [0.1, 0.2];
    const breaks = (limit: number) => (ratio ? value < limit : Math.abs(value) >= limit);
    const certain = Math.abs(a.value - b.value) > 1.6 * spread;
    const few = a.rows < 30;
    const level: Level = few
      ? "INSUFFICIENT_DATA"
      : !certain || !breaks(warning)
        ? "OK"
        : breaks(critical)
          ? "CRITICAL"
          : people.rows < 700
            ? "NOTICE"
            : "WARNING";
    const before = ratio ? value * 0.99 : value * 1.02;
    const stood = breaks(warning) && people.rows > 1_000;
    const label = `${attribute}=${people.value}`;
    const rows = `${a.rows.toLocaleString("en-US")} and ${b.rows.toLocaleString("en-US")} rows`;
    const own = `${label}: ${pointsOf(a.value)}\u2009% ${figure === "selection_rate" ? "are predicted late" : `is the ${figure.replaceAll("_", " ")}`}; ${attribute}=${against.value}: ${pointsOf(b.value)}\u2009%`;
    const size = ratio
      ? `ratio ${value.toFixed(3)}, 95\u2009% interval ${(value - width).toFixed(2)} to ${(value + width).toFixed(2)}; the rule is at least ${level === "CRITICAL" ? "0.6" : "0.8"}`
      : `difference ${pointsOf(value)} points, 95\u2009% interval ${pointsOf(value - width)} to ${pointsOf(value + width)}; the rule is under ${level === "CRITICAL" ? "20" : "10"} points`;
    const past = `; in the reference ${ratio ? before.toFixed(3) : `${pointsOf(before)} points`}${stood ? ", the rule was broken there, too" : ""}`;
    return {
      metric,
      title: titleOf(metric),
      kind,
      group: label,
      groupKey: `tag:${label}`,
      against: `${attribute}=${against.value}`,
      againstKey: `tag:${attribute}=${against.value}`,
      figure,
      value,
      low: value - width,
      high: value + width,
      groupValue: a.value,
      againstValue: b.value,
      rows: a.rows,
      againstRows: b.rows,
      pValue: few ? null : certain ? 1e-6 : 0.4,
      level,
      single: level,
      before,
      stood,
      thresholdWarning: warning,
      thresholdCritical: critical,
      text: few ? `${own}; too few rows or events to judge: ${rows}` : `${own}; ${size}; ${rows}${past}`,
      end,
    };
  });
}

function attributeOf(name: string, people: People[], labelled: boolean) {
  const crossed = name in CROSSED;
  const newest = iso(LAST);
  const mature = iso(LAST - IMMATURE * 7 * DAY);
  const against = people[0];
  const label = (each: People) => `${name}=${each.value}`;
  const disparities = people
    .slice(1)
    .flatMap((each) => compared(each, against, name, labelled, labelled ? mature : newest))
    .sort((a, b) => ORDER.indexOf(a.level) - ORDER.indexOf(b.level));
  const groups = people.map((each) => ({
    label: label(each),
    key: `tag:${label(each)}`,
    isReference: each === against,
    level: worst(disparities.filter((one) => one.group === label(each)).map((one) => one.level)),
    rows: each.rows,
    figures: ratesOf(each)
      .filter((rate) => labelled || rate.name === "selection_rate")
      .map((rate) => ({
        figure: rate.name,
        title: titleOf(rate.name),
        value: rate.value,
        ...(rate.name === "calibration_gap"
          ? { low: rate.value - 0.02, high: rate.value + 0.02 }
          : interval(rate.value, rate.rows)),
        rows: rate.rows,
        end: rate.name === "selection_rate" ? newest : mature,
      })),
  }));
  const enough = people.filter((each) => each.rows >= 30);
  const spreads = METRICS.filter(([, , figure]) => labelled || figure === "selection_rate").map(
    ([metric, kind, figure]) => {
      const values = enough.map((each) => ratesOf(each).find((rate) => rate.name === figure)?.value ?? 0);
      const [low, high] = [Math.min(...values), Math.max(...values)];
      return { metric, title: titleOf(metric), value: kind === "ratio" ? low / high : high - low, end: mature };
    },
  );
  return {
    name,
    key: name,
    crossed,
    level: worst(disparities.map((each) => each.level)),
    against: label(against),
    groups,
    disparities,
    spreads,
    lines: ({ name: asked }: { name: string }) => linesOf(people, label, asked),
  };
}

function linesOf(people: People[], label: (each: People) => string, asked: string) {
  const random = seeded(people.length * 31);
  const ratio = asked === "demographic_parity_ratio";
  const lines = people.map((each) => {
    const rate = ratesOf(each).find((one) => one.name === asked) ?? ratesOf(each)[0];
    const values = Array.from({ length: WINDOWS }, (_, index) => {
      if (each.rows < 20 && index % 5 === 2) return null;
      const noise = Math.sqrt((rate.value * (1 - rate.value)) / Math.max(8, rate.rows)) * normal(random);
      const bend = each.value === "Female" ? 0.05 * Math.max(0, (14 - index) / 14) : 0;
      return Math.min(1, Math.max(0, rate.value + bend + noise));
    });
    return { each, rate, values };
  });
  return lines
    .filter((_, index) => !ratio || index > 0)
    .map(({ each, rate, values }) => {
      const shown = ratio
        ? values.map((value, index) => {
            const other = lines[0].values[index];
            return value === null || other === null ? null : Math.min(value, other) / Math.max(value, other, 1e-9);
          })
        : values;
      const width = ratio ? 0.35 / Math.sqrt(each.rows / 60) : null;
      const ends = shown.map((value) =>
        value === null
          ? { low: null, high: null }
          : width === null
            ? interval(value, rate.rows)
            : { low: Math.max(0, value - width), high: value + width },
      );
      return {
        group: label(each),
        groupKey: `tag:${label(each)}`,
        values: shown,
        lows: ends.map((end) => end.low),
        highs: ends.map((end) => end.high),
        levels: shown.map((value): Level | null =>
          !ratio || value === null
            ? null
            : each.rows < 30
              ? "INSUFFICIENT_DATA"
              : value < 0.6
                ? "CRITICAL"
                : value < 0.8
                  ? "WARNING"
                  : "OK",
        ),
      };
    });
}

function windowsOf(labelled: boolean) {
  return Array.from({ length: WINDOWS }, (_, index) => {
    const end = LAST - (WINDOWS - 1 - index) * 7 * DAY;
    const mature = labelled && index < WINDOWS - IMMATURE;
    const coverage = !labelled ? 0 : mature ? 0.962 : 0.71 - 0.22 * (index - WINDOWS + IMMATURE);
    return {
      start: iso(end - 7 * DAY),
      end: iso(end),
      level: "OK" as Level,
      seen: 6_480,
      labelled: Math.round(6_480 * coverage),
      coverage,
      expected: labelled ? Math.min(0.96, coverage + 0.02) : null,
      final: labelled ? 0.965 : null,
      mature,
      matureAt: mature ? null : iso(end + 9 * DAY),
      reason: mature ? "" : labelled ? "49\u2009% of labels have come, 96\u2009% are expected" : "no labels have come",
    };
  });
}

/** A model that predicts numbers: means in the place of rates, compared in standard deviations. */
function meansOf(name: string) {
  const held = [
    { value: "Male", rows: 4_330, mean: 41.2, error: 0.31 },
    { value: "Female", rows: 2_150, mean: 33.8, error: -2.9 },
  ];
  const end = iso(LAST);
  const label = (value: string) => `${name}=${value}`;
  const figure = (figure: string, value: number, rows: number) => {
    const half = 24 / Math.sqrt(rows);
    return { figure, title: titleOf(figure), value, low: value - half, high: value + half, rows, end };
  };
  const [a, b] = held;
  const compare = (metric: string, figureName: string, value: number, level: Level) => ({
    ...compared(PEOPLE["sex"][1], PEOPLE["sex"][0], name, true, end)[0],
    metric,
    title: titleOf(metric),
    kind: "means",
    figure: figureName,
    value,
    low: value - 0.6,
    high: value + 0.6,
    level,
    stood: false,
    thresholdWarning: 0.2,
    thresholdCritical: 0.5,
    text: `${label(b.value)}: the ${figureName.replaceAll("_", " ")} is ${value > 0 ? "" : "lower, "}${String(Math.abs(value))} apart; the rule is under 0.2 standard deviations; ${b.rows.toLocaleString("en-US")} and ${a.rows.toLocaleString("en-US")} rows`,
  });
  return {
    name,
    key: `tag:${name}`,
    crossed: false,
    level: "WARNING" as Level,
    against: label(a.value),
    groups: held.map(({ value, rows, mean, error }) => ({
      label: label(value),
      key: `tag:${label(value)}`,
      isReference: value === a.value,
      level: value === a.value ? null : ("WARNING" as Level),
      rows,
      figures: [figure("mean_prediction", mean, rows), figure("mean_error", error, rows)],
    })),
    disparities: [
      compare("mean_error_difference", "mean_error", -3.21, "WARNING"),
      compare("mean_prediction_difference", "mean_prediction", -7.4, "OK"),
    ],
    spreads: [{ metric: "mean_error_difference", title: "Mean error difference", value: 3.21, end }],
    lines: ({ name: asked }: { name: string }) =>
      held.map(({ value, mean, error }, place) => {
        const random = seeded(place + 5);
        const values = Array.from(
          { length: WINDOWS },
          () => (asked === "mean_error" ? error : mean) + 0.4 * normal(random),
        );
        return {
          group: label(value),
          groupKey: `tag:${label(value)}`,
          values,
          lows: values.map((each) => each - 0.5),
          highs: values.map((each) => each + 0.5),
          levels: values.map(() => null),
        };
      }),
  };
}

type Asked = { attribute?: string | null };

/** What `model.fairness` answers: off without a protected attribute, and without labels for one of the models. */
export function fairnessOf(id: string, counted = true) {
  return ({ attribute }: Asked) => {
    const named = namesIn(settingsOf(id).fairness);
    const labelled = id !== "credit-scoring";
    const fresh = named.filter((name) => !(name in PEOPLE));
    const state =
      named.length === 0 || !counted
        ? "off"
        : fresh.length === named.length
          ? "building"
          : labelled
            ? "ready"
            : "no_labels";
    const reason = {
      off: counted
        ? "no protected attribute is named"
        : "nothing has been counted yet; that begins when a reference stands",
      building: "the outcomes are being counted by other rules; that takes a while",
      no_labels: "no labels yet: POST /api/v1/actuals takes what came true",
      ready: "",
    }[state];
    const shown = state === "off" || state === "building" ? [] : named.filter((name) => name in PEOPLE);
    const both = shown.includes("race") && shown.includes("sex") ? ["race and sex"] : [];
    const attributes = [...shown, ...both]
      .map((name) =>
        id === "demand-forecast-eu" ? meansOf(name) : attributeOf(name, { ...PEOPLE, ...CROSSED }[name], labelled),
      )
      .sort((a, b) => ORDER.indexOf(a.level) - ORDER.indexOf(b.level) || Number(a.crossed) - Number(b.crossed));
    return {
      version: "2.1.0",
      state,
      reason,
      favourable: "late",
      newest: labelled && shown.length ? WINDOWS - IMMATURE - 1 : null,
      windows: shown.length ? windowsOf(labelled) : [],
      attributes: attribute
        ? attributes.filter((each) => each.key === attribute || each.name === attribute)
        : attributes,
    };
  };
}

function namesIn(fairness: unknown): string[] {
  const attributes = (fairness as { attributes?: Record<string, unknown>[] } | null)?.attributes ?? [];
  return attributes.map((each) => String(each["name"] ?? each["tag"] ?? each["feature"]));
}
