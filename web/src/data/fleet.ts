import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { graphql } from "../graphql";
import type { FleetQuery } from "../graphql/graphql";

import { ask } from "./ask";
import { useInterval } from "./live";

const FLEET = graphql(`
  query Fleet {
    models {
      id
      environment
      version
      task
      level
      since
      reason
      raised {
        column
        role
        metric
        value
        level
      }
      drifted
      columns
      now
      live
      predictionsPerDay
      traffic
      drift
      openAlerts
    }
  }
`);

const NAMES = graphql(`
  query FleetNames {
    models {
      id
      environment
      version
      level
      openAlerts
    }
  }
`);

export type FleetModel = FleetQuery["models"][number];

const MANY = 200;

/** Every model with its state; large fleets are asked for less often, for the answer is some 500 kB per 1,000. */
export function useFleet() {
  const interval = useInterval();
  return useQuery({
    queryKey: ["fleet"],
    queryFn: ({ signal }) => ask(FLEET, {}, signal),
    placeholderData: keepPreviousData,
    refetchInterval: (query) => interval && ((query.state.data?.models.length ?? 0) > MANY ? interval * 3 : interval),
  });
}

/** Names and counts alone: what the sidebar and the search need on every page. */
export function useFleetNames() {
  const interval = useInterval(3);
  return useQuery({
    queryKey: ["fleet names"],
    queryFn: ({ signal }) => ask(NAMES, {}, signal),
    refetchInterval: interval,
  });
}
