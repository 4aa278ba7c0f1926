/** The alerts of the mock: each status, kind and state of evaluation. They change when acted upon. */

import type { AlertStatus, EvaluationState, Level } from "../src/graphql/graphql";

import { LAST } from "./flightWindows.ts";

const HOUR = 3_600_000;
const text = (time: number) => new Date(time).toISOString();
const iso = (...parts: [number, number, number, number?, number?]) => text(Date.UTC(...parts));

type Event = { at: string; kind: string; text: string; by: string };
type Figure = {
  subject: string;
  metric: string;
  title: string;
  group: string | null;
  groupKey: string | null;
  against: string | null;
  classLabel: string | null;
};

const NOBODY = { ruleId: null as string | null, channels: [] as string[], group: null as string | null };
const EVALUATED = { state: "EVALUATED" as EvaluationState, since: null as string | null, text: "" };

export type MockItem = ReturnType<typeof item>;

export function item(
  column: string,
  metric: string,
  level: Level,
  value: number,
  chance: number | null,
  since: string,
) {
  return {
    column,
    role: "FEATURE" as "FEATURE" | "PREDICTION_SCORE",
    metric,
    level,
    value,
    chance,
    since,
    segment: null as string | null,
    text: `${column}: ${metric} ${value.toFixed(2)}`,
    figure: null as Figure | null,
  };
}

function figure(
  level: Level,
  value: number,
  since: string,
  sentence: string,
  of: Partial<Figure> & { subject: string },
) {
  const plain = { metric: "", title: "", group: null, groupKey: null, against: null, classLabel: null };
  const full = { ...plain, ...of };
  return { ...item("outcome", full.metric, level, value, null, since), text: sentence, figure: full as Figure };
}

type More = Partial<ReturnType<typeof plain>>;

function plain(number: number, status: AlertStatus, level: Level, title: string, openedAt: string) {
  return {
    ...NOBODY,
    id: String(number),
    number,
    status,
    level,
    title,
    openedAt,
    resolvedAt: null as string | null,
    modelId: "flight-delay",
    environment: "production",
    version: "2.1.0",
    kind: "data_drift",
    historic: false,
    checkedAt: openedAt,
    silencedUntil: null as string | null,
    assignedTo: "",
    acknowledgedBy: "",
    system: false,
    evaluation: EVALUATED,
    items: [] as MockItem[],
    events: [] as Event[],
  };
}

export type MockAlert = ReturnType<typeof plain>;

export function alert(
  number: number,
  status: AlertStatus,
  level: Level,
  title: string,
  openedAt: string,
  more: More = {},
): MockAlert {
  return { ...plain(number, status, level, title, openedAt), ...more };
}

const line = (at: string, kind: string, sentence: string, by = ""): Event => ({ at, kind, text: sentence, by });

