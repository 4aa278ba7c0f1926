import { useQuery } from "@tanstack/react-query";

import { graphql } from "../graphql";

import { ask } from "./ask";
import { keepSame } from "./keepSame";
import { useInterval } from "./live";
import type { Bounds, ModelKey } from "./model";

const CUSTOM = graphql(`
  query CustomMetric(
    $id: String!
    $environment: String!
    $version: String
    $name: String!
    $start: DateTime
    $end: DateTime
  ) {
    model(id: $id, environment: $environment, version: $version) {
      customMetrics(name: $name, start: $start, end: $end) {
        name
        expression
        unit
        direction
        thresholdWarning
        thresholdCritical
        series {
          version
          dataPoints {
            timestamp
            value
            low
            high
            baseline
            level
            mature
          }
        }
      }
    }
  }
`);

/** One metric that somebody defined, over time. */
export function useCustomMetric(key: ModelKey, name: string, bounds: Bounds) {
  return useQuery({
    queryKey: ["custom metric", key, name, bounds],
    queryFn: ({ signal }) => ask(CUSTOM, { ...key, name, ...bounds }, signal),
    placeholderData: keepSame(["custom metric", key, name]),
    refetchInterval: useInterval(6),
  });
}
