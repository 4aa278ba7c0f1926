import { useQuery } from "@tanstack/react-query";

import { graphql } from "../graphql";
import type { FairnessLinesQuery, FairnessQuery } from "../graphql/graphql";

import { ask } from "./ask";
import { keepSame } from "./keepSame";
import { useInterval } from "./live";
import type { Bounds, ModelKey } from "./model";

const FAIRNESS = graphql(`
  query Fairness($id: String!, $environment: String!, $version: String, $start: DateTime, $end: DateTime) {
    system {
      mayWrite
    }
    model(id: $id, environment: $environment, version: $version) {
      settings {
        fairness
      }
      fairness(start: $start, end: $end) {
        version
        state
        reason
        favourable
        newest
        windows {
          start
          end
          seen
          labelled
          coverage
          final
          mature
          matureAt
          reason
        }
        attributes {
          name
          key
          crossed
          level
          against
          groups {
            label
            key
            isReference
            level
            rows
            figures {
              figure
              title
              value
              low
              high
              rows
              end
            }
          }
          disparities {
            metric
            title
            kind
            group
            groupKey
            against
            figure
            value
            low
            high
            groupValue
            againstValue
            rows
            pValue
            level
            before
            stood
            thresholdWarning
            thresholdCritical
            text
            end
          }
          spreads {
            metric
            title
            value
            end
          }
        }
      }
    }
  }
`);

const LINES = graphql(`
  query FairnessLines(
    $id: String!
    $environment: String!
    $version: String
    $start: DateTime
    $end: DateTime
    $attribute: String!
    $name: String!
  ) {
    model(id: $id, environment: $environment, version: $version) {
      fairness(start: $start, end: $end, attribute: $attribute) {
        newest
        windows {
          end
          mature
        }
        attributes {
          key
          lines(name: $name) {
            group
            groupKey
            values
            lows
            highs
            levels
          }
        }
      }
    }
  }
`);

export type Fairness = NonNullable<FairnessQuery["model"]>["fairness"];
export type Attribute = Fairness["attributes"][number];
export type Group = Attribute["groups"][number];
export type Disparity = Attribute["disparities"][number];
export type GroupFigure = Group["figures"][number];
export type Lines = NonNullable<FairnessLinesQuery["model"]>["fairness"];
export type GroupLine = Lines["attributes"][number]["lines"][number];

/** Whether groups are treated alike, the worst attribute first. */
export function useFairness(key: ModelKey, bounds: Bounds, now: string, enabled: boolean) {
  return useQuery({
    queryKey: ["fairness", key, bounds, now],
    queryFn: ({ signal }) => ask(FAIRNESS, { ...key, ...bounds }, signal),
    placeholderData: keepSame(["fairness", key]),
    refetchInterval: useInterval(6),
    enabled,
  });
}

/** One figure of every group of one attribute over time. */
export function useGroupLines(key: ModelKey, bounds: Bounds, attribute: string, name: string) {
  return useQuery({
    queryKey: ["fairness lines", key, attribute, name, bounds],
    queryFn: ({ signal }) => ask(LINES, { ...key, ...bounds, attribute, name }, signal),
    placeholderData: keepSame(["fairness lines", key, attribute, name]),
    refetchInterval: useInterval(12),
  });
}
