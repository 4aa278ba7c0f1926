import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { statusesOf, type InboxView } from "../alerts/inboxView";
import { graphql } from "../graphql";
import type {
  AlertAroundQuery,
  AlertLineFragment,
  AlertQuery,
  AlertStatus,
  AlertsWanted,
  AlertVerb,
} from "../graphql/graphql";

import { ask } from "./ask";
import { keepSame } from "./keepSame";
import { useInterval } from "./live";

export const ALERT_LINE = graphql(`
  fragment AlertLine on Alert {
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
    acknowledgedBy
    assignedTo
    system
    verbs
    evaluation {
      state
      since
      text
    }
    items {
      column
      level
      segment
      figure {
        group
      }
    }
  }
`);

const ALERTS = graphql(`
  query Alerts($model: String, $environment: String, $where: AlertsWanted!, $after: ID, $limit: Int!) {
    alerts(modelId: $model, environment: $environment, where: $where, after: $after, limit: $limit) {
      ...AlertLine
    }
  }
`);

const COUNTS = graphql(`
  query AlertCounts($model: String, $environment: String, $where: AlertsWanted!) {
    narrowed: alertCounts(modelId: $model, environment: $environment, where: $where) {
      status
      count
    }
    whole: alertCounts {
      status
      count
    }
    critical: alertCounts(where: { level: [CRITICAL] }) {
      status
      count
    }
    newest: alerts(where: { status: [FIRING] }, limit: 1) {
      openedAt
      historic
    }
  }
`);

const FIRING = graphql(`
  query Firing {
    whole: alertCounts {
      status
      count
    }
    critical: alertCounts(where: { level: [CRITICAL] }) {
      status
      count
    }
  }
`);

