/** Channels and undelivered messages of the fixtures, kept while the mock runs. */

const HOUR = 3_600_000;
const ago = (hours: number) => new Date(Date.now() - hours * HOUR).toISOString();

const kinds = [
  {
    kind: "slack",
    title: "Slack, incoming webhook",
    fields: [field("url", "Webhook address", { secret: true, hint: "https://hooks.slack.com/services/..." })],
  },
  {
    kind: "email",
    title: "E-mail",
    fields: [
      field("host", "SMTP server"),
      field("port", "Port", { required: false, default: "587", hint: "587 for starttls, 465 for tls" }),
      field("user", "User", { required: false }),
      field("password", "Password", { secret: true, required: false }),
      field("sender", "From", { hint: "alerts@example.org" }),
      field("to", "To", { hint: "one or more addresses, separated by commas" }),
    ],
  },
  {
    kind: "pagerduty",
    title: "PagerDuty",
    fields: [
      field("routing_key", "Integration key", { secret: true, hint: "of a service's Events API V2 integration" }),
    ],
  },
];

function field(name: string, title: string, more: object = {}) {
  return { name, title, secret: false, required: true, default: "", hint: "", ...more };
}

type Channel = ReturnType<typeof channel>;

function channel(name: string, kind: string, more: object = {}) {
  const facts = kinds.find((each) => each.kind === kind);
  return {
    name,
    kind,
    title: facts?.title ?? "Webhook",
    values: (facts?.fields ?? []).map((each) => ({
      name: each.name,
      title: each.title,
      secret: each.secret,
      set: true,
      value: each.secret ? null : "mail.example.org",
    })),
    minLevel: "warning",
    models: ["*"],
    enabled: true,
    builtIn: false,
    fault: "",
    waiting: 0,
    dead: 0,
    sent: 41,
    deliveredAt: ago(3) as string | null,
    failedAt: null as string | null,
    error: "",
    heldUntil: null as string | null,
    ...more,
  };
}

let channels: Channel[] = [
  channel("#ml-oncall", "slack"),
  channel("data science", "email", { minLevel: "info", models: ["churn-*", "loan-*"], deliveredAt: ago(26) }),
  channel("pager", "pagerduty", {
    minLevel: "critical",
    fault: "The receiver refuses the key: 400 Invalid routing key",
    waiting: 1,
    dead: 1,
    failedAt: ago(0.2),
    error: "HTTP 400: Invalid routing key",
  }),
  channel("webhook", "webhook", { builtIn: true, values: [], sent: 0, deliveredAt: null }),
];
let messages = [
  message("12", "dead", 1, "HTTP 400: Invalid routing key"),
  message("13", "waiting", 4, "HTTP 503: Service unavailable"),
];

function message(id: string, state: string, attempts: number, error: string) {
  return {
    id,
    channel: "pager",
    event: "opened",
    level: "CRITICAL",
    title: "wind_gust drifted and lost values",
    key: `k${id}`,
    state,
    attempts,
    createdAt: ago(1),
    nextAt: ago(-0.1),
    doneAt: null,
    error,
    alerts: [4182],
  };
}

type Changes = { min_level?: string; models?: string[]; enabled?: boolean };

export const channelResolvers = (isEmpty: boolean) => ({
  channels: () => (isEmpty ? [] : channels),
  channelKinds: kinds,
  digest: ({ channel: name }: { channel: string }) => ({
    channel: name,
    empty: isEmpty,
    title: "2 notices and 1 column for a week",
    more: 0,
    notes: ["churn-prepaid 4: tenure has been at notice since 19 Nov, PSI 0.04"],
    lines: [
      {
        alertId: "4170",
        model: "loan-early-repay",
        version: "7",
        environment: "production",
        kind: "rule:rule_2",
        level: "NOTICE",
        status: "firing",
        title: "label coverage 0.41 < 0.5 (Late labels)",
        since: ago(9),
        news: "opened",
        facts: ["412 of 1,004 rows are labelled"],
      },
    ],
  }),
  messages: () => (isEmpty ? [] : messages),
  saveChannel: ({ name, kind, changes }: { name: string; kind: string | null; changes: Changes }) => {
    const before = channels.find((each) => each.name === name);
    const made = {
      ...(before ?? channel(name, kind ?? "slack", { sent: 0, deliveredAt: null })),
      minLevel: changes.min_level ?? "warning",
      models: changes.models ?? ["*"],
      enabled: changes.enabled ?? true,
    };
    channels = before ? channels.map((each) => (each.name === name ? made : each)) : [...channels, made];
    return made;
  },
  deleteChannel: ({ name }: { name: string }) => {
    channels = channels.filter((each) => each.name !== name);
    return true;
  },
  testChannel: ({ name }: { name: string }) =>
    name === "pager"
      ? { delivered: false, permanent: true, error: "HTTP 400: Invalid routing key", seconds: 0.31 }
      : { delivered: true, permanent: false, error: "", seconds: 0.42 },
  retryMessage: ({ id }: { id: string }) => gone(id),
  dropMessage: ({ id }: { id: string }) => gone(id),
});

function gone(id: string) {
  const found = messages.find((each) => each.id === id);
  messages = messages.filter((each) => each.id !== id);
  return found;
}
