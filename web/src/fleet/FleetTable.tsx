import { useRef } from "react";

import type { FleetModel } from "../data/fleet";
import { counted } from "../format/number";
import { useChangeSearch } from "../navigation/location";
import { Notice } from "../pieces/Notice";
import { PHONE, useMedia } from "../pieces/useMedia";
import { useRowKeys } from "../pieces/useRowKeys";
import { useWindowedRows } from "../pieces/useWindowedRows";

import { FleetRow } from "./FleetRow";
import { FleetSkeleton } from "./FleetSkeleton";
import { SORTS, type FleetView, type Sort } from "./fleetView";
import { SORT_WORDS } from "./sortWords";

const RIGHT: readonly Sort[] = ["for", "alerts", "event"];

type Props = { models: readonly FleetModel[] | undefined; total: number; view: FleetView };

/** The table. Only rows in sight are in the page, so that 1,000 models cost what 40 do. */
export function FleetTable({ models, total, view }: Props) {
  const body = useRef<HTMLTableSectionElement>(null);
  const change = useChangeSearch();
  const phone = useMedia(PHONE);
  const height = phone ? 88 : 32;
  const count = models?.length ?? 0;
  const rows = useWindowedRows(body, count, height);
  useRowKeys(body, count, height);
  if (models && count === 0)
    return (
      <NothingLeft
        total={total}
        clear={() => {
          change({ q: null, state: null, env: null });
        }}
      />
    );
  const sortBy = (sort: Sort) => {
    const next = view.sort === sort && !view.reversed ? `-${sort}` : sort;
    change({ sort: next === "state" ? null : next });
  };
  return (
    <table className="fleet-table" aria-label="Models" aria-rowcount={count + 1}>
      <thead>
        <tr aria-rowindex={1}>
          {SORTS.map((sort) => (
            <th
              key={sort}
              scope="col"
              className={`col-${sort} ${RIGHT.includes(sort) ? "number" : ""}`}
              aria-sort={view.sort === sort ? (view.reversed ? "ascending" : "descending") : "none"}
            >
              <button
                type="button"
                onClick={() => {
                  sortBy(sort);
                }}
              >
                {SORT_WORDS[sort]}
                {view.sort === sort && <span aria-hidden="true"> {view.reversed ? "↑" : "↓"}</span>}
              </button>
            </th>
          ))}
        </tr>
      </thead>
      <tbody ref={body}>
        {!models && <FleetSkeleton />}
        <Gap height={rows.first * height} />
        {models?.slice(rows.first, rows.last).map((model, index) => (
          <FleetRow key={`${model.environment} ${model.id}`} model={model} index={rows.first + index} />
        ))}
        <Gap height={(count - rows.last) * height} />
      </tbody>
    </table>
  );
}

function Gap({ height }: { height: number }) {
  return height > 0 ? (
    <tr aria-hidden="true" className="fleet-gap">
      <td colSpan={8} style={{ height }} />
    </tr>
  ) : null;
}

function NothingLeft({ total, clear }: { total: number; clear: () => void }) {
  return (
    <Notice
      title="No model matches"
      action={
        <button type="button" className="button" onClick={clear}>
          Remove the filters
        </button>
      }
    >
      <p>{counted(total, "model")}, none passes these filters.</p>
    </Notice>
  );
}