/** Of the flights of 2013, which were replayed: nobody was woken. */
function flights(): MockAlert[] {
  const replayed = { historic: true, checkedAt: text(LAST) };
  const since = iso(2013, 11, 2, 6, 40);
  return [
    alert(2, "FIRING", "WARNING", "3 features drifted; wind_gust most, PSI 0.14", since, {
      ...replayed,
      items: [
        item("wind_gust", "psi", "WARNING", 0.143, 0.004, since),
        item("sched_air_time", "psi", "WARNING", 0.112, 0.004, iso(2013, 11, 9, 20)),
        item("humid", "psi", "WARNING", 0.104, 0.006, iso(2013, 11, 9, 20)),
      ],
      events: [
        line(text(LAST), "evaluated", "Checked again: still warning; PSI 0.14, n = 6,480"),
        line(iso(2013, 11, 9, 20), "joined", "sched_air_time and humid joined; the message in the thread was changed"),
        line(since, "not_sent", "Not sent: replayed history wakes nobody"),
        line(since, "firing", "Firing: warning; wind_gust PSI 0.13, 3 of 4 windows"),
        line(iso(2013, 11, 1, 16, 40), "pending", "Pending: warning; wind_gust PSI 0.12, 1 of 4 windows"),
      ],
    }),
    alert(3, "ACKNOWLEDGED", "WARNING", "Performance fell: ROC AUC is worse by 0.024", iso(2013, 11, 16, 4), {
      ...replayed,
      kind: "performance",
      acknowledgedBy: "on-call",
      assignedTo: "on-call",
      items: [
        figure("WARNING", 0.024, iso(2013, 11, 16, 4), "ROC AUC is worse by 0.024", {
          subject: "performance",
          metric: "roc_auc",
          title: "ROC AUC",
        }),
      ],
      events: [
        line(
          iso(2013, 11, 18, 15, 10),
          "evaluated",
          "Evaluated again: 4,118 late labels; ROC AUC 0.681 → 0.683, level unchanged",
        ),
        line(
          iso(2013, 11, 17, 9, 2),
          "not_sent",
          "Repeat not sent: acknowledged in thread; #ml-oncall, repeat interval 4 h",
        ),
        line(iso(2013, 11, 16, 7, 2), "comment", "Retraining is planned; the weather feed is looked at.", "on-call"),
        line(iso(2013, 11, 16, 6, 58), "assigned", "Assigned to on-call", "on-call"),
        line(iso(2013, 11, 16, 6, 57), "acknowledged", "Acknowledged: “Asked the weather feed team.”", "on-call"),
        line(iso(2013, 11, 16, 4, 1), "sent", "Sent to PagerDuty, #ml-oncall; 1 message for 1 finding"),
        line(iso(2013, 11, 16, 4), "firing", "Firing: warning; ROC AUC"),
      ],
    }),
    alert(
      4,
      "FIRING",
      "CRITICAL",
      "Unequal treatment: demographic parity ratio, sex=Female against sex=Male",
      iso(2013, 11, 20),
      {
        ...replayed,
        kind: "fairness",
        items: [
          figure("CRITICAL", 0.68, iso(2013, 11, 20), "demographic parity ratio 0.32, at least 0.8 is asked", {
            subject: "fairness",
            metric: "demographic_parity_ratio",
            title: "Demographic parity ratio",
            group: "sex=Female",
            groupKey: "tag:sex=Female",
            against: "sex=Male",
          }),
        ],
        events: [line(iso(2013, 11, 20), "firing", "Firing: critical; demographic parity ratio")],
      },
    ),
    alert(5, "FIRING", "WARNING", "Concept drift: error rate", iso(2013, 11, 2, 6, 10), {
      ...replayed,
      kind: "concept_drift",
      items: [
        figure("WARNING", 0.038, iso(2013, 10, 27, 14, 20), "The share of mistakes rose, 15.1 → 18.9 %", {
          subject: "concept_drift",
          metric: "error_rate",
          title: "Error rate",
        }),
      ],
      events: [line(iso(2013, 11, 2, 6, 10), "firing", "Firing: warning; error rate")],
    }),
    alert(6, "RESOLVED", "WARNING", "What comes true has changed, PSI 0.12", iso(2013, 9, 1), {
      ...replayed,
      kind: "target_drift",
      resolvedAt: iso(2013, 10, 4),
      checkedAt: iso(2013, 10, 4),
      items: [
        figure("WARNING", 0.12, iso(2013, 9, 1), "What comes true has changed, PSI 0.12", {
          subject: "target_drift",
          metric: "psi",
          title: "What comes true",
        }),
      ],
      events: [
        line(iso(2013, 10, 4), "resolved", "Back inside what chance allows"),
        line(iso(2013, 9, 1), "firing", "Firing: warning; what comes true"),
      ],
    }),
    alert(1, "RESOLVED", "CRITICAL", "2 features drifted; temp most, PSI 1.62", iso(2013, 4, 6, 18), {
      ...replayed,
      resolvedAt: iso(2013, 10, 2, 4),
      checkedAt: iso(2013, 10, 2, 4),
      items: [
        item("temp", "psi", "CRITICAL", 1.62, 0.004, iso(2013, 4, 6, 18)),
        item("dewp", "psi", "CRITICAL", 1.21, 0.004, iso(2013, 4, 20, 10)),
      ],
      events: [
        line(iso(2013, 10, 2, 4), "resolved", "Back inside what chance allows"),
        line(iso(2013, 4, 20, 10), "joined", "dewp joined"),
        line(iso(2013, 4, 6, 18), "firing", "Firing: critical; temp PSI 0.31, 3 of 4 windows"),
      ],
    }),
  ];
}

