import { Failure } from "../data/ask";
import { clock } from "../format/time";
import { LevelMark } from "../levels/LevelMark";

import { Notice } from "./Notice";

type Question = {
  error: Error | null;
  dataUpdatedAt: number;
  data: unknown;
  refetch: () => unknown;
  isFetching: boolean;
};

/** One line over old data: what could not be read, how old the data is that is still shown, and a way to retry. */
export function FailedLine({ what, question }: { what: string; question: Question }) {
  if (!question.error || question.data === undefined) return null;
  return (
    <div className="failed" role="alert">
      <b>
        <LevelMark level="ERROR" /> {what} could not be read
      </b>
      <span className="second">
        {reason(question.error)} Shown: {clock(question.dataUpdatedAt)}.
      </span>
      <Retry question={question} />
    </div>
  );
}

/** The same where there is no old data to keep. */
export function FailedPage({ what, question }: { what: string; question: Question }) {
  return (
    <div role="alert">
      <Notice level="ERROR" title={`${what} could not be read`} action={<Retry question={question} />}>
        <p>{reason(question.error)}</p>
      </Notice>
    </div>
  );
}

function reason(error: Error | null): string {
  if (error instanceof Failure && error.kind === "unreachable")
    return "The server does not answer. It is asked again every few seconds.";
  return error?.message ?? "";
}

function Retry({ question }: { question: Question }) {
  return (
    <button type="button" className="button" disabled={question.isFetching} onClick={() => void question.refetch()}>
      {question.isFetching ? "Retrying" : "Retry now"}
    </button>
  );
}
