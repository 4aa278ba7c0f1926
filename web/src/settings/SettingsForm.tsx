import { useMemo, useState, type FormEvent } from "react";

import { Failure } from "../data/ask";
import type { ModelDetail, ModelKey } from "../data/model";
import { useSettingsPreview, type Held, type useChangeSettings } from "../data/settings";
import { counted } from "../format/number";
import { lengthOf } from "../format/time";
import { useDebounced } from "../model/useDebounced";
import { Icon } from "../pieces/Icon";
import { Select } from "../pieces/Select";

import { AgreeField } from "./AgreeField";
import { Cost } from "./Cost";
import { costInWords } from "./cost";
import { FairnessFields } from "./FairnessFields";
import {
  BUDGET,
  changesOf,
  complaint,
  draftOf,
  FLOORS,
  HORIZON,
  INTERVAL,
  placeOf,
  shown,
  type NumberField,
} from "./fields";
import { OutcomeFields } from "./OutcomeFields";
import { isComplete } from "./reference";
import { ReferenceFields } from "./ReferenceFields";
import { SegmentFields } from "./SegmentFields";
import { SettingField } from "./SettingField";
import { useLeaveGuard } from "./useLeaveGuard";

type Props = {
  model: ModelDetail;
  modelKey: ModelKey;
  held: Held;
  mayWrite: boolean;
  save: ReturnType<typeof useChangeSettings>;
};

const WINDOWS: readonly [string, string][] = [
  ["5m", "5 minutes"],
  ["1h", "1 hour"],
  ["6h", "6 hours"],
  ["1d", "1 day"],
  ["7d", "7 days"],
  ["28d", "4 weeks"],
];

