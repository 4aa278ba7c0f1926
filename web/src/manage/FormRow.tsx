import { useId, type ReactNode } from "react";

type Props = {
  label: string;
  note?: ReactNode;
  error?: string | undefined;
  children: (id: string, note: string) => ReactNode;
};

/** One thing to fill in: its name above, what helps or what is wrong below. */
export function FormRow({ label, note, error = "", children }: Props) {
  const id = useId();
  return (
    <div className={error ? "form-row is-wrong" : "form-row"}>
      <label htmlFor={id}>{label}</label>
      {children(id, `${id}-note`)}
      <span id={`${id}-note`} className={error ? "form-note is-wrong" : "form-note"} role={error ? "alert" : undefined}>
        {error || note}
      </span>
    </div>
  );
}
