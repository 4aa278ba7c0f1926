import type { ReactNode } from "react";

import { FormRow } from "./FormRow";

type Props = { label: string; text: string; value: boolean; note?: ReactNode; onChange: (value: boolean) => void };

/** One thing that is on or off. */
export function CheckRow({ label, text, value, note, onChange }: Props) {
  return (
    <FormRow label={label} note={note}>
      {(id, noteId) => (
        <span className="form-check">
          <input
            id={id}
            type="checkbox"
            checked={value}
            aria-describedby={noteId}
            onChange={(event) => {
              onChange(event.target.checked);
            }}
          />
          <span className="second">{text}</span>
        </span>
      )}
    </FormRow>
  );
}
