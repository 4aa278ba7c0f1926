import { useQuery } from "@tanstack/react-query";

import { graphql } from "../graphql";
import type { RatesQuery } from "../graphql/graphql";

import { ask } from "./ask";
import { keepSame } from "./keepSame";
import { useInterval } from "./live";
import type { Bounds, ModelKey } from "./model";

const RATES = graphql(`
  query Rates($id: String!, $environment: String!, $version: String, $start: DateTime, $end: DateTime) {
    model(id: $id, environment: $environment, version: $version) {
      settings {
        missingWarning
        missingCritical
      }
      settingDefaults {
        missingWarning
        missingCritical
      }
      quality(start: $start, end: $end) {
        cardinality {
          name
          role
          kind
          level
          distinct
          reference
          expected
          low
          high
        }
        repeatedIds {
          rows
          share
          low
          high
          exact
          level
        }
      }
      rates(start: $start, end: $end) {
        end
        rows
        referenceRows
        times
        lines {
          name
          role
          kind
          level
          since
          cells {
            metric
            value
            before
            chance
            pValue
            level
            since
            values
          }
        }
      }
    }
  }
`);

export type RatesAnswer = NonNullable<RatesQuery["model"]>;
export type Quality = RatesAnswer["quality"];
export type RateMap = RatesAnswer["rates"];
export type RateLine = RateMap["lines"][number];
export type RateCell = RateLine["cells"][number];

/** Rows without a usable value, or one that the reference never had: every kind of every column. */
export function useRates(key: ModelKey, bounds: Bounds, now: string, enabled: boolean) {
  return useQuery({
    queryKey: ["rates", key, bounds, now],
    queryFn: ({ signal }) => ask(RATES, { ...key, ...bounds }, signal),
    placeholderData: keepSame(["rates", key]),
    refetchInterval: useInterval(6),
    enabled,
  });
}
