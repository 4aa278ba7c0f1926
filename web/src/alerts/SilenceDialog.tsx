import { useState, type KeyboardEvent } from "react";

import { moment, zone } from "../format/time";
import { Dialog } from "../shell/Dialog";

import { silenceChoices } from "./silence";

type Props = {
  what: string;
  of: string | null;
  onChoose: (until: number, comment: string) => void;
  onClose: () => void;
};

/** For how long: a menu whose entries a digit chooses, and a reason for those who wonder later. */
export function SilenceDialog({ what, of, onChoose, onClose }: Props) {
  const [now] = useState(() => Date.now());
  const [comment, setComment] = useState("");
  const choices = silenceChoices(now);
  const pressed = (event: KeyboardEvent<HTMLDivElement>) => {
    const entries = [...event.currentTarget.querySelectorAll<HTMLElement>("[role=menuitem]")];
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const here = entries.indexOf(document.activeElement as HTMLElement);
    const digit = Number(event.key) - 1;
    if (step !== 0) entries[(here + step + entries.length) % entries.length].focus();
    else if (Number.isInteger(digit) && digit >= 0 && digit < choices.length) onChoose(choices[digit].until, comment);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog label={`Silence ${what}`} className="decision" onClose={onClose}>
      <h2>Silence {what}</h2>
      {of !== null && <p className="decision-of">{of}</p>}
      <p className="second">Nothing is sent until then, whatever happens to it. The page keeps showing it.</p>
      <div className="decision-menu" role="menu" tabIndex={-1} aria-label="For how long" onKeyDown={pressed}>
        {choices.map((choice, index) => (
          <button
            key={choice.text}
            type="button"
            role="menuitem"
            onClick={() => {
              onChoose(choice.until, comment);
            }}
          >
            <kbd>{index + 1}</kbd>
            <span>{choice.text}</span>
            <span className="quiet">{moment(choice.until, now)}</span>
          </button>
        ))}
      </div>
      <label className="field decision-field">
        <span className="hidden">Reason</span>
        <input
          value={comment}
          maxLength={500}
          placeholder="Reason, if you like; choose a time above"
          onChange={(event) => {
            setComment(event.target.value);
          }}
        />
      </label>
      <div className="decision-foot">
        <span className="quiet small">Local time, {zone(now)}</span>
        <button type="button" className="button" onClick={onClose}>
          Cancel
        </button>
      </div>
    </Dialog>
  );
}
