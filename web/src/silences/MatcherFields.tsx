import type { Level, MatcherInput } from "../graphql/graphql";
import { KINDS, kindWord } from "../alerts/kinds";
import { useFleetNames } from "../data/fleet";
import { ChoiceRow } from "../manage/ChoiceRow";
import { TextRow } from "../manage/TextRow";

const LEVELS = [
  ["", "Any level"],
  ["WARNING", "Warning or less"],
  ["NOTICE", "Notice or less"],
] as const;

type Props = { matcher: MatcherInput; onChange: (part: Partial<MatcherInput>) => void };

/** Which alerts are meant: every word that is given must fit. */
export function MatcherFields({ matcher, onChange }: Props) {
  const names = [...new Set(useFleetNames().data?.models.map((model) => model.id) ?? [])];
  const known = !matcher.kind || KINDS.includes(matcher.kind);
  return (
    <fieldset>
      <legend>Which alerts</legend>
      <TextRow
        label="Model"
        value={matcher.model ?? ""}
        placeholder="Every model"
        options={names}
        note="* stands for any text: fraud-*"
        onChange={(model) => {
          onChange({ model });
        }}
      />
      <ChoiceRow
        label="Kind"
        value={matcher.kind ?? ""}
        choices={[
          ["", "Every kind"],
          ...KINDS.map((kind) => [kind, kindWord(kind)] as const),
          ...(known ? [] : [[matcher.kind ?? "", matcher.kind ?? ""] as const]),
        ]}
        onChange={(kind) => {
          onChange({ kind });
        }}
      />
      <TextRow
        label="Feature"
        value={matcher.feature ?? ""}
        placeholder="Every feature"
        note={matcher.feature ? "An alert that also names another feature stays loud." : ""}
        onChange={(feature) => {
          onChange({ feature });
        }}
      />
      <div className="form-pair">
        <TextRow
          label="Version"
          value={matcher.version ?? ""}
          placeholder="Every version"
          onChange={(version) => {
            onChange({ version });
          }}
        />
        <TextRow
          label="Environment"
          value={matcher.environment ?? ""}
          placeholder="Every environment"
          onChange={(environment) => {
            onChange({ environment });
          }}
        />
      </div>
      <ChoiceRow
        label="Level"
        value={(matcher.atMost ?? "") as "" | "WARNING" | "NOTICE"}
        choices={LEVELS}
        onChange={(level) => {
          onChange({ atMost: level === "" ? null : (level as Level) });
        }}
      />
    </fieldset>
  );
}
