import type { Rule, useRuleAct } from "../data/rules";
import { useWho } from "../alerts/who";
import { LevelMark } from "../levels/LevelMark";
import { Name } from "../pieces/Name";

import { modelWord, reasonOf, severityWord, stateOf } from "./words";

type Props = {
  rules: readonly Rule[];
  label: string;
  chosen: string | null;
  mayWrite: boolean;
  act: ReturnType<typeof useRuleAct>;
  onOpen: (id: string) => void;
};

/** Rules as rows: state, what each watches, of which model, how bad it is, who is told. */
export function RuleList({ rules, label, chosen, mayWrite, act, onOpen }: Props) {
  const by = useWho() || "dashboard";
  return (
    <table className="manage-list rule-list" aria-label={label}>
      <thead>
        <tr>
          <th scope="col">State</th>
          <th scope="col">Rule</th>
          <th scope="col">Of</th>
          <th scope="col">Severity</th>
          <th scope="col">Tells</th>
          <th scope="col">
            <span className="hidden">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rules.map((rule) => {
          const [level, word] = stateOf(rule);
          const reason = reasonOf(rule);
          return (
            <tr key={rule.id} className={rule.id === chosen ? "is-chosen" : rule.enabled ? "" : "is-over"}>
              <td className="is-time">
                <span className="channel-state">
                  <LevelMark level={level} />
                  {word}
                </span>
              </td>
              <td>
                <button
                  type="button"
                  className="manage-open"
                  onClick={() => {
                    onOpen(rule.id);
                  }}
                >
                  <Name name={rule.title} limit={48} />
                </button>
                <span className="small rule-words">{rule.builtIn ? rule.why : rule.words}</span>
                {reason && <span className="small">{reason}</span>}
              </td>
              <td data-label="Of" className="is-time">
                {modelWord(rule.modelId)}
              </td>
              <td data-label="Severity" className="is-time">
                {severityWord(rule.severity)}
              </td>
              <td data-label="Tells" className={rule.channels.length > 0 ? "" : "is-time"}>
                {rule.channels.length > 0 ? rule.channels.join(", ") : "Every channel"}
              </td>
              <td className="manage-acts">
                {mayWrite && (
                  <button
                    type="button"
                    className="button"
                    disabled={act.isPending}
                    onClick={() => {
                      act.mutate({ do: "enable", id: rule.id, enabled: !rule.enabled, by });
                    }}
                  >
                    {rule.enabled ? "Switch off" : "Switch on"}
                  </button>
                )}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
