import { useMemo, useState } from "react";

import { useAlerts } from "../data/alerts";
import { alertPath } from "../navigation/address";
import { goTo, useSearch } from "../navigation/location";

import { inboxSearch, readInbox } from "./inboxView";
import { byUrgency } from "./status";
import { useWho } from "./who";

export type Neighbours = { place: number; count: number; go: (step: number) => void; inbox: string };

/**
 * The alerts before and after this one in the inbox that it was opened from; the address carries its filters. The order
 * is kept from when the page was opened: an alert that was just acknowledged does not jump away under the keys.
 */
export function useNeighbours(id: string): Neighbours {
  const search = useSearch();
  const view = useMemo(() => readInbox(search), [search]);
  const who = useWho();
  const pages = useAlerts(view, who).data?.pages;
  const listed = useMemo(() => {
    const all = pages?.flatMap((page) => page.alerts) ?? [];
    return (view.shelf === "resolved" ? all : all.sort(byUrgency)).map((alert) => alert.id);
  }, [pages, view.shelf]);
  const [kept, setKept] = useState<{ order: readonly string[]; from: string }>({ order: [], from: "" });
  const filters = inboxSearch(search);
  if (listed.length > 0 && (kept.from !== filters || kept.order.length === 0))
    setKept({ order: listed, from: filters });
  const order = kept.order.length > 0 ? kept.order : listed;
  const place = order.indexOf(id);
  return {
    place,
    count: order.length,
    go: (step) => {
      const next = order.at(place < 0 ? 0 : place + step);
      if (next !== undefined && place + step >= 0 && next !== id) goTo(alertPath(next) + filters);
    },
    inbox: `/alerts${filters}`,
  };
}
