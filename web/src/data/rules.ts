import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { graphql } from "../graphql";
import type { BackTestQuery, RuleMetricsQuery, RulesQuery } from "../graphql/graphql";

import { ask } from "./ask";
import { useInterval } from "./live";

const RULES = graphql(`
  query Rules {
    system {
      mayWrite
    }
    rules {
      id
      name
      modelId
      builtIn
      changed
      title
      words
      why
      description
      enabled
      severity
      channels
      body
      by
      updatedAt
      state
      states {
        modelId
        environment
        version
        state
        text
        at
      }
      openAlerts
    }
  }
`);

const OFFERED = graphql(`
  query RuleMetrics($modelId: String) {
    ruleMetrics(modelId: $modelId) {
      metrics {
        name
        title
        family
        unit
        of
        hasBaseline
        hasChance
      }
      features
      segments
      groups
      environments
    }
  }
`);

const BACK_TEST = graphql(`
  query BackTest($rule: JSON!, $days: Int!) {
    backTest(rule: $rule, days: $days) {
      days
      fired
      windows
      unjudged
      text
      tested {
        modelId
        environment
        version
        fired
        windows
        unjudged
        reasons
        fault
        episodes {
          openedAt
          resolvedAt
          level
          title
        }
      }
    }
  }
`);

const SAVE = graphql(`
  mutation SaveRule($rule: JSON!, $ruleId: ID, $by: String!) {
    saveRule(rule: $rule, ruleId: $ruleId, by: $by) {
      id
    }
  }
`);

const DELETE = graphql(`
  mutation DeleteRule($id: ID!, $by: String!) {
    deleteRule(id: $id, by: $by)
  }
`);

const ENABLE = graphql(`
  mutation SetRuleEnabled($id: ID!, $enabled: Boolean!, $by: String!) {
    setRuleEnabled(id: $id, enabled: $enabled, by: $by) {
      id
    }
  }
`);

export type Rule = RulesQuery["rules"][number];

/** What is worth an alert: rules that people wrote, and those that hold without anyone writing one. */
export function useRules() {
  return useQuery({
    queryKey: ["rules"],
    queryFn: ({ signal }) => ask(RULES, {}, signal),
    refetchInterval: useInterval(2),
    placeholderData: keepPreviousData,
  });
}

export type Offered = RuleMetricsQuery["ruleMetrics"];
export type BackTest = BackTestQuery["backTest"];

/** What a rule about a model may watch; of no model, what any may. */
export function useRuleMetrics(modelId: string | null) {
  return useQuery({
    queryKey: ["rule metrics", modelId],
    queryFn: async ({ signal }) => (await ask(OFFERED, { modelId }, signal)).ruleMetrics,
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 60_000,
  });
}

/** What a rule would have done with the stored figures of the last days. Nothing is saved. */
export function useBackTest(rule: Record<string, unknown>, days: number, enabled: boolean) {
  return useQuery({
    queryKey: ["back-test", rule, days],
    queryFn: async ({ signal }) => (await ask(BACK_TEST, { rule, days }, signal)).backTest,
    placeholderData: keepPreviousData,
    enabled,
    retry: false,
    staleTime: 60_000,
  });
}

type RuleAct =
  | { do: "save"; rule: Record<string, unknown>; ruleId: string | null; by: string }
  | { do: "delete"; id: string; by: string }
  | { do: "enable"; id: string; enabled: boolean; by: string };

/** Changes rules; alerts that a deleted rule had raised resolve. */
export function useRuleAct() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (act: RuleAct): Promise<unknown> => {
      switch (act.do) {
        case "save":
          return ask(SAVE, { rule: act.rule, ruleId: act.ruleId, by: act.by });
        case "delete":
          return ask(DELETE, { id: act.id, by: act.by });
        case "enable":
          return ask(ENABLE, { id: act.id, enabled: act.enabled, by: act.by });
      }
    },
    onSuccess: () => client.invalidateQueries(),
  });
}
