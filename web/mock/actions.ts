/** Actions and their runs of the fixtures, kept while the mock runs. */

const HOUR = 3_600_000;
const ago = (hours: number) => new Date(Date.now() - hours * HOUR).toISOString();

let actions = [
  action("retrain", {}),
  action("page the data team", {
    on: ["data_drift"],
    models: ["flight-*"],
    minLevel: "critical",
    atLeast: null,
    lastingHours: 72,
    webhook: null,
    python: { entry: "open_ticket", fields: {} },
    dryRun: true,
    reasons: [{ alertId: "4182", modelId: "flight-delay", reason: "it has lasted for 41 of 72 hours", at: ago(1) }],
  }),
];
let runs = [
  run("7", "PROPOSED", {
    history: [{ at: ago(1), state: "PROPOSED", text: "3 alerts in 24 h", by: "" }],
    expiresAt: ago(-71),
  }),
  run("5", "DONE", {
    history: [
      { at: ago(50), state: "PROPOSED", text: "4 alerts in 24 h", by: "" },
      { at: ago(49), state: "APPROVED", text: "", by: "on-call" },
      { at: ago(48.9), state: "DONE", text: "HTTP 202: queued", by: "" },
    ],
    doneAt: ago(48.9),
    helped: {
      verdict: "HELPED",
      text: "the error rate went from 14.2 % to 9.1 % in 3 windows of version 2.1.1",
      metric: "error_rate",
      before: 0.142,
      after: 0.091,
      windows: 3,
      version: "2.1.1",
      at: ago(20),
    },
  }),
  run("4", "DRY_RUN", { action: "page the data team", dryRun: true, doneAt: ago(70), modelId: "flight-delay" }),
];

function action(name: string, more: object) {
  return {
    name,
    on: ["concept_drift"],
    models: ["*"],
    minLevel: "warning",
    atLeast: { alerts: 3, withinHours: 24, anyKind: false } as object | null,
    lastingHours: null as number | null,
    webhook: {
      url: "https://hooks.example.com/retrain",
      method: "POST",
      headers: {},
      secretHeaders: [],
      signed: true,
      fields: {},
      body: "",
    } as object | null,
    python: null as object | null,
    tell: ["#ml-oncall"],
    message: "",
    dryRun: false,
    approval: true,
    expiresHours: 72,
    cooldownHours: 24,
    maxPerWeek: 2,
    maxPerWeekAll: 20,
    timeoutSeconds: 30,
    enabled: true,
    createdAt: ago(900),
    updatedAt: ago(300),
    reasons: [] as object[],
    ...more,
  };
}

function run(id: string, state: string, more: object) {
  return {
    id,
    number: Number(id),
    action: "retrain",
    alertId: "4182",
    modelId: "churn-prepaid",
    key: `retrain-${id}`,
    state,
    dryRun: false,
    why: "3 alerts of concept drift in 24 h",
    request: { method: "POST", url: "https://hooks.example.com/retrain", body: { model_id: "churn-prepaid" } },
    history: [] as object[],
    helped: null as object | null,
    attempts: 1,
    createdAt: ago(1),
    startedAt: null,
    nextAt: null,
    expiresAt: null as string | null,
    doneAt: null as string | null,
    ...more,
  };
}

type Said = { name: string; on: string[]; dry_run: boolean; approval: boolean };

export const actionResolvers = (isEmpty: boolean) => ({
  actions: () => (isEmpty ? [] : actions),
  actionRuns: ({ alertId }: { alertId?: string | null }) =>
    isEmpty ? [] : runs.filter((each) => !alertId || each.alertId === alertId),
  saveAction: ({ action: said }: { action: Said }) => {
    const made = action(said.name, { on: said.on, dryRun: said.dry_run, approval: said.approval });
    actions = [...actions.filter((each) => each.name !== said.name), made];
    return made;
  },
  deleteAction: ({ name }: { name: string }) => {
    actions = actions.filter((each) => each.name !== name);
    return true;
  },
  approveRun: ({ id, by }: { id: string; by: string }) => decided(id, "APPROVED", by),
  rejectRun: ({ id, by }: { id: string; by: string }) => decided(id, "REJECTED", by),
});

function decided(id: string, state: string, by: string) {
  runs = runs.map((each) =>
    each.id === id ? { ...each, state, history: [...each.history, { at: ago(0), state, text: "", by }] } : each,
  );
  return runs.find((each) => each.id === id);
}
