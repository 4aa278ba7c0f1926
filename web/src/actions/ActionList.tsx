import type { Action } from "../data/actions";
import { LevelMark } from "../levels/LevelMark";
import { Name } from "../pieces/Name";

import { railsInWords, whatInWords, whenInWords } from "./words";

type Props = { actions: readonly Action[]; chosen: string | null; onOpen: (name: string) => void };

/** Actions as rows: when, what, and what holds each back. */
export function ActionList({ actions, chosen, onOpen }: Props) {
  return (
    <table className="manage-list" aria-label="Actions">
      <thead>
        <tr>
          <th scope="col">Action</th>
          <th scope="col">When</th>
          <th scope="col">Does</th>
          <th scope="col">Guard rails</th>
        </tr>
      </thead>
      <tbody>
        {actions.map((action) => {
          const [how, limits] = railsInWords(action);
          return (
            <tr key={action.name} className={action.name === chosen ? "is-chosen" : action.enabled ? "" : "is-over"}>
              <td>
                <span className="channel-state">
                  <LevelMark level={!action.enabled ? "NO_DATA" : action.dryRun ? "INSUFFICIENT_DATA" : "OK"} />
                  <button
                    type="button"
                    className="manage-open"
                    onClick={() => {
                      onOpen(action.name);
                    }}
                  >
                    <Name name={action.name} limit={40} />
                  </button>
                </span>
                {!action.enabled && <span className="small">Switched off</span>}
              </td>
              <td>
                {whenInWords(action)}
                <span className="small">{action.models.includes("*") ? "Every model" : action.models.join(", ")}</span>
                {action.reasons.length > 0 && (
                  <span className="small">
                    <Name name={action.reasons[0].modelId} limit={30} />: {action.reasons[0].reason}
                  </span>
                )}
              </td>
              <td>
                {whatInWords(action)}
                {action.tell.length > 0 && <span className="small">then tells {action.tell.join(", ")}</span>}
              </td>
              <td>
                {how}
                <span className="small">{limits}</span>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
