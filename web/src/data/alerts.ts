import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { graphql } from "../graphql";
import type { AlertQuery, AlertsQuery } from "../graphql/graphql";

import { ask } from "./ask";
import { useInterval } from "./live";

const ALERTS = graphql(`
  query Alerts {
    alerts(limit: 500) {
      id
      number
      modelId
      environment
      version
      kind
      level
      status
      title
      historic
      openedAt
      resolvedAt
      checkedAt
      items {
        column
        level
      }
    }
  }
`);

const ALERT = graphql(`
  query Alert($id: ID!) {
    alert(id: $id) {
      id
      number
      modelId
      environment
      version
      kind
      level
      status
      title
      historic
      openedAt
      resolvedAt
      checkedAt
      silencedUntil
      items {
        column
        role
        metric
        level
        value
        chance
        since
        text
        segment
      }
      events {
        at
        kind
        text
        by
      }
    }
  }
`);

const ACKNOWLEDGE = graphql(`
  mutation Acknowledge($id: ID!, $comment: String!) {
    acknowledgeAlert(id: $id, comment: $comment) {
      id
      status
    }
  }
`);

const SILENCE = graphql(`
  mutation Silence($id: ID!, $hours: Float!, $comment: String!) {
    silenceAlert(id: $id, hours: $hours, comment: $comment) {
      id
      status
    }
  }
`);

const RESOLVE = graphql(`
  mutation Resolve($id: ID!, $comment: String!) {
    resolveAlert(id: $id, comment: $comment) {
      id
      status
    }
  }
`);

export type AlertLine = AlertsQuery["alerts"][number];
export type AlertDetail = NonNullable<AlertQuery["alert"]>;

export type AlertAction = { id: string; comment: string } & (
  { do: "acknowledge" } | { do: "resolve" } | { do: "silence"; hours: number }
);

export function useAlerts() {
  return useQuery({
    queryKey: ["alerts"],
    queryFn: ({ signal }) => ask(ALERTS, {}, signal),
    refetchInterval: useInterval(),
  });
}

export function useAlert(id: string) {
  return useQuery({
    queryKey: ["alert", id],
    queryFn: ({ signal }) => ask(ALERT, { id }, signal),
    refetchInterval: useInterval(),
  });
}

/** Acknowledge, silence or resolve; everything that shows alerts is asked anew afterwards. */
export function useAlertAction() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (action: AlertAction): Promise<unknown> => {
      const { id, comment } = action;
      switch (action.do) {
        case "acknowledge":
          return ask(ACKNOWLEDGE, { id, comment });
        case "silence":
          return ask(SILENCE, { id, comment, hours: action.hours });
        case "resolve":
          return ask(RESOLVE, { id, comment });
      }
    },
    onSuccess: () => client.invalidateQueries(),
  });
}
