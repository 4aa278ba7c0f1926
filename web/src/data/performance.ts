import { useQuery } from "@tanstack/react-query";

import { graphql } from "../graphql";
import type { CloseUpQuery, PerformanceQuery } from "../graphql/graphql";

import { ask } from "./ask";
import { keepSame } from "./keepSame";
import { useInterval } from "./live";
import type { Bounds, ModelKey } from "./model";

const PERFORMANCE = graphql(`
  query Performance(
    $id: String!
    $environment: String!
    $version: String
    $metric: String!
    $start: DateTime
    $end: DateTime
    $segment: String!
  ) {
    model(id: $id, environment: $environment, version: $version) {
      settings {
        psiWarning
        psiCritical
      }
      settingDefaults {
        psiWarning
        psiCritical
      }
      performance(start: $start, end: $end, segment: $segment) {
        state
        reason
        trend
        conceptDrift
        baseline {
          kind
          rows
          start
          end
        }
        newest
        metrics {
          metric
          title
          unit
          upIsGood
          low
          high
          headline
          source
        }
        windows {
          start
          end
          level
          seen
          labelled
          coverage
          expected
          final
          mature
          matureAt
          reason
        }
        target {
          values
          levels
          chance
          text
          shares {
            name
            now
            before
          }
        }
        labels {
          matched
          corrected
          repeated
          waiting
          orphaned
          expired
          horizonDays
        }
      }
      chosen: performance(metric: $metric, start: $start, end: $end, segment: $segment) {
        windows {
          end
        }
        lines {
          metric
          title
          label
          baseline
          thresholdWarning
          thresholdCritical
          values
          lows
          highs
          levels
          singles
          texts
          estimated
          estimatedLows
          estimatedHighs
          estimatedLevels
        }
      }
    }
  }
`);

const CLOSE_UP = graphql(`
  query CloseUp($id: String!, $environment: String!, $version: String, $end: DateTime!, $segment: String!) {
    model(id: $id, environment: $environment, version: $version) {
      performance(start: $end, end: $end, segment: $segment) {
        window(end: $end) {
          window {
            start
            end
          }
          task
          scored
          figures {
            metric
            title
            label
            value
            low
            high
            rows
            baseline
            level
            single
            text
          }
          confusion {
            labels
            counts
          }
          baselineConfusion {
            labels
            counts
          }
          calibration {
            score
            share
            low
            high
            rows
          }
          baselineCalibration {
            score
            share
            low
            high
            rows
          }
          roc {
            x
            y
            threshold
          }
          baselineRoc {
            x
            y
            threshold
          }
          pr {
            x
            y
            threshold
          }
          scores {
            lower
            upper
            hits
            misses
            predicted
          }
          errors {
            lower
            upper
            rows
          }
          delays {
            p50
            p90
            p99
            bars {
              above
              upTo
              labels
            }
          }
          segments {
            label
            key
            rows
            value
            low
            high
            baseline
          }
        }
      }
    }
  }
`);

export type PerformanceAnswer = NonNullable<PerformanceQuery["model"]>;
export type Performance = PerformanceAnswer["performance"];
export type PerformanceLine = PerformanceAnswer["chosen"]["lines"][number];
export type MetricFacts = Performance["metrics"][number];
export type OutcomeWindow = Performance["windows"][number];
export type TargetLine = NonNullable<Performance["target"]>;
export type Labels = Performance["labels"];
export type CloseUp = NonNullable<NonNullable<CloseUpQuery["model"]>["performance"]["window"]>;
export type Figure = CloseUp["figures"][number];
export type Confusion = NonNullable<CloseUp["confusion"]>;
export type CalibrationPoint = CloseUp["calibration"][number];
export type CurvePoint = CloseUp["roc"][number];
export type ScoreBar = CloseUp["scores"][number];
export type ErrorBar = CloseUp["errors"][number];
export type Delays = CloseUp["delays"];

type Asked = { metric: string; bounds: Bounds; segment: string };

/** How good a version was over time: its windows, and one metric at each of them. */
export function usePerformance(key: ModelKey, { metric, bounds, segment }: Asked, now: string, enabled: boolean) {
  return useQuery({
    queryKey: ["performance", key, segment, bounds, metric, now],
    queryFn: ({ signal }) => ask(PERFORMANCE, { ...key, metric, ...bounds, segment }, signal),
    placeholderData: keepSame(["performance", key, segment]),
    refetchInterval: useInterval(6),
    enabled,
  });
}

/** One window close up: every metric, the confusion matrix, curves, errors and delays. */
export function useCloseUp(key: ModelKey, segment: string, end: string | null) {
  return useQuery({
    queryKey: ["close-up", key, segment, end],
    queryFn: ({ signal }) => ask(CLOSE_UP, { ...key, segment, end: end ?? "" }, signal),
    placeholderData: keepSame(["close-up", key, segment]),
    refetchInterval: useInterval(6),
    enabled: end !== null,
  });
}