/** The form and, beside it, what it costs; the server is asked as one types, and saves when told to. */
export function SettingsForm({ model, modelKey, held, mayWrite, save }: Props) {
  const [draft, setDraft] = useState(() => draftOf(held.settings));
  const changes = useMemo(() => changesOf(draft, held.settings, held.settingDefaults), [draft, held]);
  const count = Object.keys(changes).length;
  const preview = useSettingsPreview(
    modelKey,
    useDebounced(changes, 250),
    mayWrite && count > 0 && isComplete(draft.reference),
  );
  useLeaveGuard(count > 0);
  const failure = save.error ?? (count > 0 ? preview.error : null);
  const wrong = failure instanceof Failure ? placeOf(failure.message, failure.field) : "foot";
  const said = failure instanceof Failure ? complaint(failure.message, failure.hint) : (failure?.message ?? "");
  const change = (part: Partial<typeof draft>) => {
    save.reset();
    setDraft((now) => ({ ...now, ...part }));
  };
  const number = (field: NumberField) => (
    <SettingField
      key={field.name}
      field={field}
      value={draft[field.name]}
      usual={shown(field, held.settingDefaults[field.name])}
      error={wrong === field.name ? said : ""}
      disabled={!mayWrite}
      onChange={(text) => {
        change({ [field.name]: text });
      }}
    />
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (count > 0) save.mutate(changes);
  };
  const offered = preview.data?.model?.settingsPreview;
  const atForm = wrong === "foot" ? said : "";
  return (
    <form className="settings" onSubmit={submit} aria-label="Settings" noValidate>
      <div className="settings-fields">
        {!mayWrite && (
          <p className="settings-locked">
            <b>You may look, not change.</b> Changing settings needs an API key that may write.
          </p>
        )}
        <fieldset disabled={!mayWrite}>
          <legend>When it is looked at</legend>
          <div className="setting">
            <label htmlFor="setting-window">Length of a window</label>
            <span className="setting-entry">
              <Select
                id="setting-window"
                value={draft.window}
                onChange={(event) => {
                  change({ window: event.target.value });
                }}
              >
                <option value="auto">
                  Automatic{held.settings.window === "auto" ? `, ${lengthOf(model.windowSeconds)} now` : ""}
                </option>
                {WINDOWS.map(([value, text]) => (
                  <option key={value} value={value}>
                    {text}
                  </option>
                ))}
              </Select>
            </span>
            <span className="setting-note small">
              {draft.window === "auto" ? "The shortest length that usually holds 2,000 rows." : ""}
            </span>
          </div>
          <div className="setting">
            <label htmlFor="setting-critical">Critical model</label>
            <span className="setting-entry">
              <input
                id="setting-critical"
                type="checkbox"
                checked={draft.critical}
                onChange={(event) => {
                  change({ critical: event.target.checked });
                }}
              />
              <span className="second">Look after every batch, and tell within a second</span>
            </span>
          </div>
          {number(INTERVAL)}
        </fieldset>
        <fieldset disabled={!mayWrite}>
          <legend>What it is compared with</legend>
          <ReferenceFields
            draft={draft.reference}
            error={wrong === "reference" ? said : ""}
            would={"reference" in changes && !preview.isError ? (offered?.reference ?? null) : null}
            onChange={(part) => {
              change({ reference: { ...draft.reference, ...part } });
            }}
          />
        </fieldset>
        <fieldset disabled={!mayWrite}>
          <legend>Segments</legend>
          <SegmentFields
            model={model}
            held={held.settings.segments}
            draft={draft.segments}
            error={wrong === "segments" ? said : ""}
            disabled={!mayWrite}
            onChange={(part) => {
              change({ segments: { ...draft.segments, ...part } });
            }}
          />
        </fieldset>
        <fieldset disabled={!mayWrite}>
          <legend>What comes true</legend>
          <OutcomeFields
            task={draft.task}
            positiveLabel={draft.positiveLabel}
            inferred={{ task: model.task, positiveLabel: model.positiveLabel ?? "" }}
            error={wrong === "outcome" ? said : ""}
            onChange={change}
          />
          {number(HORIZON)}
        </fieldset>
        <fieldset disabled={!mayWrite}>
          <legend>Fairness</legend>
          <FairnessFields
            model={model}
            draft={draft.fairness}
            positive={draft.positiveLabel || (model.positiveLabel ?? "")}
            error={wrong === "fairness" ? said : ""}
            disabled={!mayWrite}
            onChange={(part) => {
              change({ fairness: { ...draft.fairness, ...part } });
            }}
          />
        </fieldset>
        <fieldset disabled={!mayWrite}>
          <legend>What counts as large</legend>
          <p className="settings-help small quiet">
            A change that is certain but smaller stays a notice. Unusable rows have no value, or one that the reference
            never had; points are counted above the reference.
          </p>
          {FLOORS.map(number)}
        </fieldset>
        <fieldset disabled={!mayWrite}>
          <legend>How often it may be wrong</legend>
          {number(BUDGET)}
          <AgreeField
            draft={draft}
            usual={{ k: String(held.settingDefaults.k ?? ""), n: String(held.settingDefaults.n ?? "") }}
            error={wrong === "agree" ? said : ""}
            disabled={!mayWrite}
            onChange={change}
          />
        </fieldset>
        <div className="settings-save">
          <button type="submit" className="button primary" disabled={!mayWrite || count === 0 || save.isPending}>
            {save.isPending ? "Saving" : "Save"}
          </button>
          <button
            type="button"
            className="button"
            disabled={count === 0}
            onClick={() => {
              save.reset();
              setDraft(draftOf(held.settings));
            }}
          >
            Undo
          </button>
          <span className="settings-state second" role="status">
            {!mayWrite ? (
              ""
            ) : count > 0 ? (
              `${counted(count, "change")} not saved`
            ) : (
              <SavedWord saved={save.isSuccess} />
            )}
          </span>
          {count > 0 && offered && !preview.isError && (
            <span className="settings-brief small">{costInWords(offered.changed)}</span>
          )}
        </div>
        {atForm && (
          <p className="settings-wrong" role="alert">
            {atForm}
          </p>
        )}
      </div>
      <Cost
        current={held.falseAlarms}
        changed={count > 0 && !preview.isError ? (offered?.changed ?? null) : null}
        waiting={count > 0 && preview.isFetching}
      />
    </form>
  );
}

function SavedWord({ saved }: { saved: boolean }) {
  return saved ? (
    <span className="chip">
      <Icon name="check" size={12} /> Saved
    </span>
  ) : (
    <>Nothing to save</>
  );
}
