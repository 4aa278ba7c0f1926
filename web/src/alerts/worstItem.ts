import type { AlertDetail } from "../data/alerts";
import { levelRank } from "../levels/level";

/** The finding that speaks for the alert: worst level, then farthest beyond what chance allows. */
export function worstItem(alert: Pick<AlertDetail, "items">): AlertDetail["items"][number] | undefined {
  const excess = (item: AlertDetail["items"][number]) => item.value / Math.max(item.chance ?? 0.01, 1e-6);
  return [...alert.items].sort((a, b) => levelRank(a.level) - levelRank(b.level) || excess(b) - excess(a)).at(0);
}
