import { KINDS, kindWord } from "../alerts/kinds";
import { ChoiceRow } from "../manage/ChoiceRow";
import { TextRow } from "../manage/TextRow";

import type { ConditionDraft } from "./draft";
import type { Offered } from "./offered";

const OPERATORS = [
  ["greater_than", "is greater than"],
  ["greater_or_equal", "is at least"],
  ["less_than", "is less than"],
  ["less_or_equal", "is at most"],
  ["equal", "equals"],
  ["not_equal", "differs from"],
  ["outside_chance", "is outside what chance allows"],
] as const;

const COMPARED = [
  ["", "The value itself"],
  ["absolute", "Its change, in its own unit"],
  ["percent", "Its change in per cent"],
] as const;

type Props = {
  condition: ConditionDraft;
  offered: Offered;
  onChange: (part: Partial<ConditionDraft>) => void;
  onRemove: (() => void) | null;
};

/** One comparison: what is watched, where, and from where on it matters. */
export function ConditionFields({ condition, offered, onChange, onRemove }: Props) {
  return (
    <div className="rule-condition">
      <ChoiceRow
        label="Watch"
        value={condition.by}
        choices={[
          ["value", "A figure"],
          ["level", "What modelwatch decided"],
        ]}
        onChange={(by) => {
          onChange({ by, metric: by === "level" ? "data_drift" : "psi" });
        }}
      />
      {condition.by === "level" ? (
        <div className="form-pair">
          <ChoiceRow
            label="Of"
            value={condition.metric}
            choices={KINDS.map((kind) => [kind, kindWord(kind)] as const)}
            onChange={(metric) => {
              onChange({ metric });
            }}
          />
          <ChoiceRow
            label="From"
            value={condition.level}
            choices={[
              ["warning", "Warning on"],
              ["critical", "Critical on"],
            ]}
            onChange={(level) => {
              onChange({ level });
            }}
          />
        </div>
      ) : (
        <>
          <TextRow
            label="Figure"
            value={condition.metric}
            options={offered.metrics}
            note={offered.about(condition.metric)}
            onChange={(metric) => {
              onChange({ metric });
            }}
          />
          <div className="form-pair">
            <TextRow
              label="Feature"
              value={condition.feature}
              options={offered.features}
              placeholder="Any"
              onChange={(feature) => {
                onChange({ feature });
              }}
            />
            <TextRow
              label="Segment or group"
              value={condition.segment || condition.group}
              options={offered.segments}
              placeholder="The whole"
              onChange={(segment) => {
                onChange(offered.isGroup(condition.metric) ? { group: segment, segment: "" } : { segment, group: "" });
              }}
            />
          </div>
          <div className={condition.operator === "outside_chance" ? "" : "form-pair"}>
            <ChoiceRow
              label="Fires when it"
              value={condition.operator as (typeof OPERATORS)[number][0]}
              choices={OPERATORS}
              onChange={(operator) => {
                onChange({ operator });
              }}
            />
            {condition.operator !== "outside_chance" && (
              <TextRow
                label={condition.change === "percent" ? "Threshold, %" : "Threshold"}
                value={condition.threshold}
                placeholder="0.25"
                onChange={(threshold) => {
                  onChange({ threshold });
                }}
              />
            )}
          </div>
          {condition.operator !== "outside_chance" && (
            <div className={condition.change ? "form-pair" : ""}>
              <ChoiceRow
                label="Compare"
                value={condition.change}
                choices={COMPARED}
                onChange={(change) => {
                  onChange({ change });
                }}
              />
              {condition.change && (
                <TextRow
                  label="Against, windows ago"
                  value={condition.windowsAgo}
                  placeholder="the baseline"
                  onChange={(windowsAgo) => {
                    onChange({ windowsAgo });
                  }}
                />
              )}
            </div>
          )}
        </>
      )}
      {onRemove && (
        <button type="button" className="button" onClick={onRemove}>
          Remove this condition
        </button>
      )}
    </div>
  );
}
