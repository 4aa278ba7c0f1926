import { useState } from "react";

import { useWho } from "../alerts/who";
import { useRuleAct, type Rule } from "../data/rules";
import { ChoiceRow } from "../manage/ChoiceRow";
import { saidOf } from "../manage/failure";
import { FormPanel } from "../manage/FormPanel";
import { TextRow } from "../manage/TextRow";

import { SEVERITY_CHOICES } from "./words";

type Props = { rule: Rule; channels: readonly string[]; mayWrite: boolean; onClose: () => void };

/** What may be changed about a rule that holds without anyone writing it: how bad it is, and who is told. */
export function OverrideForm({ rule, channels, mayWrite, onClose }: Props) {
  const [severity, setSeverity] = useState(rule.severity);
  const [told, setTold] = useState(rule.channels.join(", "));
  const by = useWho() || "dashboard";
  const act = useRuleAct();
  return (
    <FormPanel
      title={rule.title}
      label="Built-in rule"
      save="Save"
      saving={act.isPending}
      mayWrite={mayWrite}
      missing=""
      failed={saidOf(act.error)}
      onSave={() => {
        const body = {
          rule_name: rule.name,
          model_id: rule.modelId,
          severity,
          channels: told
            .split(",")
            .map((each) => each.trim())
            .filter(Boolean),
          enabled: rule.enabled,
        };
        act.mutate({ do: "save", rule: body, ruleId: rule.changed ? rule.id : null, by }, { onSuccess: onClose });
      }}
      onClose={onClose}
      acts={
        rule.changed && mayWrite ? (
          <button
            type="button"
            className="button is-far"
            onClick={() => {
              act.mutate({ do: "delete", id: rule.id, by }, { onSuccess: onClose });
            }}
          >
            Back to how it was
          </button>
        ) : undefined
      }
    >
      <p className="second rule-why">{rule.why}</p>
      <fieldset disabled={!mayWrite}>
        <legend>What follows</legend>
        <ChoiceRow
          label="Severity"
          value={severity}
          choices={SEVERITY_CHOICES.map(([value, word]) => [value, word])}
          note="As decided: the level that the findings have."
          onChange={setSeverity}
        />
        <TextRow
          label="Channels"
          value={told}
          options={channels}
          placeholder="Every channel that takes it"
          note="Separated by commas"
          onChange={setTold}
        />
      </fieldset>
    </FormPanel>
  );
}
