import { useId, type InputHTMLAttributes } from "react";

import type { PreviewedReference } from "../data/settings";
import { exact } from "../format/number";
import { at, between } from "../format/time";
import { Name } from "../pieces/Name";
import { Select } from "../pieces/Select";

import { KINDS, type Kind, type ReferenceDraft } from "./reference";

type Props = {
  draft: ReferenceDraft;
  error: string;
  /** What windows would be compared with; null while that is not known. */ would: PreviewedReference | null;
  onChange: (part: Partial<ReferenceDraft>) => void;
};

/** Which reference, and what belongs to its kind; below, what windows would be compared with. */
export function ReferenceFields({ draft, error, would, onChange }: Props) {
  const id = useId();
  const help = KINDS.find((each) => each.value === draft.kind)?.help;
  return (
    <>
      <div className={`setting ${error ? "is-wrong" : ""}`}>
        <label htmlFor={id}>Reference</label>
        <span className="setting-entry">
          <Select
            id={id}
            value={draft.kind}
            aria-describedby={`${id}-note`}
            onChange={(event) => {
              onChange({ kind: event.target.value as Kind });
            }}
          >
            {KINDS.map((kind) => (
              <option key={kind.value} value={kind.value}>
                {kind.text}
              </option>
            ))}
          </Select>
        </span>
        <span id={`${id}-note`} className="setting-note small">
          {help}
        </span>
      </div>
      {draft.kind === "window" && (
        <Line label="Days">
          <Entry label="First day" type="date" value={draft.first} onText={(first) => onChange({ first })} />
          <span className="second">to</span>
          <Entry label="Last day" type="date" value={draft.last} onText={(last) => onChange({ last })} />
        </Line>
      )}
      {draft.kind === "moving" && (
        <Line label="Days before">
          <Entry
            label="Days"
            inputMode="numeric"
            placeholder="28"
            value={draft.days}
            onText={(days) => onChange({ days })}
          />
          <span className="second">days</span>
        </Line>
      )}
      {draft.kind === "moving" && (
        <Line label="Ending">
          <Entry
            label="Gap in hours"
            inputMode="decimal"
            placeholder="auto"
            value={draft.gap}
            onText={(gap) => onChange({ gap })}
          />
          <span className="second">hours before the window; its own length unless set</span>
        </Line>
      )}
      {draft.kind === "seasonal" && (
        <Line label="Weeks before">
          <Entry
            label="Weeks"
            inputMode="numeric"
            placeholder="8"
            value={draft.weeks}
            onText={(weeks) => onChange({ weeks })}
          />
          <span className="second">weeks, on the clock of</span>
          <Entry label="Time zone" wide placeholder="UTC" value={draft.zone} onText={(zone) => onChange({ zone })} />
        </Line>
      )}
      {error ? (
        <p className="settings-wrong small" role="alert">
          {error}
        </p>
      ) : (
        would && <Would reference={would} />
      )}
    </>
  );
}

function Line({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div className="setting" role="group" aria-label={label}>
      <span>{label}</span>
      <span className="setting-entry setting-wraps">{children}</span>
    </div>
  );
}

type EntryProps = InputHTMLAttributes<HTMLInputElement> & {
  label: string;
  wide?: boolean;
  onText: (text: string) => void;
};

function Entry({ label, wide = false, onText, ...rest }: EntryProps) {
  const size = rest.type === "date" ? "setting-date" : wide ? "setting-zone" : "setting-number setting-small";
  return (
    <span className={`field ${size}`}>
      <input
        aria-label={label}
        autoComplete="off"
        {...rest}
        onChange={(event) => {
          onText(event.target.value);
        }}
      />
    </span>
  );
}

function Would({ reference }: { reference: NonNullable<PreviewedReference> }) {
  const when = reference.start && reference.end ? `, ${between(at(reference.start), at(reference.end) - 1)}` : "";
  return (
    <p className="settings-would" aria-live="polite">
      The newest window would be compared with{" "}
      <b>
        <Name name={reference.label} limit={48} />
      </b>
      : {exact(reference.rows)} rows{when}. {reference.waiting ? `${reference.waiting}. ` : ""}
      Windows of the last 30 days are compared again; older ones keep what they were compared with.
    </p>
  );
}
