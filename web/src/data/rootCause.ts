import { useQuery } from "@tanstack/react-query";

import { graphql } from "../graphql";
import type { CausesQuery, SegmentPerformanceQuery, WorstSegmentsQuery } from "../graphql/graphql";

import { ask } from "./ask";
import { keepSame } from "./keepSame";
import { useInterval } from "./live";
import type { ModelKey } from "./model";

const BY_SEGMENT = graphql(`
  query SegmentPerformance($id: String!, $environment: String!, $version: String) {
    model(id: $id, environment: $environment, version: $version) {
      segmentPerformance {
        start
        end
        mature
        headlines
        reason
        whole {
          rows
          metrics {
            metric
            title
            value
            low
            high
          }
        }
        segments {
          label
          key
          rows
          share
          metrics {
            metric
            title
            value
            low
            high
            difference
            p
            worse
          }
        }
      }
    }
  }
`);

const WORST = graphql(`
  query WorstSegments($id: String!, $environment: String!, $version: String) {
    model(id: $id, environment: $environment, version: $version) {
      worstSegments {
        start
        end
        loss
        lossTitle
        rows
        days
        mean
        columns
        columnsLeftOut
        searched
        told
        segments {
          text
          rows
          share
          loss
          rest
          excess
          low
          high
          cost
          sentence
        }
      }
    }
  }
`);

const CAUSES = graphql(`
  query Causes($id: String!, $environment: String!, $version: String) {
    model(id: $id, environment: $environment, version: $version) {
      causes {
        start
        end
        loss
        lossTitle
        rows
        days
        before
        now
        change
        low
        high
        told
        features {
          name
          drift
          importance
          reach
          sentence
        }
        segments {
          text
          share
          baselineShare
          loss
          baselineLoss
          part
          within
          mix
          named
          sentence
        }
        columns {
          name
          within
          mix
          named
        }
      }
    }
  }
`);

export type BySegment = NonNullable<SegmentPerformanceQuery["model"]>["segmentPerformance"];
export type SegmentRow = BySegment["segments"][number];
export type WorstSegments = NonNullable<WorstSegmentsQuery["model"]>["worstSegments"];
export type Causes = NonNullable<CausesQuery["model"]>["causes"];

/** How good the model is in each segment, from what is counted. */
export function useSegmentPerformance(key: ModelKey) {
  return useQuery({
    queryKey: ["segment performance", key],
    queryFn: ({ signal }) => ask(BY_SEGMENT, key, signal),
    placeholderData: keepSame(["segment performance", key]),
    refetchInterval: useInterval(12),
  });
}

/** Where the model is worst. Reads rows and takes seconds, so it is asked for by hand, and not again by itself. */
export function useWorstSegments(key: ModelKey, enabled: boolean) {
  return useQuery({
    queryKey: ["worst segments", key],
    queryFn: ({ signal }) => ask(WORST, key, signal),
    staleTime: Infinity,
    retry: false,
    enabled,
  });
}

/** What may be behind a change of the loss; likewise. */
export function useCauses(key: ModelKey, enabled: boolean) {
  return useQuery({
    queryKey: ["causes", key],
    queryFn: ({ signal }) => ask(CAUSES, key, signal),
    staleTime: Infinity,
    retry: false,
    enabled,
  });
}
