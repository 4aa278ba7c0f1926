/** Whether the pages ask again by themselves. React Query stops while the page is hidden. */

import { createContext, useContext } from "react";

export const LiveContext = createContext<{ live: boolean; toggle: () => void }>({
  live: true,
  toggle: () => undefined,
});

export const EVERY = 5_000;

/** How long to wait before asking again, false when paused. `slower` is for heavy answers. */
export function useInterval(slower = 1): number | false {
  return useContext(LiveContext).live ? EVERY * slower : false;
}
