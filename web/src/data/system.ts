import { useQuery } from "@tanstack/react-query";

import { graphql } from "../graphql";

import { ask } from "./ask";
import { useInterval } from "./live";

const SYSTEM = graphql(`
  query System {
    system {
      version
      now
      predictionsPerSecond
      lagSeconds
      lagBytes
      accepted
      rejected
      duplicates
      quarantined
      falseAlertsPerMonth
      url
      keyRequired
      mayWrite
    }
  }
`);

/** What the server says about itself: throughput, lag, and that nothing is lost. */
export function useSystem() {
  return useQuery({
    queryKey: ["system"],
    queryFn: ({ signal }) => ask(SYSTEM, {}, signal),
    refetchInterval: useInterval(),
  });
}
