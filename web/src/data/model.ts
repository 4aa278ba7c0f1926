import { useQuery } from "@tanstack/react-query";

import { graphql } from "../graphql";
import type { DriftMetric, DriftQuery, ModelQuery } from "../graphql/graphql";

import { ask } from "./ask";
import { keepSame } from "./keepSame";
import { useInterval } from "./live";

const MODEL = graphql(`
  query Model($id: String!, $environment: String!, $version: String) {
    model(id: $id, environment: $environment, version: $version) {
      id
      environment
      version
      versions {
        version
        firstEvent
        lastEvent
        rows
      }
      task
      positiveLabel
      level
      since
      reason
      now
      live
      firstEvent
      reference {
        kind
        label
        rows
        version
        start
        end
        createdAt
        waiting
      }
      heldRows
      holdTarget
      windowSeconds
      gridSeconds
      minRows
      columns {
        name
        role
        kind
      }
      settings {
        critical
        segments {
          state
        }
      }
      schemaChanges(limit: 50) {
        version
        at
        role
        column
        change
        before
        after
      }
      breaks
      alerts(limit: 50) {
        ...AlertLine
      }
    }
  }
`);

const DRIFT = graphql(`
  query Drift(
    $id: String!
    $environment: String!
    $version: String
    $metric: DriftMetric!
    $start: DateTime
    $end: DateTime
    $segment: String!
  ) {
    model(id: $id, environment: $environment, version: $version) {
      drift(metric: $metric, start: $start, end: $end, segment: $segment) {
        metric
        thresholdWarning
        thresholdCritical
        times
        rows
        critical
        warning
        notice
        lines {
          metric
          name
          role
          kind
          level
          since
          values
          levels
          psi
          ks
          kl
          mmd
          nulls
          chance
        }
      }
    }
  }
`);

export type ModelDetail = NonNullable<ModelQuery["model"]>;
export type DriftMap = NonNullable<DriftQuery["model"]>["drift"];
export type DriftLine = DriftMap["lines"][number];

/** Which model is meant: an id, an environment, and a version or null for the newest. */
export type ModelKey = { id: string; environment: string; version: string | null };

export type Bounds = { start: string | null; end: string | null };

export function useModel(key: ModelKey, enabled = true) {
  return useQuery({
    queryKey: ["model", key],
    queryFn: ({ signal }) => ask(MODEL, key, signal),
    placeholderData: keepSame(["model", key]),
    refetchInterval: useInterval(),
    enabled,
  });
}

type DriftAsked = { metric: DriftMetric; bounds: Bounds; segment: string };

/** The heat map. `now` is part of the question: a model that moved on is asked anew at once, others now and then. */
export function useDrift(key: ModelKey, { metric, bounds, segment }: DriftAsked, now: string, enabled: boolean) {
  return useQuery({
    queryKey: ["drift", key, segment, metric, bounds, now],
    queryFn: ({ signal }) => ask(DRIFT, { ...key, metric, ...bounds, segment }, signal),
    placeholderData: keepSame(["drift", key, segment]),
    refetchInterval: useInterval(6),
    enabled,
  });
}
