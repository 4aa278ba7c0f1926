import { useState, type FormEvent, type ReactNode } from "react";

import { Dialog } from "../shell/Dialog";

type Props = {
  title: string;
  /** The title of the only alert that it is about. */
  of: string | null;
  explanation: ReactNode;
  label: string;
  placeholder: string;
  verb: string;
  /** Whether the verb may be pressed with nothing written. */
  optional?: boolean;
  initial?: string;
  suggestions?: readonly string[];
  onSay: (text: string) => void;
  onClose: () => void;
};

/** One line of text and what is done with it: a comment, a name, a reason. */
export function TextDialog({ title, of, explanation, label, placeholder, verb, onSay, onClose, ...more }: Props) {
  const { optional = false, initial = "", suggestions = [] } = more;
  const [text, setText] = useState(initial);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (optional || text.trim() !== "") onSay(text.trim());
  };
  return (
    <Dialog label={title} className="decision" onClose={onClose}>
      <form onSubmit={submit}>
        <h2>{title}</h2>
        {of !== null && <p className="decision-of">{of}</p>}
        <p className="second">{explanation}</p>
        <label className="field decision-field">
          <span className="hidden">{label}</span>
          <input
            value={text}
            maxLength={1000}
            placeholder={placeholder}
            onChange={(event) => {
              setText(event.target.value);
            }}
          />
        </label>
        {suggestions.length > 0 && (
          <div className="decision-suggestions">
            {suggestions.map((each) => (
              <button
                key={each}
                type="button"
                className="button"
                onClick={() => {
                  onSay(each);
                }}
              >
                <bdi>{each}</bdi>
              </button>
            ))}
          </div>
        )}
        <div className="decision-foot">
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button primary" disabled={!optional && text.trim() === ""}>
            {verb}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
