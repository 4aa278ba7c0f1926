/** Silences and mute times of the fixtures, kept while the mock runs. */

import { alertsOf } from "./alerts.ts";
import { shown } from "./decisions.ts";

type Matcher = Record<string, string | null | undefined>;
type Silence = {
  id: string;
  matcher: Matcher;
  startsAt: string;
  endsAt: string;
  by: string;
  comment: string;
  createdAt: string;
  state: string;
  alerts: number;
};

const HOUR = 3_600_000;
const from = (hours: number) => new Date(Date.now() + hours * HOUR).toISOString();
const full = (matcher: Matcher) => ({
  model: "",
  environment: "",
  version: "",
  kind: "",
  feature: "",
  atLeast: null,
  atMost: null,
  ...matcher,
});

let silences: Silence[] = [
  {
    id: "3",
    matcher: full({ model: "flight-*", kind: "data_drift", feature: "wind_gust" }),
    startsAt: from(-2),
    endsAt: from(5.5),
    by: "on-call",
    comment: "The weather feed is being filled again; until then values are missing.",
    createdAt: from(-2),
    state: "active",
    alerts: 1,
  },
  {
    id: "2",
    matcher: full({ model: "churn-prepaid", atMost: "WARNING" }),
    startsAt: from(14),
    endsAt: from(38),
    by: "platform",
    comment: "",
    createdAt: from(-1),
    state: "pending",
    alerts: 0,
  },
  {
    id: "1",
    matcher: full({ environment: "staging" }),
    startsAt: from(-60),
    endsAt: from(-12),
    by: "on-call",
    comment: "Load test",
    createdAt: from(-60),
    state: "ended",
    alerts: 0,
  },
];
let mutes = [
  {
    name: "nights and weekends",
    zone: "Europe/Berlin",
    spans: [
      { weekdays: ["mon", "tue", "wed", "thu", "fri"], start: "18:00", end: "08:00" },
      { weekdays: ["sat", "sun"], start: "00:00", end: "24:00" },
    ],
    matcher: full({ atMost: "WARNING" }),
    until: from(9),
  },
];

const fits = (matcher: Matcher) => {
  const pattern = new RegExp(`^${(matcher.model ?? "").replace(/[^\w*]/g, "\\$&").replaceAll("*", ".*")}$`);
  return alertsOf("one")
    .filter((alert) => alert.status !== "RESOLVED" && (!matcher.model || pattern.test(alert.modelId)))
    .map(shown);
};

export const silenceResolvers = (isEmpty: boolean) => ({
  silences: ({ ended }: { ended: boolean }) =>
    isEmpty ? [] : silences.filter((each) => ended || each.state !== "ended"),
  muteTimes: isEmpty ? [] : mutes,
  silencePreview: ({ matcher }: { matcher: Matcher }) => {
    const found = isEmpty ? [] : fits(matcher);
    return { count: found.length, models: new Set(found.map((each) => each.modelId)).size, alerts: found };
  },
  createSilence: ({ silence }: { silence: { matcher: Matcher; hours: number; by: string; comment: string } }) => {
    const made = {
      id: String(silences.length + 1),
      matcher: full(silence.matcher),
      startsAt: from(0),
      endsAt: from(silence.hours),
      by: silence.by,
      comment: silence.comment,
      createdAt: from(0),
      state: "active",
      alerts: fits(silence.matcher).length,
    };
    silences = [made, ...silences];
    return made;
  },
  extendSilence: ({ id, hours }: { id: string; hours: number }) => {
    silences = silences.map((each) =>
      each.id === id ? { ...each, endsAt: new Date(Date.parse(each.endsAt) + hours * HOUR).toISOString() } : each,
    );
    return silences.find((each) => each.id === id);
  },
  expireSilence: ({ id }: { id: string }) => {
    silences = silences.map((each) => (each.id === id ? { ...each, endsAt: from(0), state: "ended" } : each));
    return silences.find((each) => each.id === id);
  },
  setMuteTime: ({ name, muteTime }: { name: string; muteTime: Omit<(typeof mutes)[number], "name" | "until"> }) => {
    const made = { ...muteTime, name, matcher: full(muteTime.matcher), until: from(9) };
    mutes = [...mutes.filter((each) => each.name !== name), made];
    return made;
  },
  removeMuteTime: ({ name }: { name: string }) => {
    mutes = mutes.filter((each) => each.name !== name);
    return true;
  },
});
