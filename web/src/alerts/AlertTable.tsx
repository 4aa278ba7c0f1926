import { useRef } from "react";

import type { AlertLine } from "../data/alerts";
import { PHONE, useMedia } from "../pieces/useMedia";
import { useNow } from "../pieces/useNow";
import { useRowKeys } from "../pieces/useRowKeys";
import { useWindowedRows } from "../pieces/useWindowedRows";

import { AlertRow, type Selecting } from "./AlertRow";
import { InboxSkeleton } from "./InboxSkeleton";
import "./inbox.css";

type Props = {
  /** Undefined while they are read. */
  alerts: readonly AlertLine[] | undefined;
  withModel: boolean;
  search?: string;
  selecting?: (Selecting & { all: () => void }) | undefined;
  onEnd?: () => void;
};

/** Alerts as rows. Only those in sight are in the page, so that an incident of 1,000 alerts costs what 40 do. */
export function AlertTable({ alerts, withModel, search = "", selecting, onEnd }: Props) {
  const body = useRef<HTMLTableSectionElement>(null);
  const phone = useMedia(PHONE);
  const height = phone ? 92 : 32;
  const count = alerts?.length ?? 0;
  const rows = useWindowedRows(body, count, height, onEnd);
  const now = useNow();
  useRowKeys(body, count, height);
  const columns = 7 + (withModel ? 1 : 0) + (selecting ? 1 : 0);
  return (
    <table
      className={withModel ? "alert-table" : "alert-table is-of-one"}
      aria-label="Alerts"
      aria-rowcount={count + 1}
    >
      <thead>
        <tr aria-rowindex={1}>
          {selecting && (
            <th scope="col" className="col-choose">
              <label className="choose">
                <input
                  type="checkbox"
                  aria-label="Select every alert of the list"
                  checked={count > 0 && selecting.chosen.size >= count}
                  onChange={selecting.all}
                />
              </label>
            </th>
          )}
          <th scope="col" className="col-level">
            State
          </th>
          <th scope="col" className="col-title">
            What
          </th>
          {withModel && (
            <th scope="col" className="col-of">
              Model
            </th>
          )}
          <th scope="col" className="col-where">
            Where
          </th>
          <th scope="col" className="col-held number">
            For
          </th>
          <th scope="col" className="col-status">
            Status
          </th>
          <th scope="col" className="col-owner">
            Who
          </th>
          <th scope="col" className="col-checked">
            Last check
          </th>
        </tr>
      </thead>
      <tbody ref={body}>
        {!alerts && <InboxSkeleton columns={columns} />}
        <Gap height={rows.first * height} columns={columns} />
        {alerts?.slice(rows.first, rows.last).map((alert, index) => (
          <AlertRow
            key={alert.id}
            alert={alert}
            index={rows.first + index}
            now={now}
            withModel={withModel}
            search={search}
            selecting={selecting}
          />
        ))}
        <Gap height={(count - rows.last) * height} columns={columns} />
      </tbody>
    </table>
  );
}

function Gap({ height, columns }: { height: number; columns: number }) {
  return height > 0 ? (
    <tr aria-hidden="true" className="alert-gap">
      <td colSpan={columns} style={{ height }} />
    </tr>
  ) : null;
}
