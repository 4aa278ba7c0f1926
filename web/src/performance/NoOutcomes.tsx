import type { ModelDetail } from "../data/model";
import type { Performance } from "../data/performance";
import { useChangeSearch } from "../navigation/location";
import { Notice } from "../pieces/Notice";

import { actualLines } from "./actualLines";
import { awaitedText, labelsText } from "./words";

/** Why nothing is judged yet, and the one thing to do about it. */
export function NoOutcomes({ model, performance }: { model: ModelDetail; performance: Performance }) {
  const change = useChangeSearch();
  const { state, reason } = performance;
  if (state === "no_labels" || (state === "waiting" && performance.labels.matched === 0)) {
    return (
      <Notice level="NO_DATA" title="No labels yet">
        <p>
          How good the model is shows when it is known what came true. Send that whenever it is known, before or after
          the prediction, up to {performance.labels.horizonDays} days later:
        </p>
        <pre className="held-code">
          <code>{actualLines(model.id, model.task)}</code>
        </pre>
        <p>A later one for the same prediction corrects it. {labelsText(performance.labels)}</p>
      </Notice>
    );
  }
  if (state === "waiting") {
    return (
      <Notice
        level="NO_DATA"
        title="No labels in this stretch of time"
        action={
          <button
            type="button"
            className="button"
            onClick={() => {
              change({ range: "all", start: null, end: null });
            }}
          >
            Show everything
          </button>
        }
      >
        <p>{sentence(reason)}</p>
      </Notice>
    );
  }
  if (state === "immature") {
    return (
      <div className="performance-answer">
        <p className="drift-sentence">Labels are still coming, so nothing is judged yet. {sentence(reason)}</p>
        <p className="quiet small">{awaitedText(performance.windows)}</p>
      </div>
    );
  }
  const title = { building: "Outcomes are being counted", off: "Performance is not counted yet" }[state];
  return (
    <Notice level="INSUFFICIENT_DATA" title={title ?? "Nothing to show yet"}>
      <p>{sentence(reason)}</p>
      {state === "off" && (
        <>
          <p>A reference that knows what came true is the best baseline. One line sets it:</p>
          <pre className="held-code">
            <code>{`client.set_reference(frame, actual_${kindOf(model.task)}="...",\n    model_id=${JSON.stringify(model.id)},\n    model_version=${JSON.stringify(model.version)})`}</code>
          </pre>
        </>
      )}
    </Notice>
  );
}

function kindOf(task: string): string {
  return task === "regression" ? "value" : "label";
}

function sentence(text: string): string {
  if (text === "") return "";
  const upper = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(upper) ? upper : `${upper}.`;
}
