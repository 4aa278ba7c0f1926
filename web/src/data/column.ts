import { useQuery } from "@tanstack/react-query";

import { graphql } from "../graphql";
import type { ColumnQuery, ColumnRole } from "../graphql/graphql";

import { ask } from "./ask";
import { keepSame } from "./keepSame";
import { useInterval } from "./live";
import type { Bounds, ModelKey } from "./model";

const COLUMN = graphql(`
  query Column(
    $id: String!
    $environment: String!
    $version: String
    $name: String!
    $role: ColumnRole!
    $window: DateTime
    $start: DateTime
    $end: DateTime
    $segment: String!
  ) {
    model(id: $id, environment: $environment, version: $version) {
      column(name: $name, role: $role, segment: $segment) {
        name
        role
        kind
        level
        since
        why
        sure {
          title
          holds
          detail
        }
        methods(end: $window) {
          metric
          label
          value
          chance
          pValue
          thresholdWarning
          thresholdCritical
          level
        }
        onRequest(end: $window) {
          facts {
            metric
            label
            compares
            groups
            base
            citation
          }
          value
          chance
          pValue
        }
        distribution(end: $window) {
          kind
          referenceLabel
          referenceRows
          windowRows
          windowStart
          windowEnd
          bars {
            lower
            upper
            reference
            window
          }
          categories {
            name
            reference
            window
          }
          specials {
            name
            reference
            window
          }
          referenceMedian
          windowMedian
          referenceMean
          windowMean
          moved {
            label
            reference
            window
            part
          }
        }
        carriers(end: $window) {
          role
          name
          total
          within
          mix
          incomplete
          carriers {
            label
            key
            rows
            share
            referenceShare
            part
            within
            mix
            named
            text
          }
        }
        history(start: $start, end: $end) {
          times
          rows
          levels
          lines {
            metric
            values
            chance
            thresholdWarning
            thresholdCritical
          }
        }
        previous {
          name
          role
        }
        next {
          name
          role
        }
      }
    }
  }
`);

export type ColumnDetail = NonNullable<NonNullable<ColumnQuery["model"]>["column"]>;
export type Distribution = NonNullable<ColumnDetail["distribution"]>;
export type History = ColumnDetail["history"];
export type HistoryLine = History["lines"][number];
export type Ranking = ColumnDetail["carriers"][number];
export type Method = ColumnDetail["methods"][number];

/** A column of a model, or of one of its segments; the empty segment is the whole. */
export type ColumnKey = { name: string; role: ColumnRole; segment: string };

/** All about one column: why, how sure, both distributions of the window that ends at `window`, and its history. */
export function useColumn(
  model: ModelKey,
  column: ColumnKey | null,
  window: string | null,
  bounds: Bounds,
  now: string,
) {
  return useQuery({
    queryKey: ["column", model, column, window, bounds, now],
    queryFn: ({ signal }) =>
      ask(COLUMN, { ...model, ...(column ?? { name: "", role: "FEATURE", segment: "" }), window, ...bounds }, signal),
    placeholderData: keepSame(["column", model, column]),
    refetchInterval: useInterval(6),
    enabled: column !== null && now !== "",
  });
}
