import type { ModelDetail } from "../data/model";
import { plainName } from "../format/name";
import { Icon } from "../pieces/Icon";
import { Name } from "../pieces/Name";
import { Select } from "../pieces/Select";

import { attributeOf, protectable, type AttributeDraft, type FairnessDraft } from "./fairness";

type Column = ModelDetail["columns"][number];

type Props = {
  model: ModelDetail;
  draft: FairnessDraft;
  positive: string;
  error: string;
  disabled: boolean;
  onChange: (part: Partial<FairnessDraft>) => void;
};

/** Which tags and features are groups of people, who the others are held against, and what is crossed. */
export function FairnessFields({ model, draft, positive, error, disabled, onChange }: Props) {
  const { attributes } = draft;
  const put = (index: number, part: Partial<AttributeDraft>) => {
    onChange({ attributes: attributes.map((each, place) => (place === index ? { ...each, ...part } : each)) });
  };
  const fit = protectable(model.columns, attributes);
  return (
    <>
      {attributes.map((each, index) => (
        <div
          key={`${each.role} ${each.name}`}
          className="setting"
          role="group"
          aria-label={`Protected attribute ${plainName(each.name)}`}
        >
          <span className="attribute-chosen">
            <button
              type="button"
              className="chip"
              disabled={disabled}
              aria-label={`Do not protect ${plainName(each.name)}`}
              onClick={() => {
                onChange({ attributes: attributes.filter((other) => other !== each) });
              }}
            >
              <Name name={each.name} limit={20} />
              <Icon name="close" size={12} />
            </button>
            <span className="quiet small">{each.role}</span>
          </span>
          <span className="setting-entry setting-wraps">
            {each.numeric && (
              <BandsEntry
                draft={each}
                onText={(bands) => {
                  put(index, { bands });
                }}
              />
            )}
            <span className="setting-pair">
              <span className="second">against</span>
              <span className="field setting-word">
                <input
                  aria-label={`Reference group of ${plainName(each.name)}`}
                  autoComplete="off"
                  placeholder="largest group"
                  value={each.reference}
                  onChange={(event) => {
                    put(index, { reference: event.target.value });
                  }}
                />
              </span>
            </span>
          </span>
        </div>
      ))}
      <div className={`setting ${error ? "is-wrong" : ""}`}>
        <span>Protected attributes</span>
        <span className="setting-entry setting-wraps">
          {fit.length > 0 ? (
            <AttributePicker
              columns={fit}
              chosen={null}
              onChoose={(column) => {
                onChange({ attributes: [...attributes, attributeOf(column)] });
              }}
            />
          ) : (
            <span className="quiet">
              {attributes.length > 0 ? "All tags and features are named." : "The model has no tag and no feature yet."}
            </span>
          )}
        </span>
        <span className="setting-note small">
          Values are groups of people; the model need not see them. Numbers need the edges of their bands.
        </span>
      </div>
      {attributes.length > 1 && (
        <div className="setting">
          <label htmlFor="setting-crossed">Intersections</label>
          <span className="setting-entry">
            <Select
              id="setting-crossed"
              value={draft.crossed}
              onChange={(event) => {
                onChange({ crossed: event.target.value });
              }}
            >
              <option value="2">Of two attributes</option>
              <option value="3">Of two and of three attributes</option>
              <option value="1">None</option>
            </Select>
          </span>
        </div>
      )}
      {attributes.length > 0 && (
        <div className="setting">
          <label htmlFor="setting-favourable">Label that people want</label>
          <span className="setting-entry">
            <span className="field setting-word">
              <input
                id="setting-favourable"
                autoComplete="off"
                placeholder={positive || "positive label"}
                value={draft.favourable}
                onChange={(event) => {
                  onChange({ favourable: event.target.value });
                }}
              />
            </span>
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

type PickerProps = { columns: readonly Column[]; chosen: AttributeDraft | null; onChoose: (column: Column) => void };

/** The tags and features of a model to pick from. */
export function AttributePicker({ columns, chosen, onChoose }: PickerProps) {
  const at = columns.findIndex((each) => each.name === chosen?.name && each.role.toLowerCase() === chosen.role);
  return (
    <Select
      aria-label="Add a protected attribute"
      value={at < 0 ? "" : at}
      onChange={(event) => {
        onChoose(columns[Number(event.target.value)]);
      }}
    >
      <option value="" disabled>
        Choose a tag or feature
      </option>
      {columns.map((column, index) => (
        <option key={`${column.role} ${column.name}`} value={index}>
          {plainName(column.name)}
          {column.role === "TAG" ? ", tag" : ""}
          {column.kind === "NUMERIC" ? ", in bands" : ""}
        </option>
      ))}
    </Select>
  );
}

/** Edges that cut numbers into groups. */
export function BandsEntry({ draft, onText }: { draft: AttributeDraft; onText: (text: string) => void }) {
  return (
    <span className="setting-pair">
      <span className="second">cut at</span>
      <span className="field setting-word">
        <input
          aria-label={`Edges of the bands of ${plainName(draft.name)}`}
          autoComplete="off"
          placeholder="25, 45, 65"
          value={draft.bands}
          onChange={(event) => {
            onText(event.target.value);
          }}
        />
      </span>
    </span>
  );
}
