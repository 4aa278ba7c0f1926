import type { ModelDetail } from "../data/model";
import { exact } from "../format/number";
import { lengthOf } from "../format/time";
import { Notice } from "../pieces/Notice";

/** A model without a reference: how far it is, and the one line that ends the waiting. */
export function HeldBack({ model }: { model: ModelDetail }) {
  const share = Math.min(1, model.heldRows / model.holdTarget);
  return (
    <Notice level="INSUFFICIENT_DATA" title={`${exact(model.heldRows)} of ${exact(model.holdTarget)} rows`}>
      <p>
        Drift needs something to compare with. The first {exact(model.holdTarget)} rows become the reference of this
        model; until then nothing is judged, and nothing is lost.
      </p>
      <svg
        className="held-bar"
        width="320"
        height="6"
        role="img"
        aria-label={`${String(Math.round(share * 100))} percent`}
      >
        <rect width="320" height="6" rx="3" fill="var(--line)" />
        <rect width={Math.max(4, 320 * share)} height="6" rx="3" fill="var(--c-window)" />
      </svg>
      <p>Training data is better. One line sets it:</p>
      <pre className="held-code">
        <code>{`client.set_reference(frame,
    model_id=${JSON.stringify(model.id)},
    model_version=${JSON.stringify(model.version)})`}</code>
      </pre>
    </Notice>
  );
}

/** A stretch of time without a single window. */
export function NoWindows({ model, onWhole }: { model: ModelDetail; onWhole: () => void }) {
  return (
    <Notice
      level="NO_DATA"
      title="No window in this stretch of time"
      action={
        <button type="button" className="button" onClick={onWhole}>
          Show everything
        </button>
      }
    >
      <p>
        A window of {lengthOf(model.windowSeconds)} is checked when predictions fall into it; under{" "}
        {exact(model.minRows)} rows it is not judged.
      </p>
    </Notice>
  );
}
