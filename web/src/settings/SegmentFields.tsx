import type { ModelDetail } from "../data/model";
import type { Settings } from "../data/settings";
import { Icon } from "../pieces/Icon";
import { Name } from "../pieces/Name";
import { Select } from "../pieces/Select";

import type { SegmentDraft } from "./segments";

type Props = {
  model: ModelDetail;
  held: Settings["segments"];
  draft: SegmentDraft;
  error: string;
  disabled: boolean;
  onChange: (part: Partial<SegmentDraft>) => void;
};

/** Which tags and categories cut the model into segments, and how many may be watched. */
export function SegmentFields({ model, held, draft, error, disabled, onChange }: Props) {
  const fit = model.columns.filter(
    (column) =>
      (column.role === "TAG" || column.role === "FEATURE") &&
      (column.kind === "CATEGORY" || column.kind === "BOOLEAN") &&
      !draft.columns.some((each) => each.name === column.name && each.role === column.role),
  );
  return (
    <>
      <div className={`setting ${error ? "is-wrong" : ""}`} role="group" aria-label="Segments by">
        <span>Cut by</span>
        <span className="setting-entry setting-wraps">
          {draft.columns.map((column) => (
            <button
              key={`${column.role} ${column.name}`}
              type="button"
              className="chip"
              disabled={disabled}
              aria-label={`Do not cut by ${column.name}`}
              onClick={() => {
                onChange({ columns: draft.columns.filter((each) => each !== column) });
              }}
            >
              <Name name={column.name} limit={24} />
              <Icon name="close" size={12} />
            </button>
          ))}
          {fit.length > 0 ? (
            <Select
              aria-label="Add a column to cut by"
              value=""
              onChange={(event) => {
                const column = fit[Number(event.target.value)];
                onChange({ columns: [...draft.columns, { role: column.role, name: column.name }] });
              }}
            >
              <option value="" disabled>
                Add a column
              </option>
              {fit.map((column, index) => (
                <option key={`${column.role} ${column.name}`} value={index}>
                  {column.name || "(empty name)"}
                  {column.role === "TAG" ? ", tag" : ""}
                </option>
              ))}
            </Select>
          ) : (
            draft.columns.length === 0 && <span className="quiet">The model has no tag and no category to cut by.</span>
          )}
        </span>
        <span className="setting-note small">
          {held.state === "building"
            ? "Past rows are being counted: figures of segments still lack some."
            : "Each value is watched by itself; all segments share the alarm budget."}
        </span>
      </div>
      {draft.columns.length > 0 && (
        <div className="setting">
          <label htmlFor="setting-limit">Segments at most</label>
          <span className="setting-entry">
            <span className="field setting-number">
              <input
                id="setting-limit"
                inputMode="numeric"
                autoComplete="off"
                placeholder="20"
                value={draft.limit}
                onChange={(event) => {
                  onChange({ limit: event.target.value });
                }}
              />
            </span>
            <span className="second">the largest first</span>
          </span>
        </div>
      )}
      {error && (
        <p className="settings-wrong small" role="alert">
          {error}
        </p>
      )}
    </>
  );
}