const LONG =
  "customer_lifetime_value_rolling_90d_by_region_and_channel_returns_v2_final drifted, PSI 0.31, in 14 of 22 segments";

/** Of models that go on now. */
function live(now: number): MockAlert[] {
  const ago = (hours: number) => text(now - hours * HOUR);
  const checkedAt = ago(0.05);
  const of = (modelId: string, version: string) => ({ modelId, version, checkedAt });
  return [
    alert(4182, "FIRING", "CRITICAL", "6 features drifted; amount_eur most, PSI 3.12", ago(0.2), {
      ...of("fraud-detection", "3.4.1"),
      group: "12",
      ruleId: "drift",
      items: [
        item("amount_eur", "psi", "CRITICAL", 3.12, 0.002, ago(0.2)),
        item("country_code", "psi", "WARNING", 0.17, 0.003, ago(0.2)),
      ],
      events: [
        line(
          ago(0.19),
          "sent",
          "Sent to PagerDuty, #ml-oncall; 0.9 s after the window closed, 1 message for 2 findings",
        ),
        line(ago(0.2), "firing", "Firing: critical; amount_eur, country_code"),
      ],
    }),
    alert(4181, "FIRING", "WARNING", "country_code drifted, PSI 0.17", ago(6), {
      ...of("fraud-card-present", "3.4.0"),
      group: "12",
      items: [{ ...item("country_code", "psi", "WARNING", 0.17, 0.003, ago(6)), segment: "channel=web" }],
      evaluation: { state: "NO_DATA", since: ago(2), text: "no predictions for 2 h; usually 3 every second" },
      events: [
        line(ago(2), "no_data", "No data: no predictions for longer than usual; the alert stays as it is"),
        line(ago(5.9), "not_sent", "Not sent: the hour's warning of this model has been told"),
        line(ago(6), "firing", "Firing: warning; country_code"),
      ],
    }),
    alert(4180, "FIRING", "WARNING", "tariff_code drifted, PSI 0.19", ago(7), {
      ...of("churn-prepaid", "4.2.0"),
      assignedTo: "data-team",
      evaluation: { state: "INSUFFICIENT_DATA", since: ago(1), text: "141 of 200 rows in the newest window" },
      items: [item("tariff_code", "psi", "WARNING", 0.19, 0.004, ago(7))],
      events: [line(ago(7), "firing", "Firing: warning; tariff_code")],
    }),
    alert(4179, "ACKNOWLEDGED", "CRITICAL", "2 features drifted; age_band most, PSI 0.71", ago(18), {
      ...of("credit-scoring", "5.0.2"),
      acknowledgedBy: "on-call",
      assignedTo: "risk-team",
      evaluation: { state: "ERROR", since: ago(3), text: "the check timed out after 60 s" },
      items: [item("age_band", "psi", "CRITICAL", 0.71, 0.006, ago(18))],
      events: [
        line(ago(3), "error", "Check failed: it timed out after 60 s; the alert stays as it is"),
        line(ago(17), "acknowledged", "Acknowledged", "on-call"),
        line(ago(18), "firing", "Firing: critical; age_band"),
      ],
    }),
    alert(4178, "SILENCED", "WARNING", "promo_flag drifted, PSI 0.13", ago(79), {
      ...of("demand-forecast-eu", "1.12.0"),
      silencedUntil: text(now + 21 * HOUR),
      items: [item("promo_flag", "psi", "WARNING", 0.13, 0.004, ago(79))],
      events: [
        line(ago(70), "silenced", "Silenced for 91 h: “Sale until Monday”", "on-call"),
        line(ago(79), "firing", "Firing: warning; promo_flag"),
      ],
    }),
    alert(4177, "PENDING", "WARNING", "distance_km drifted, PSI 0.19", ago(1.2), {
      ...of("eta-courier-berlin", "7.3.1"),
      items: [{ ...item("distance_km", "psi", "WARNING", 0.19, 0.004, ago(1.2)), segment: "zone=ring" }],
      events: [line(ago(1.2), "pending", "Pending: warning; distance_km PSI 0.19, 1 of 4 windows")],
    }),
    alert(4176, "FIRING", "WARNING", "No predictions for 6 h; usually 1 every 4 s", ago(6), {
      ...of("airport-taxi-demand", "2.0.0"),
      kind: "no_data",
      environment: "staging",
      events: [line(ago(6), "firing", "Firing: warning; no predictions for longer than usual")],
    }),
    alert(4175, "FIRING", "CRITICAL", "3 messages could not be delivered to #ml-oncall", ago(0.6), {
      ...of("modelwatch", ""),
      kind: "monitor_dead_letters",
      system: true,
      events: [line(ago(0.6), "firing", "Firing: critical; 404 channel_not_found on every try")],
    }),
    alert(4174, "FIRING", "NOTICE", LONG, ago(30), {
      ...of("customer_lifetime_value_rolling_90d_by_region_and_channel_returns_v2_final", "2026.11.2-rc.1+build.77"),
      items: [
        {
          ...item("<img src=x onerror=alert(1)>", "psi", "NOTICE", 0.31, 0.01, ago(30)),
          segment: "\u202eregion=<b>EMEA</b>",
        },
      ],
      assignedTo: "somebody-with-a-very-long-name",
      events: [line(ago(30), "firing", "Firing: notice")],
    }),
    ...Array.from({ length: 23 }, (_, index) =>
      alert(
        4100 - index,
        "RESOLVED",
        index % 4 === 0 ? "CRITICAL" : "WARNING",
        `feature_${String(index)} drifted, PSI 0.${String(12 + index)}`,
        ago(60 + index * 31),
        {
          ...of(index % 2 ? "churn-prepaid" : "fraud-detection", "3.4.1"),
          checkedAt: ago(40 + index * 31),
          resolvedAt: ago(40 + index * 31),
          items: [item(`feature_${String(index)}`, "psi", "WARNING", 0.12 + index / 100, 0.004, ago(60 + index * 31))],
        },
      ),
    ),
  ];
}

