import { Select } from "../pieces/Select";

type Part = { task?: string; positiveLabel?: string };

type Props = {
  task: string;
  positiveLabel: string;
  /** What was found out by itself. */ inferred: { task: string; positiveLabel: string };
  error: string;
  onChange: (part: Part) => void;
};

const TASKS: readonly [string, string][] = [
  ["binary", "Two classes"],
  ["multiclass", "Several classes"],
  ["regression", "Numbers"],
  ["ranking", "Rankings"],
];

/** What the model predicts, and which label counts as positive. */
export function OutcomeFields({ task, positiveLabel, inferred, error, onChange }: Props) {
  const word = TASKS.find(([value]) => value === inferred.task)?.[1].toLowerCase();
  const labelled = (task || inferred.task) !== "regression" && (task || inferred.task) !== "ranking";
  return (
    <>
      <div className={`setting ${error ? "is-wrong" : ""}`}>
        <label htmlFor="setting-task">What it predicts</label>
        <span className="setting-entry">
          <Select
            id="setting-task"
            value={task}
            onChange={(event) => {
              onChange({ task: event.target.value });
            }}
          >
            <option value="">Automatic{task === "" && word ? `, ${word} now` : ""}</option>
            {TASKS.map(([value, text]) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </Select>
        </span>
      </div>
      {labelled && (
        <div className={`setting ${error ? "is-wrong" : ""}`}>
          <label htmlFor="setting-positive">Positive label</label>
          <span className="setting-entry">
            <span className="field setting-word">
              <input
                id="setting-positive"
                autoComplete="off"
                placeholder={inferred.positiveLabel || "found by itself"}
                value={positiveLabel}
                onChange={(event) => {
                  onChange({ positiveLabel: event.target.value });
                }}
              />
            </span>
          </span>
          <span className="setting-note small" role={error ? "alert" : undefined}>
            {error || "Changing it counts all outcomes anew."}
          </span>
        </div>
      )}
      {!labelled && error && (
        <p className="settings-wrong small" role="alert">
          {error}
        </p>
      )}
    </>
  );
}
