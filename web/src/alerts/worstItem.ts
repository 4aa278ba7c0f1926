import type { AlertItem } from "../data/alerts";
import { levelRank } from "../levels/level";

/** Worst level first, then farthest beyond what chance allows. */
export function byWorst(items: readonly AlertItem[]): AlertItem[] {
  const excess = (item: AlertItem) => item.value / Math.max(item.chance ?? 0.01, 1e-6);
  return [...items].sort((a, b) => levelRank(a.level) - levelRank(b.level) || excess(b) - excess(a));
}

/** The finding that speaks for the alert. */
export function worstItem(alert: { items: readonly AlertItem[] }): AlertItem | undefined {
  return byWorst(alert.items).at(0);
}
