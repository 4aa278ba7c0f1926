import type { ReactNode } from "react";

import { FormRow } from "./FormRow";

type Props = {
  label: string;
  value: string;
  placeholder?: string;
  note?: ReactNode;
  error?: string | undefined;
  type?: string;
  disabled?: boolean;
  options?: readonly string[];
  onChange: (text: string) => void;
};

/** One line of text; `options` are offered while one types, anything else may be typed, too. */
export function TextRow({ label, value, note, error, options, onChange, ...rest }: Props) {
  return (
    <FormRow label={label} note={note} error={error}>
      {(id, noteId) => (
        <span className="field">
          <input
            id={id}
            autoComplete="off"
            spellCheck={false}
            value={value}
            aria-describedby={noteId}
            aria-invalid={error ? true : undefined}
            {...(options ? { list: `${id}-options` } : {})}
            {...rest}
            onChange={(event) => {
              onChange(event.target.value);
            }}
          />
          {options && (
            <datalist id={`${id}-options`}>
              {options.map((each) => (
                <option key={each} value={each} />
              ))}
            </datalist>
          )}
        </span>
      )}
    </FormRow>
  );
}
