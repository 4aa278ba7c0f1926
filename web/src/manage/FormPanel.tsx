import { useEffect, useRef, type FormEvent, type ReactNode } from "react";

import { Icon } from "../pieces/Icon";

type Props = {
  title: ReactNode;
  label: string;
  save: string;
  saving: boolean;
  mayWrite: boolean;
  /** Why it cannot be saved yet; '' when it can. */
  missing: string;
  failed: string;
  onSave: () => void;
  onClose: () => void;
  acts?: ReactNode;
  result?: ReactNode;
  children: ReactNode;
};

/** A form beside the list: what it is about, its fields, and the way out. Escape closes it. */
export function FormPanel(props: Props) {
  const { title, label, save, saving, mayWrite, missing, failed, onSave, onClose, acts, result, children } = props;
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    form.current?.querySelector<HTMLElement>("input, select, textarea")?.focus();
  }, []);
  useEffect(() => {
    const close = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !event.defaultPrevented) onClose();
    };
    window.addEventListener("keydown", close);
    return () => {
      window.removeEventListener("keydown", close);
    };
  }, [onClose]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (missing === "" && mayWrite) onSave();
  };
  return (
    <form ref={form} className="manage-form" aria-label={label} onSubmit={submit} noValidate>
      <div className="manage-form-scroll">
        <div className="manage-form-head">
          <h2>{title}</h2>
          <button type="button" className="button bare icon" aria-label="Close" onClick={onClose}>
            <Icon name="close" />
          </button>
        </div>
        {children}
      </div>
      <div className="manage-form-foot">
        {failed && (
          <p className="form-wrong" role="alert">
            {failed}
          </p>
        )}
        <div className="manage-form-acts">
          <button
            type="submit"
            className="button primary"
            disabled={!mayWrite || missing !== "" || saving}
            title={mayWrite ? missing : "Changing this needs an API key that may write"}
          >
            {saving ? "Saving" : save}
          </button>
          {acts}
        </div>
        {result}
      </div>
    </form>
  );
}