/** An incident: a fifth of a thousand models at once. */
function incident(now: number): MockAlert[] {
  return Array.from({ length: 620 }, (_, index) =>
    alert(
      9000 + index,
      "FIRING",
      index % 5 === 0 ? "CRITICAL" : "WARNING",
      `${String(2 + (index % 47))} features drifted; hour most, PSI 0.${String(13 + (index % 60))}`,
      text(now - index * 40_000),
      {
        modelId: `eta-berlin-${String(index)}`,
        version: `1.${String(index % 9)}.0`,
        checkedAt: text(now - 120_000),
        group: String(20 + (index % 4)),
        items: [item("hour", "psi", "WARNING", 0.2, 0.004, text(now - index * 40_000))],
      },
    ),
  );
}

let store: { few: MockAlert[]; one: MockAlert[]; many: MockAlert[] } | null = null;

/** Every alert of a scenario; the same objects until they are forgotten, so that what is decided stays. */
export function alertsOf(scenario: string): MockAlert[] {
  const now = Date.now();
  store ??= { one: flights(), few: [...live(now), ...flights()], many: [...live(now), ...incident(now)] };
  if (scenario === "empty" || scenario === "held") return [];
  if (scenario === "one" || scenario === "many") return store[scenario];
  return scenario === "quiet" ? store.few.filter((each) => each.status === "RESOLVED") : store.few;
}

export function forgetAlerts(): void {
  store = null;
}
