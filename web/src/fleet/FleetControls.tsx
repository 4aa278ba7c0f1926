import { useRef } from "react";

import type { FleetModel } from "../data/fleet";
import { counted, exact } from "../format/number";
import { levelWord } from "../levels/level";
import { useChangeSearch } from "../navigation/location";
import { Icon } from "../pieces/Icon";
import { Select } from "../pieces/Select";
import { useKeys } from "../pieces/useKeys";

import { levelInAddress, SORTS, type FleetView, type Sort } from "./fleetView";
import { SORT_WORDS } from "./sortWords";

type Props = { models: readonly FleetModel[] | undefined; view: FleetView; shown: number | undefined };

/** The filter by words, the filters that are set as chips, and how many models are left. */
export function FleetControls({ models, view, shown }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const change = useChangeSearch();
  const environments = [...new Set(models?.map((model) => model.environment))].sort();
  useKeys({
    "/": (event) => {
      event.preventDefault();
      input.current?.focus();
    },
  });
  const total = models?.length ?? 0;
  return (
    <div className="fleet-controls">
      <label className="field fleet-filter">
        <Icon name="search" />
        <span className="hidden">Filter models by name, version or raised feature</span>
        <input
          ref={input}
          type="search"
          placeholder="Filter models"
          value={view.words}
          onChange={(event) => {
            change({ q: event.target.value || null }, { replace: true });
          }}
          onKeyDown={(event) => {
            if (event.key === "Escape") event.currentTarget.blur();
          }}
        />
        <kbd aria-hidden="true">/</kbd>
      </label>
      {environments.length > 1 && (
        <Select
          aria-label="Environment"
          value={view.environment ?? ""}
          onChange={(event) => {
            change({ env: event.target.value || null });
          }}
        >
          <option value="">Every environment</option>
          {environments.map((environment) => (
            <option key={environment}>{environment}</option>
          ))}
        </Select>
      )}
      {view.levels.map((level) => (
        <button
          key={level}
          type="button"
          className="chip"
          aria-label={`Remove the filter state ${levelWord(level)}`}
          onClick={() => {
            change({
              state:
                view.levels
                  .filter((each) => each !== level)
                  .map(levelInAddress)
                  .join(",") || null,
            });
          }}
        >
          State <b>{levelWord(level).toLowerCase()}</b> <Icon name="close" size={12} />
        </button>
      ))}
      <span className="fleet-count quiet" role="status">
        {shown === undefined
          ? ""
          : shown === total
            ? counted(total, "model")
            : `${exact(shown)} of ${counted(total, "model")}`}
      </span>
      <Select
        className="only-phone"
        aria-label="Sort by"
        value={view.sort}
        onChange={(event) => {
          change({ sort: event.target.value === "state" ? null : event.target.value }, { replace: true });
        }}
      >
        {SORTS.map((sort: Sort) => (
          <option key={sort} value={sort}>{`${SORT_WORDS[sort]} ↓`}</option>
        ))}
      </Select>
    </div>
  );
}
