import { counted } from "../format/number";
import type { AlertVerb } from "../graphql/graphql";
import { Icon } from "../pieces/Icon";

import { changeable, type Target } from "./decision";
import type { Decisions } from "./useDecisions";

type Props = { chosen: readonly Target[]; decisions: Decisions; onClear: () => void };

const VERBS: readonly { verb: AlertVerb; text: string; key: string }[] = [
  { verb: "ACKNOWLEDGE", text: "Acknowledge", key: "A" },
  { verb: "SILENCE", text: "Silence", key: "S" },
  { verb: "RESOLVE", text: "Resolve", key: "R" },
  { verb: "ASSIGN", text: "Assign", key: "I" },
];

/** What can be done with the chosen alerts, else what was done last. */
export function DecisionBar({ chosen, decisions, onClear }: Props) {
  if (chosen.length === 0) return <DecisionNote decisions={decisions} />;
  return (
    <div className="decision-bar" role="region" aria-label="Selected alerts">
      <b>{counted(chosen.length, "alert")} selected</b>
      {VERBS.map(({ verb, text, key }, index) => (
        <button
          key={verb}
          type="button"
          className={index === 0 ? "button primary" : "button"}
          disabled={decisions.busy || changeable(verb, chosen).length === 0}
          onClick={() => {
            decisions.begin(verb, chosen);
          }}
        >
          {text} <kbd>{key}</kbd>
        </button>
      ))}
      <button type="button" className="button bare" onClick={onClear}>
        Clear <kbd>Esc</kbd>
      </button>
      <DecisionNote decisions={decisions} />
    </div>
  );
}

/** What was done last or why it was not, with the way back where there is one. */
export function DecisionNote({ decisions: { note, busy, forget } }: { decisions: Decisions }) {
  if (note === null) return null;
  return (
    <p className={note.failed ? "decision-note is-failed" : "decision-note"} role={note.failed ? "alert" : "status"}>
      <span>{note.text}</span>
      {note.undo && (
        <button type="button" className="plain-link" disabled={busy} onClick={note.undo}>
          Undo
        </button>
      )}
      <button type="button" className="button bare icon" aria-label="Close this note" onClick={forget}>
        <Icon name="close" size={12} />
      </button>
    </p>
  );
}
