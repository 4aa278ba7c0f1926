import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useMemo, useState } from "react";

import { Failure } from "./data/ask";
import { LiveContext } from "./data/live";
import { Pages } from "./Pages";
import { Broken } from "./shell/Broken";
import { Shell } from "./shell/Shell";

function newClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 4_000,
        // A first retry bridges a restart; an answer that was understood and refused will not change by asking again.
        retry: (failures, error) => failures < 1 && error instanceof Failure && error.kind === "unreachable",
        retryDelay: 800,
        refetchIntervalInBackground: false,
      },
    },
  });
}

/** Everything: one cache of answers, whether it is live, the frame, and the page inside. */
export function App() {
  const [client] = useState(newClient);
  const [live, setLive] = useState(true);
  const context = useMemo(
    () => ({
      live,
      toggle: () => {
        setLive((on) => !on);
      },
    }),
    [live],
  );
  return (
    <QueryClientProvider client={client}>
      <LiveContext value={context}>
        <Shell>
          <Broken>
            <Pages />
          </Broken>
        </Shell>
      </LiveContext>
    </QueryClientProvider>
  );
}
