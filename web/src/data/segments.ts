import { useQuery } from "@tanstack/react-query";

import { graphql } from "../graphql";
import type { SegmentsQuery } from "../graphql/graphql";

import { ask } from "./ask";
import { keepSame } from "./keepSame";
import { useInterval } from "./live";
import type { ModelKey } from "./model";

const SEGMENTS = graphql(`
  query Segments($id: String!, $environment: String!, $version: String) {
    model(id: $id, environment: $environment, version: $version) {
      segments {
        state
        limit
        columns {
          role
          name
          watched
          others
          told
        }
        segments {
          label
          key
          role
          name
          value
          level
          since
          reason
          rows
          referenceRows
          windowEnd
          drifted
          largest
          raised {
            column
            role
            metric
            value
            level
          }
          building
        }
      }
    }
  }
`);

export type Segments = NonNullable<SegmentsQuery["model"]>["segments"];
export type Segment = Segments["segments"][number];

/** The segments of a model in their newest windows, the worst first. Asked for only where a model is cut. */
export function useSegments(key: ModelKey, enabled: boolean) {
  return useQuery({
    queryKey: ["segments", key],
    queryFn: ({ signal }) => ask(SEGMENTS, key, signal),
    placeholderData: keepSame(["segments", key]),
    refetchInterval: useInterval(3),
    enabled,
  });
}
