import { useState } from "react";

import { useChannelAct, type Channel, type ChannelKind } from "../data/channels";
import { CheckRow } from "../manage/CheckRow";
import { ChoiceRow } from "../manage/ChoiceRow";
import { saidOf } from "../manage/failure";
import { FormPanel } from "../manage/FormPanel";
import { TextRow } from "../manage/TextRow";

import { globsOf, LEASTS, modelsWord, type Least } from "./words";

type Props = { before: Channel | null; kinds: readonly ChannelKind[]; mayWrite: boolean; onClose: () => void };

/** What a channel must be told; a secret that is left empty stays as it is. */
export function ChannelForm({ before, kinds, mayWrite, onClose }: Props) {
  const [kind, setKind] = useState(before?.kind ?? "slack");
  const [name, setName] = useState(before?.name ?? "");
  const [fields, setFields] = useState<Record<string, string>>({});
  const [least, setLeast] = useState((before?.minLevel ?? "warning") as Least);
  const [models, setModels] = useState(before && !before.models.includes("*") ? modelsWord(before.models) : "");
  const [enabled, setEnabled] = useState(before?.enabled ?? true);
  const [isSure, setSure] = useState(false);
  const act = useChannelAct();
  const chosen = kinds.find((each) => each.kind === kind) ?? kinds[0];
  const held = (field: string) => before?.values.find((each) => each.name === field);
  const lacking = chosen.fields.find(
    (field) => field.required && !field.default && !fields[field.name]?.trim() && !held(field.name)?.set,
  );
  const save = () => {
    const changes = { fields, min_level: least, models: globsOf(models), enabled };
    act.mutate({ do: "save", name: name.trim(), kind: before ? null : chosen.kind, changes }, { onSuccess: onClose });
  };
  return (
    <FormPanel
      title={before ? before.name : "New channel"}
      label="Channel"
      save="Save"
      saving={act.isPending}
      mayWrite={mayWrite}
      missing={name.trim() === "" ? "Give it a name" : lacking ? `${lacking.title} is missing` : ""}
      failed={saidOf(act.error)}
      onSave={save}
      onClose={onClose}
      acts={
        before && mayWrite ? (
          <button
            type="button"
            className="button is-far"
            disabled={act.isPending}
            onClick={() => {
              if (isSure) act.mutate({ do: "delete", name: before.name }, { onSuccess: onClose });
              else setSure(true);
            }}
          >
            {isSure ? "Delete it and what waits" : "Delete"}
          </button>
        ) : undefined
      }
    >
      <fieldset disabled={!mayWrite}>
        {!before && (
          <ChoiceRow
            label="Kind"
            value={chosen.kind}
            choices={kinds.map((each) => [each.kind, each.title] as const)}
            onChange={(next) => {
              setKind(next);
              setFields({});
            }}
          />
        )}
        <TextRow
          label="Name"
          value={name}
          disabled={before !== null}
          placeholder="#ml-oncall"
          note={before ? "" : "By it rules and people call the channel."}
          onChange={setName}
        />
        {chosen.fields.map((field) => {
          const stored = held(field.name);
          const isKept = field.secret && stored?.set === true;
          return (
            <TextRow
              key={`${chosen.kind} ${field.name}`}
              label={field.required ? field.title : `${field.title}, optional`}
              type={field.secret ? "password" : "text"}
              value={fields[field.name] ?? (field.secret ? "" : (stored?.value ?? ""))}
              placeholder={isKept ? "Set; leave empty to keep it" : field.default}
              note={
                field.secret ? `${field.hint ? `${field.hint}. ` : ""}Stored encrypted, never shown again.` : field.hint
              }
              onChange={(text) => {
                act.reset();
                setFields((now) => ({ ...now, [field.name]: text }));
              }}
            />
          );
        })}
      </fieldset>
      <fieldset disabled={!mayWrite}>
        <legend>What it is told</legend>
        <ChoiceRow label="Levels" value={least} choices={LEASTS} onChange={setLeast} />
        <TextRow
          label="Models"
          value={models}
          placeholder="Every model"
          note="Separated by commas; * stands for any text: fraud-*, churn-*"
          onChange={setModels}
        />
        <CheckRow
          label="Switched on"
          text="It is told"
          value={enabled}
          note={enabled ? "" : "Nothing is sent, and what waits is dropped."}
          onChange={setEnabled}
        />
      </fieldset>
    </FormPanel>
  );
}
