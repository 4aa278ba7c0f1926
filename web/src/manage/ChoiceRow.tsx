import type { ReactNode } from "react";

import { Select } from "../pieces/Select";

import { FormRow } from "./FormRow";

type Props<Choice extends string> = {
  label: string;
  value: Choice;
  choices: readonly (readonly [Choice, string])[];
  note?: ReactNode;
  disabled?: boolean;
  onChange: (choice: Choice) => void;
};

/** One choice of a few. */
export function ChoiceRow<Choice extends string>({ label, value, choices, note, disabled, onChange }: Props<Choice>) {
  return (
    <FormRow label={label} note={note}>
      {(id, noteId) => (
        <Select
          id={id}
          value={value}
          disabled={disabled}
          aria-describedby={noteId}
          onChange={(event) => {
            onChange(event.target.value as Choice);
          }}
        >
          {choices.map(([choice, text]) => (
            <option key={choice} value={choice}>
              {text}
            </option>
          ))}
        </Select>
      )}
    </FormRow>
  );
}
