import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { graphql } from "../graphql";
import type { ActionsQuery } from "../graphql/graphql";

import { ask } from "./ask";
import { useInterval } from "./live";

const ACTIONS = graphql(`
  query Actions {
    system {
      mayWrite
    }
    actions {
      name
      on
      models
      minLevel
      atLeast {
        alerts
        withinHours
        anyKind
      }
      lastingHours
      webhook {
        url
        signed
      }
      python {
        entry
      }
      tell
      dryRun
      approval
      cooldownHours
      maxPerWeek
      enabled
      reasons {
        alertId
        modelId
        reason
        at
      }
    }
    actionRuns(limit: 50) {
      id
      number
      action
      alertId
      modelId
      state
      dryRun
      why
      request
      history {
        at
        state
        text
        by
      }
      helped {
        verdict
        text
      }
      createdAt
      expiresAt
      doneAt
    }
  }
`);

const SAVE = graphql(`
  mutation SaveAction($action: JSON!) {
    saveAction(action: $action) {
      name
    }
  }
`);

const DELETE = graphql(`
  mutation DeleteAction($name: String!) {
    deleteAction(name: $name)
  }
`);

const APPROVE = graphql(`
  mutation ApproveRun($id: ID!, $by: String!) {
    approveRun(id: $id, by: $by) {
      id
    }
  }
`);

const REJECT = graphql(`
  mutation RejectRun($id: ID!, $by: String!) {
    rejectRun(id: $id, by: $by) {
      id
    }
  }
`);

export type Action = ActionsQuery["actions"][number];
export type Run = ActionsQuery["actionRuns"][number];

/** What is done about alerts that last, and what was done. */
export function useActions() {
  return useQuery({
    queryKey: ["actions"],
    queryFn: ({ signal }) => ask(ACTIONS, {}, signal),
    refetchInterval: useInterval(2),
    placeholderData: keepPreviousData,
  });
}

type ActionAct =
  | { do: "save"; action: Record<string, unknown> }
  | { do: "delete"; name: string }
  | { do: "approve"; id: string; by: string }
  | { do: "reject"; id: string; by: string };

/** Changes actions, and decides about those that wait. */
export function useActionAct() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (act: ActionAct): Promise<unknown> => {
      switch (act.do) {
        case "save":
          return ask(SAVE, { action: act.action });
        case "delete":
          return ask(DELETE, { name: act.name });
        case "approve":
          return ask(APPROVE, { id: act.id, by: act.by });
        case "reject":
          return ask(REJECT, { id: act.id, by: act.by });
      }
    },
    onSuccess: () => client.invalidateQueries(),
  });
}
