import { useMemo } from "react";

import type { Bounds, ModelDetail } from "../data/model";
import { at } from "../format/time";
import { useSearch } from "../navigation/location";
import { boundsOf, defaultRange, readRange, type TimeRange } from "../navigation/timeRange";

export type Stretch = { range: TimeRange; bounds: Bounds; start: number | null; end: number | null; now: string };

/** The stretch of time that the address asks for, in the model's own time; `now` changes once per window. */
export function useBounds(model: ModelDetail | null | undefined): Stretch {
  const search = useSearch();
  return useMemo(() => {
    const range = readRange(search) ?? defaultRange(model?.live ?? false);
    if (!model) return { range, bounds: { start: null, end: null }, start: null, end: null, now: "" };
    const grid = Math.max(60, model.gridSeconds) * 1000;
    const now = at(model.now);
    const bounds = boundsOf(range, model.firstEvent ? at(model.firstEvent) : now, now, grid);
    return {
      range,
      bounds,
      start: bounds.start ? at(bounds.start) : null,
      end: bounds.end ? at(bounds.end) : now,
      now: new Date(Math.floor(now / grid) * grid).toISOString(),
    };
  }, [search, model]);
}
