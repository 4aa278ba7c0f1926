import { useState } from "react";

import { KINDS, kindWord } from "../alerts/kinds";
import { useActionAct, type Action } from "../data/actions";
import { CheckRow } from "../manage/CheckRow";
import { ChoiceRow } from "../manage/ChoiceRow";
import { saidOf } from "../manage/failure";
import { FormPanel } from "../manage/FormPanel";
import { TextRow } from "../manage/TextRow";

import { bodyOf, draftOf, type Draft } from "./words";

type Props = { before: Action | null; mayWrite: boolean; onClose: () => void };

/** When the action is due, what it does, and what holds it back. */
export function ActionForm({ before, mayWrite, onClose }: Props) {
  const [draft, setDraft] = useState(() => draftOf(before));
  const [isSure, setSure] = useState(false);
  const act = useActionAct();
  const set = (part: Partial<Draft>) => {
    act.reset();
    setDraft((now) => ({ ...now, ...part }));
  };
  const text = (name: keyof Draft) => ({
    value: String(draft[name]),
    onChange: (value: string) => {
      set({ [name]: value });
    },
  });
  const isLacking = draft.does === "webhook" ? draft.url.trim() === "" : draft.entry.trim() === "";
  const kinds = ["*", ...KINDS, ...(draft.on !== "*" && !KINDS.includes(draft.on) ? [draft.on] : [])];
  return (
    <FormPanel
      title={before ? before.name : "New action"}
      label="Action"
      save="Save"
      saving={act.isPending}
      mayWrite={mayWrite}
      missing={draft.name.trim() === "" ? "Give it a name" : isLacking ? "Say what it does" : ""}
      failed={saidOf(act.error)}
      onSave={() => {
        act.mutate({ do: "save", action: bodyOf(draft, before) }, { onSuccess: onClose });
      }}
      onClose={onClose}
      acts={
        before && mayWrite ? (
          <button
            type="button"
            className="button is-far"
            onClick={() => {
              if (isSure) act.mutate({ do: "delete", name: before.name }, { onSuccess: onClose });
              else setSure(true);
            }}
          >
            {isSure ? "Delete it for good" : "Delete"}
          </button>
        ) : undefined
      }
    >
      <fieldset disabled={!mayWrite}>
        <legend className="hidden">What it is called</legend>
        <TextRow label="Name" {...text("name")} disabled={before !== null} placeholder="retrain" />
      </fieldset>
      <fieldset disabled={!mayWrite}>
        <legend>When it is due</legend>
        <ChoiceRow
          label="Kind of alert"
          value={draft.on}
          choices={kinds.map((kind) => [kind, kind === "*" ? "Any kind" : kindWord(kind)] as const)}
          onChange={(on) => {
            set({ on });
          }}
        />
        <TextRow
          label="Models"
          {...text("models")}
          placeholder="Every model"
          note="Separated by commas: fraud-*, churn"
        />
        <ChoiceRow
          label="Level"
          value={draft.minLevel}
          choices={[
            ["warning", "From warning on"],
            ["critical", "Critical only"],
          ]}
          onChange={(minLevel) => {
            set({ minLevel });
          }}
        />
        <div className="form-pair">
          <TextRow label="At least so many alerts" {...text("alerts")} />
          <TextRow label="within hours" {...text("withinHours")} />
        </div>
        <TextRow
          label="Or when one lasts for hours"
          {...text("lastingHours")}
          note="Where both are given, either will do."
        />
      </fieldset>
      <fieldset disabled={!mayWrite}>
        <legend>What it does</legend>
        <ChoiceRow
          label="By"
          value={draft.does}
          choices={[
            ["webhook", "A request to an address"],
            ["python", "A Python function that the server has installed"],
          ]}
          onChange={(does) => {
            set({ does });
          }}
        />
        {draft.does === "webhook" ? (
          <>
            <TextRow label="Address" {...text("url")} placeholder="https://hooks.example.com/retrain" />
            <TextRow
              label="Signing secret, optional"
              type="password"
              {...text("secret")}
              placeholder={before?.webhook?.signed ? "Set; leave empty to keep it" : ""}
              note="Stored encrypted, never shown again."
            />
          </>
        ) : (
          <TextRow
            label="Entry point"
            {...text("entry")}
            placeholder="retrain"
            note="Of the group modelwatch.actions"
          />
        )}
        <TextRow label="Channels that are told, optional" {...text("tell")} placeholder="#ml-oncall" />
      </fieldset>
      <fieldset disabled={!mayWrite}>
        <legend>What holds it back</legend>
        <CheckRow
          label="Dry run"
          text="Record what would be done, send nothing"
          value={draft.dryRun}
          onChange={(dryRun) => {
            set({ dryRun });
          }}
        />
        <CheckRow
          label="Approval"
          text="A person must approve each run"
          value={draft.approval}
          onChange={(approval) => {
            set({ approval });
          }}
        />
        <div className="form-pair">
          <TextRow label="Hours apart" {...text("cooldownHours")} note="per model" />
          <TextRow label="At most a week" {...text("maxPerWeek")} note="per model" />
        </div>
        <CheckRow
          label="Switched on"
          text="It looks at alerts"
          value={draft.enabled}
          onChange={(enabled) => {
            set({ enabled });
          }}
        />
      </fieldset>
    </FormPanel>
  );
}
