import type { useTestChannel } from "../data/channels";
import { saidOf } from "../manage/failure";

/** How the test message went. */
export function TestResult({ test }: { test: ReturnType<typeof useTestChannel> }) {
  if (test.isPending)
    return (
      <p className="form-result" role="status">
        Sending
      </p>
    );
  if (test.error)
    return (
      <p className="form-result is-bad" role="alert">
        {saidOf(test.error)}
      </p>
    );
  if (!test.data) return null;
  const { delivered, error, permanent, seconds } = test.data;
  return delivered ? (
    <p className="form-result is-good" role="status">
      Delivered in {seconds.toFixed(1)} s
    </p>
  ) : (
    <p className="form-result is-bad" role="alert">
      Not delivered: {error}. {permanent ? "Trying again will not help." : "It may work later."}
    </p>
  );
}
