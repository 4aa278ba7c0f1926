import type { ReactNode } from "react";

import { LevelMark } from "../levels/LevelMark";
import { Skeleton } from "../pieces/Skeleton";

type Question = { error: Error | null; isFetching: boolean; data: unknown; refetch: () => unknown };

type Props = {
  what: string;
  action: string;
  /** What it does, and that it takes a while. */ help: string;
  question: Question;
  asked: boolean;
  onAsk: () => void;
  children: ReactNode;
};

/** Something that is looked for when somebody asks: a button before, bars meanwhile, and a way to ask again. */
export function Looked({ what, action, help, question, asked, onAsk, children }: Props) {
  if (!asked) {
    return (
      <div className="looked">
        <button type="button" className="button" onClick={onAsk}>
          {action}
        </button>
        <span className="quiet small">{help}</span>
      </div>
    );
  }
  if (question.data === undefined && !question.error) {
    return (
      <div className="segments-loading is-part" role="status" aria-busy="true" aria-label={`${what} goes on`}>
        {[360, 560, 560].map((width, index) => (
          <Skeleton key={index} width={width} />
        ))}
      </div>
    );
  }
  return (
    <>
      {question.error && (
        <p className="looked-failed" role="alert">
          <LevelMark level="ERROR" named />
          <span>
            {what} failed: {question.error.message}
          </span>
        </p>
      )}
      {children}
      <div className="looked">
        <button type="button" className="button" disabled={question.isFetching} onClick={() => void question.refetch()}>
          {question.isFetching ? "Looking" : "Look again"}
        </button>
      </div>
    </>
  );
}
