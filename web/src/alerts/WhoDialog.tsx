import { useState, type FormEvent } from "react";

import { Dialog } from "../shell/Dialog";

import { keepWho, LONGEST_NAME, useWho } from "./who";

type Props = { onKnown: (name: string) => void; onClose: () => void };

/** Asks once who acts: the name stands in the history of every alert that is decided on here. */
export function WhoDialog({ onKnown, onClose }: Props) {
  const before = useWho();
  const [name, setName] = useState(before);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === "") return;
    keepWho(name);
    onKnown(name.trim().slice(0, LONGEST_NAME));
  };
  return (
    <Dialog label="Who acts" className="decision" onClose={onClose}>
      <form onSubmit={submit}>
        <h2>{before === "" ? "Who are you?" : "Change your name"}</h2>
        <p className="second">
          Your name stands in the alert’s history, so that others know whom to ask. This browser keeps it.
        </p>
        <label className="field decision-field">
          <span className="hidden">Your name</span>
          <input
            autoComplete="nickname"
            maxLength={LONGEST_NAME}
            value={name}
            placeholder="Name, or on-call"
            onChange={(event) => {
              setName(event.target.value);
            }}
          />
        </label>
        <div className="decision-foot">
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button primary" disabled={name.trim() === ""}>
            {before === "" ? "Continue" : "Keep"}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
