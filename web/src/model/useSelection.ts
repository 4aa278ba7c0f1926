import { useCallback } from "react";

import { nearest } from "../charts/scale";
import type { DriftLine, DriftMap } from "../data/model";
import { at } from "../format/time";
import { useChangeSearch, useSearch } from "../navigation/location";

import type { Rank } from "./rank";

export type Selection = {
  rank: Rank;
  /** The chosen line and its place; null when the panel is closed or nothing is there. */
  line: DriftLine | null;
  row: number;
  rows: number;
  /** The chosen window: its column in the map, and its end as the server wrote it; null = newest. */
  column: number;
  end: string | null;
  select: (line: DriftLine, time: string | null) => void;
  close: () => void;
};

/**
 * What is chosen, from the address: `feature`, `role` when it is no feature, `end` for the window.
 * `bounded`: the range ends before the newest window, so that its last window must be named.
 */
export function useSelection(drift: DriftMap | undefined, rank: Rank, bounded: boolean): Selection {
  const search = useSearch();
  const change = useChangeSearch();
  const name = search.get("feature");
  const role = (search.get("role") ?? "feature").toUpperCase();
  const lines = drift?.lines ?? [];
  const found = name === null ? -1 : lines.findIndex((line) => line.name === name && line.role === role);
  const row = found >= 0 ? found : 0;
  const closed = search.get("panel") === "off";
  const times = (drift?.times ?? []).map(at);
  const asked = Date.parse(search.get("end") ?? "");
  const pinned = !Number.isNaN(asked) && search.get("start") === null;
  const column = pinned ? nearest(times, asked) : times.length - 1;
  const newest = column === times.length - 1;
  return {
    rank,
    line: closed || lines.length === 0 ? null : lines[row],
    row,
    rows: lines.length,
    column,
    end: newest && !bounded ? null : (drift?.times[column] ?? null),
    select: useCallback(
      (line, time) => {
        const last = time === drift?.times.at(-1);
        change(
          {
            feature: line.name,
            role: line.role === "FEATURE" ? null : line.role.toLowerCase(),
            panel: null,
            end: time === null || last ? null : time,
          },
          { replace: true },
        );
      },
      [change, drift],
    ),
    close: useCallback(() => {
      change({ panel: "off", feature: null, role: null });
    }, [change]),
  };
}
