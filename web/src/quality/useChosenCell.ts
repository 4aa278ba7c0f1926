import type { RateCell, RateLine, RateMap } from "../data/rates";
import type { DriftMetric } from "../graphql/graphql";
import { useChangeSearch, useSearch } from "../navigation/location";

export type ChosenCell = {
  line: RateLine | null;
  cell: RateCell | null;
  choose: (line: RateLine, kind: DriftMetric) => void;
  close: () => void;
};

/** The cell that the address names by `feature`, `role` when it is no feature, and `kind`. */
export function useChosenCell(rates: RateMap | undefined): ChosenCell {
  const search = useSearch();
  const change = useChangeSearch();
  const role = (search.get("role") ?? "feature").toUpperCase();
  const line = rates?.lines.find((each) => each.name === search.get("feature") && each.role === role) ?? null;
  const cell = line?.cells.find((each) => each.metric === search.get("kind")?.toUpperCase()) ?? null;
  return {
    line: cell && line,
    cell,
    choose: (to, kind) => {
      const named = to.role === "FEATURE" ? null : to.role.toLowerCase();
      change({ feature: to.name, role: named, kind: kind.toLowerCase() }, { replace: true });
    },
    close: () => {
      change({ feature: null, role: null, kind: null });
    },
  };
}
