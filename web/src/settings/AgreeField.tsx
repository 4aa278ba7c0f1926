import { AGREE, type Draft } from "./fields";

type Props = {
  draft: Draft;
  usual: { k: string; n: string };
  error: string;
  disabled: boolean;
  onChange: (part: Partial<Draft>) => void;
};

/** k of n windows in one line, for neither number says anything alone. */
export function AgreeField({ draft, usual, error, disabled, onChange }: Props) {
  const [k, n] = AGREE;
  const entry = (name: "k" | "n", label: string) => (
    <span className="field setting-number setting-small">
      <input
        inputMode="numeric"
        autoComplete="off"
        aria-label={label}
        aria-invalid={error !== ""}
        aria-describedby="setting-agree-note"
        value={draft[name]}
        placeholder={usual[name]}
        disabled={disabled}
        onChange={(event) => {
          onChange({ [name]: event.target.value });
        }}
      />
    </span>
  );
  return (
    <div className={`setting ${error ? "is-wrong" : ""}`} role="group" aria-labelledby="setting-agree">
      <span id="setting-agree">Windows that must agree</span>
      <span className="setting-entry">
        {entry("k", k.label)}
        <span className="second">of the newest</span>
        {entry("n", n.label)}
        {(draft.k !== "" || draft.n !== "") && !disabled && (
          <button
            type="button"
            className="button bare setting-usual"
            onClick={() => {
              onChange({ k: "", n: "" });
            }}
          >
            Back to {usual.k} of {usual.n}
          </button>
        )}
      </span>
      <span id="setting-agree-note" className="setting-note small" role={error ? "alert" : undefined}>
        {error || "Windows that do not overlap."}
      </span>
    </div>
  );
}
