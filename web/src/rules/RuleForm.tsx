import { useMemo, useState } from "react";

import { useWho } from "../alerts/who";
import { useFleetNames } from "../data/fleet";
import { useRuleAct, type Rule } from "../data/rules";
import { ChoiceRow } from "../manage/ChoiceRow";
import { saidOf } from "../manage/failure";
import { FormPanel } from "../manage/FormPanel";
import { TextRow } from "../manage/TextRow";
import { WEEKDAYS, weekdayWord } from "../silences/words";

import { BackTest } from "./BackTest";
import { ConditionFields } from "./ConditionFields";
import { ANY_MODEL, bodyOf, draftOf, lacking, NEW_CONDITION, NEW_RULE, type RuleDraft } from "./draft";
import { useOffered } from "./offered";
import { SEVERITY_CHOICES } from "./words";

type Props = { before: Rule | null; channels: readonly string[]; mayWrite: boolean; onClose: () => void };

/** What is watched, for how long, how bad it is and who is told; and how often it would have fired. */
export function RuleForm({ before, channels, mayWrite, onClose }: Props) {
  const first = useMemo(() => (before ? draftOf(before) : NEW_RULE), [before]);
  const [draft, setDraft] = useState<RuleDraft>(first ?? NEW_RULE);
  const [isSure, setSure] = useState(false);
  const names = [...new Set(useFleetNames().data?.models.map((model) => model.id) ?? [])];
  const offered = useOffered(draft.model);
  const by = useWho() || "dashboard";
  const act = useRuleAct();
  const set = (part: Partial<RuleDraft>) => {
    act.reset();
    setDraft((now) => ({ ...now, ...part }));
  };
  if (first === null)
    return (
      <FormPanel
        title={before?.name ?? ""}
        label="Rule"
        save="Save"
        saving={false}
        mayWrite={false}
        missing=""
        failed=""
        onSave={onClose}
        onClose={onClose}
      >
        <p className="second">
          This rule joins conditions in two steps ({before?.words}). Change it in the file of rules, or over REST.
        </p>
      </FormPanel>
    );
  const isEvery = draft.model === ANY_MODEL;
  return (
    <FormPanel
      title={before ? before.name : "New rule"}
      label="Rule"
      save="Save"
      saving={act.isPending}
      mayWrite={mayWrite}
      missing={lacking(draft)}
      failed={saidOf(act.error)}
      onSave={() => {
        act.mutate({ do: "save", rule: bodyOf(draft), ruleId: before?.id ?? null, by }, { onSuccess: onClose });
      }}
      onClose={onClose}
      acts={
        before && mayWrite ? (
          <button
            type="button"
            className="button is-far"
            onClick={() => {
              if (isSure) act.mutate({ do: "delete", id: before.id, by }, { onSuccess: onClose });
              else setSure(true);
            }}
          >
            {isSure ? "Delete it; its alerts resolve" : "Delete"}
          </button>
        ) : undefined
      }
      result={<BackTest draft={draft} />}
    >
      <fieldset disabled={!mayWrite}>
        <legend className="hidden">Name and model</legend>
        <TextRow
          label="Name"
          value={draft.name}
          placeholder="High PSI"
          onChange={(name) => {
            set({ name });
          }}
        />
        <ChoiceRow
          label="Of"
          value={isEvery ? "every" : "one"}
          choices={[
            ["one", "One model"],
            ["every", "Every model"],
          ]}
          onChange={(which) => {
            set({ model: which === "every" ? ANY_MODEL : (names[0] ?? "") });
          }}
        />
        {!isEvery && (
          <TextRow
            label="Model"
            value={draft.model}
            options={names}
            onChange={(model) => {
              set({ model });
            }}
          />
        )}
      </fieldset>
      <fieldset disabled={!mayWrite}>
        <legend>When it fires</legend>
        {draft.conditions.map((condition, place) => (
          <ConditionFields
            key={place}
            condition={condition}
            offered={offered}
            onChange={(part) => {
              set({ conditions: draft.conditions.map((each, at) => (at === place ? { ...each, ...part } : each)) });
            }}
            onRemove={
              draft.conditions.length > 1
                ? () => {
                    set({ conditions: draft.conditions.filter((_, at) => at !== place) });
                  }
                : null
            }
          />
        ))}
        {draft.conditions.length > 1 && (
          <ChoiceRow
            label="Of these conditions"
            value={draft.joined}
            choices={[
              ["all", "All must hold"],
              ["any", "Any will do"],
            ]}
            onChange={(joined) => {
              set({ joined });
            }}
          />
        )}
        <button
          type="button"
          className="button rule-add"
          onClick={() => {
            set({ conditions: [...draft.conditions, NEW_CONDITION] });
          }}
        >
          Add a condition
        </button>
        <div className="form-pair">
          <TextRow
            label="In so many windows"
            value={draft.k}
            onChange={(k) => {
              set({ k });
            }}
          />
          <TextRow
            label="of the last"
            value={draft.n}
            note="that do not overlap"
            onChange={(n) => {
              set({ n });
            }}
          />
        </div>
        <TextRow
          label="Rows that a window needs"
          value={draft.minRows}
          onChange={(minRows) => {
            set({ minRows });
          }}
        />
      </fieldset>
      <fieldset disabled={!mayWrite}>
        <legend>What follows</legend>
        <ChoiceRow
          label="Severity"
          value={draft.severity}
          choices={SEVERITY_CHOICES.map(([value, word]) => [
            value,
            value === "info" ? `${word}, in the daily digest` : word,
          ])}
          onChange={(severity) => {
            set({ severity });
          }}
        />
        <TextRow
          label="Channels"
          value={draft.channels}
          options={channels}
          placeholder="Every channel that takes it"
          note="Separated by commas"
          onChange={(names) => {
            set({ channels: names });
          }}
        />
        <TextRow
          label="What it is for, optional"
          value={draft.description}
          onChange={(description) => {
            set({ description });
          }}
        />
      </fieldset>
      <fieldset disabled={!mayWrite}>
        <legend>Hours, optional</legend>
        <div className="form-row">
          <span className="form-days" role="group" aria-label="Days">
            {WEEKDAYS.map((day) => (
              <button
                key={day}
                type="button"
                aria-pressed={draft.days.includes(day)}
                onClick={() => {
                  const isIn = draft.days.includes(day);
                  set({ days: WEEKDAYS.filter((each) => (each === day ? !isIn : draft.days.includes(each))) });
                }}
              >
                {weekdayWord(day)}
              </button>
            ))}
          </span>
          <span className="form-note">None chosen: every day</span>
        </div>
        <div className="form-pair">
          <TextRow
            label="From"
            value={draft.from}
            placeholder="00:00"
            onChange={(from) => {
              set({ from });
            }}
          />
          <TextRow
            label="To"
            value={draft.to}
            placeholder="24:00"
            onChange={(to) => {
              set({ to });
            }}
          />
        </div>
        {(draft.days.length > 0 || draft.from || draft.to) && (
          <TextRow
            label="Time zone"
            value={draft.zone}
            placeholder="UTC"
            onChange={(zone) => {
              set({ zone });
            }}
          />
        )}
      </fieldset>
    </FormPanel>
  );
}
