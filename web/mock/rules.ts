/** Rules of the fixtures, kept while the mock runs. */

const DAY = 86_400_000;
const ago = (days: number) => new Date(Date.now() - days * DAY).toISOString();

type Rule = ReturnType<typeof rule>;

function rule(id: string, name: string, more: object) {
  return {
    id,
    name,
    modelId: "__any__",
    builtIn: false,
    changed: false,
    title: name,
    words: "",
    why: "",
    description: "",
    enabled: true,
    severity: "warning",
    channels: [] as string[],
    body: {} as object,
    by: "",
    createdAt: ago(30),
    updatedAt: ago(3) as string | null,
    state: "ok" as string | null,
    states: [] as object[],
    openAlerts: 0,
    ...more,
  };
}

const builtIn = (kind: string, title: string, why: string, openAlerts = 0) =>
  rule(`default.${kind}`, `default.${kind}`, {
    builtIn: true,
    title,
    words: `${kind.replaceAll("_", " ")} by decision level`,
    why,
    severity: "by_level",
    openAlerts,
    state: null,
    updatedAt: null,
    body: { rule_name: `default.${kind}`, model_id: "__any__" },
  });

let rules: Rule[] = [
  rule("rule_1", "High PSI", {
    modelId: "fraud-detection",
    words: "psi of transaction_amount > 0.25",
    severity: "critical",
    channels: ["#ml-oncall", "pager"],
    state: "firing",
    openAlerts: 1,
    by: "on-call",
    body: {
      rule_name: "High PSI",
      model_id: "fraud-detection",
      condition: { metric: "psi", feature: "transaction_amount", operator: "greater_than", threshold: 0.25 },
      severity: "critical",
      channels: ["#ml-oncall", "pager"],
    },
  }),
  rule("rule_2", "Late labels", {
    words: "label coverage < 0.5 in 3 of 3 windows",
    severity: "info",
    state: "insufficient_data",
    states: [
      {
        modelId: "churn-prepaid",
        environment: "production",
        version: "4",
        state: "insufficient_data",
        text: "112 of 200 rows",
        at: ago(0.2),
        checkedAt: ago(0.2),
      },
    ],
    body: {
      rule_name: "Late labels",
      model_id: "__any__",
      condition: { metric: "label_coverage", operator: "less_than", threshold: 0.5 },
      for: { k: 3, n: 3 },
      severity: "info",
    },
  }),
  builtIn("data_drift", "Data drift", "Inputs that moved, certainly and far, in two of three windows", 3),
  builtIn("performance", "Performance", "A loss against the baseline that is certain, large and lasting", 1),
  builtIn("fairness", "Fairness", "A group that is treated otherwise than its reference group"),
  builtIn("no_data", "No data", "A live model that has been silent for longer than usual"),
];

export const ruleResolvers = (isEmpty: boolean) => ({
  rules: () => (isEmpty ? rules.filter((each) => each.builtIn).map((each) => ({ ...each, openAlerts: 0 })) : rules),
  ruleMetrics: {
    metrics: [
      metric("psi", "PSI", "number", ["feature", "segment"]),
      metric("nulls", "Share of rows without a value", "share", ["feature", "segment"]),
      metric("roc_auc", "ROC AUC", "number", []),
      metric("disparate_impact", "Disparate impact", "times", ["group"]),
    ],
    subjects: [],
    operators: [],
    features: ["temp", "dewp", "wind_gust"],
    segments: ["origin = JFK"],
    groups: [],
    classes: [],
    environments: ["production"],
    versions: ["2.1.0"],
  },
  backTest: ({ rule: said, days }: { rule: { condition?: { threshold?: number } }; days: number }) => {
    const fired = (said.condition?.threshold ?? 0) > 0.2 ? 2 : 14;
    return {
      words: "",
      days,
      fired,
      firedModels: 1,
      windows: 1080,
      unjudged: 12,
      lookedAt: 1,
      models: 1,
      complete: true,
      text: `This rule would have fired ${String(fired)} times in the last ${String(days)} days`,
      tested: [
        {
          modelId: "flight-delay",
          environment: "production",
          version: "2.1.0",
          fired,
          windows: 1080,
          unjudged: 12,
          reasons: ["112 of 200 rows"],
          fault: "",
          episodes: Array.from({ length: fired }, (_, i) => ({
            openedAt: ago(85 - i * 6),
            resolvedAt: ago(83 - i * 6),
            seconds: 172_800,
            level: i % 3 === 0 ? "CRITICAL" : "WARNING",
            title: "psi of temp 0.41 > 0.1",
          })),
        },
      ],
    };
  },
  saveRule: ({ rule: said, ruleId }: { rule: Record<string, unknown>; ruleId: string | null }) => {
    const before = rules.find((each) => each.id === ruleId || each.name === said["rule_name"]);
    const made = {
      ...(before ?? rule(`rule_${String(rules.length + 1)}`, String(said["rule_name"]), { state: null })),
      modelId: String(said["model_id"]),
      severity: String(said["severity"]),
      body: said,
      changed: before?.builtIn ?? false,
    };
    rules = before ? rules.map((each) => (each.id === before.id ? made : each)) : [made, ...rules];
    return made;
  },
  deleteRule: ({ id }: { id: string }) => {
    rules = rules.filter((each) => each.id !== id || each.builtIn);
    return id;
  },
  setRuleEnabled: ({ id, enabled }: { id: string; enabled: boolean }) => {
    rules = rules.map((each) => (each.id === id ? { ...each, enabled } : each));
    return rules.find((each) => each.id === id);
  },
});

function metric(name: string, title: string, unit: string, of: string[]) {
  return { name, title, family: "drift", unit, of, upIsGood: null, hasBaseline: true, hasChance: true };
}