const ALERT = graphql(`
  query Alert($id: ID!) {
    system {
      mayWrite
    }
    alert(id: $id) {
      ...AlertLine
      ruleId
      channels
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
        figure {
          subject
          metric
          title
          group
          groupKey
          against
          classLabel
        }
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

const AROUND = graphql(`
  query AlertAround($id: ID!, $rule: ID!, $ruled: Boolean!) {
    rule(id: $rule) @include(if: $ruled) {
      name
      words
    }
    actionRuns(alertId: $id, limit: 5) {
      number
      action
      state
      dryRun
      why
      helped {
        verdict
      }
    }
  }
`);

const GROUP = graphql(`
  query AlertGroup($id: ID!) {
    alertGroup(id: $id) {
      channel
      scope
      openedAt
      messages
      count
    }
  }
`);

const DECIDE = graphql(`
  mutation DecideAlerts(
    $ids: [ID!]!
    $verb: AlertVerb!
    $by: String!
    $comment: String!
    $hours: Float!
    $to: String!
  ) {
    decideAlerts(ids: $ids, verb: $verb, by: $by, comment: $comment, hours: $hours, to: $to) {
      alerts {
        id
      }
      refused {
        id
        reason
      }
    }
  }
`);

export type AlertLine = AlertLineFragment;
export type AlertDetail = NonNullable<AlertQuery["alert"]>;
export type AlertItem = AlertDetail["items"][number];

/** As many as one answer may hold. */
const MOST = 500;
/** What is over is read in smaller pages, as somebody scrolls. */
const OLD = 100;

/** What the inbox asks for; `me` is the name that this browser keeps. */
function wantedOf(view: InboxView, who: string): AlertsWanted {
  const assigned = { me: who, nobody: "" }[view.assigned ?? ""] ?? view.assigned;
  return {
    status: statusesOf(view.shelf),
    level: view.levels.length > 0 ? view.levels : null,
    kind: view.kind === null ? null : [view.kind],
    assignedTo: assigned,
    group: view.group,
    text: view.words === "" ? null : view.words,
  };
}

/** The alerts of the inbox, page by page. A long list is asked for less often, for all its pages are asked anew. */
export function useAlerts(view: InboxView, who: string, enabled = true) {
  const interval = useInterval();
  const asked = { model: view.model, environment: view.environment, where: wantedOf(view, who) };
  const limit = view.shelf === "resolved" ? OLD : MOST;
  return useInfiniteQuery({
    queryKey: ["alerts", asked],
    queryFn: async ({ signal, pageParam }) => {
      const { alerts } = await ask(ALERTS, { ...asked, after: pageParam, limit }, signal);
      return { alerts, more: alerts.length === limit };
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => (page.more ? (page.alerts.at(-1)?.id ?? null) : null),
    placeholderData: keepPreviousData,
    refetchInterval: (query) => interval && interval * slower(query.state.data?.pages ?? []),
    enabled,
  });
}

/** A few alerts are asked for every time, many every third time, and several pages as often less. */
function slower(pages: readonly { alerts: readonly unknown[] }[]): number {
  return pages.length > 1 ? 3 * pages.length : (pages.at(0)?.alerts.length ?? 0) > 200 ? 3 : 1;
}

type Counted = readonly { status: AlertStatus; count: number }[];

function byStatus(counts: Counted) {
  const of = (status: AlertStatus) => counts.find((each) => each.status === status)?.count ?? 0;
  return {
    firing: of("FIRING"),
    pending: of("PENDING"),
    acknowledged: of("ACKNOWLEDGED"),
    silenced: of("SILENCED"),
    resolved: of("RESOLVED"),
  };
}

/** How many alerts there are of each status: of all, and under the filters of the inbox. */
export function useAlertCounts(view: InboxView, who: string) {
  const asked = { model: view.model, environment: view.environment, where: wantedOf(view, who) };
  return useQuery({
    queryKey: ["alert counts", asked],
    queryFn: ({ signal }) => ask(COUNTS, asked, signal),
    select: (answer) => ({
      narrowed: byStatus(answer.narrowed),
      whole: byStatus(answer.whole),
      critical: byStatus(answer.critical).firing,
      newest: answer.newest.at(0),
    }),
    placeholderData: keepPreviousData,
    refetchInterval: useInterval(),
  });
}

/** How many alerts fire and how many of them are critical: what the sidebar shows on every page. */
export function useFiring() {
  return useQuery({
    queryKey: ["firing"],
    queryFn: ({ signal }) => ask(FIRING, {}, signal),
    select: (answer) => ({ firing: byStatus(answer.whole).firing, critical: byStatus(answer.critical).firing }),
    refetchInterval: useInterval(3),
  });
}

export function useAlert(id: string) {
  return useQuery({
    queryKey: ["alert", id],
    queryFn: ({ signal }) => ask(ALERT, { id }, signal),
    placeholderData: keepSame(["alert", id]),
    refetchInterval: useInterval(),
  });
}

/** The rule that an alert is of, and the actions that it has set off. */
export function useAlertAround(alert: Pick<AlertDetail, "id" | "ruleId">) {
  const asked = { id: alert.id, rule: alert.ruleId ?? "", ruled: alert.ruleId !== null };
  return useQuery({
    queryKey: ["alert around", asked],
    queryFn: ({ signal }) => ask(AROUND, asked, signal),
    refetchInterval: useInterval(3),
  });
}

/** Alerts that were told together: where, and in how many messages. */
export function useAlertGroup(id: string | null) {
  return useQuery({
    queryKey: ["alert group", id],
    queryFn: ({ signal }) => ask(GROUP, { id: id ?? "" }, signal),
    refetchInterval: useInterval(3),
    enabled: id !== null,
  });
}

export type AlertRun = AlertAroundQuery["actionRuns"][number];

/** A verb for some alerts, and who says so; `hours` is how long a silence lasts, `to` whom an alert is assigned to. */
export type Decision = { verb: AlertVerb; ids: string[]; by: string; comment: string; hours?: number; to?: string };

/** What came of it; `reason` is why the first one that was refused was. */
export type Decided = { changed: number; failed: number; reason: string };

/** As many as one request may change. */
const AT_ONCE = 500;

/** Writes what a person decided; everything that shows alerts is asked anew afterwards. */
export function useDecide() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ ids, hours = 0, to = "", ...rest }: Decision): Promise<Decided> => {
      const decided: Decided = { changed: 0, failed: 0, reason: "" };
      for (let from = 0; from < ids.length; from += AT_ONCE) {
        const part = { ...rest, hours, to, ids: ids.slice(from, from + AT_ONCE) };
        const { alerts, refused } = (await ask(DECIDE, part)).decideAlerts;
        decided.changed += alerts.length;
        decided.failed += refused.length;
        decided.reason ||= refused.at(0)?.reason ?? "";
      }
      return decided;
    },
    onSettled: () => client.invalidateQueries(),
  });
}
