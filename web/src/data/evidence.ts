import { useQuery } from "@tanstack/react-query";

import { graphql } from "../graphql";
import type { EvidenceQuery } from "../graphql/graphql";

import { ask } from "./ask";
import { keepSame } from "./keepSame";
import { useInterval } from "./live";
import type { ModelKey } from "./model";

const EVIDENCE = graphql(`
  query Evidence($id: String!, $environment: String!, $version: String) {
    model(id: $id, environment: $environment, version: $version) {
      evidence {
        state
        reason
        since
        updated
        rows
        falseAlertsPer1000Days
        columns {
          column
          role
          level
          evidence
          asked
          margin
          rows
          since
        }
      }
    }
  }
`);

export type RunningEvidence = NonNullable<EvidenceQuery["model"]>["evidence"];

/** The test that looks after every batch of a critical model: what it holds against 'nothing has changed'. */
export function useEvidence(key: ModelKey, enabled: boolean) {
  return useQuery({
    queryKey: ["evidence", key],
    queryFn: ({ signal }) => ask(EVIDENCE, key, signal),
    placeholderData: keepSame(["evidence", key]),
    refetchInterval: useInterval(),
    enabled,
  });
}
