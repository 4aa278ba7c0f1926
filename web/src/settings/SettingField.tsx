import { useId } from "react";

import type { NumberField } from "./fields";

type Props = {
  field: NumberField;
  value: string;
  usual: string;
  error: string;
  disabled: boolean;
  onChange: (text: string) => void;
};

/** One number: its name, what the server takes when it is empty, its unit, and what is wrong with it. */
export function SettingField({ field, value, usual, error, disabled, onChange }: Props) {
  const id = useId();
  return (
    <div className={`setting ${error ? "is-wrong" : ""}`}>
      <label htmlFor={id}>{field.label}</label>
      <span className="setting-entry">
        <span className="field setting-number">
          <input
            id={id}
            inputMode="decimal"
            autoComplete="off"
            value={value}
            placeholder={usual || "auto"}
            disabled={disabled}
            aria-invalid={error !== ""}
            aria-describedby={`${id}-note`}
            onChange={(event) => {
              onChange(event.target.value);
            }}
          />
        </span>
        {field.unit && <span className="second">{field.unit}</span>}
        {value !== "" && !disabled && (
          <button
            type="button"
            className="button bare setting-usual"
            aria-label={`${field.label}: back to ${usual || "automatic"}`}
            onClick={() => {
              onChange("");
            }}
          >
            Back to {usual || "automatic"}
          </button>
        )}
      </span>
      <span id={`${id}-note`} className="setting-note small" role={error ? "alert" : undefined}>
        {error}
      </span>
    </div>
  );
}
