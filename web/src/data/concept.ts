import { useQuery } from "@tanstack/react-query";

import { graphql } from "../graphql";
import type { ConceptQuery } from "../graphql/graphql";

import { ask } from "./ask";
import { keepSame } from "./keepSame";
import { useInterval } from "./live";
import type { ModelKey } from "./model";

const CONCEPT = graphql(`
  query Concept($id: String!, $environment: String!, $version: String) {
    model(id: $id, environment: $environment, version: $version) {
      conceptDrift {
        state
        reason
        metric
        labels
        waiting
        error
        labelLagS
        updated
        level
        driftSince
        findings {
          level
          worse
          at
          since
          before
          after
          labelsBefore
          labelsAfter
          label
          detectors
          certainty
          recurs
          text
        }
      }
    }
  }
`);

export type ConceptDrift = NonNullable<ConceptQuery["model"]>["conceptDrift"];
export type ConceptFinding = ConceptDrift["findings"][number];

/** Whether a model's errors have changed, label by label. */
export function useConcept(key: ModelKey, enabled: boolean) {
  return useQuery({
    queryKey: ["concept", key],
    queryFn: ({ signal }) => ask(CONCEPT, key, signal),
    placeholderData: keepSame(["concept", key]),
    refetchInterval: useInterval(3),
    enabled,
  });
}
