import type { UseQueryResult } from "@tanstack/react-query";

import type { MetricFacts, OutcomeWindow } from "../data/performance";
import { exact } from "../format/number";
import type { CloseUpQuery } from "../graphql/graphql";
import { FailedLine, FailedPage } from "../pieces/Failed";
import { Skeleton } from "../pieces/Skeleton";

import { ClassTable } from "./ClassTable";
import { ConfusionTable } from "./ConfusionTable";
import { CurveChart } from "./CurveChart";
import { ErrorChart } from "./ErrorChart";
import { FigureTable } from "./FigureTable";
import { ReliabilityChart } from "./ReliabilityChart";
import { ScoreChart } from "./ScoreChart";
import { SegmentFigures } from "./SegmentFigures";
import { coverageText, windowText } from "./words";

type Props = {
  question: UseQueryResult<CloseUpQuery>;
  window: OutcomeWindow;
  metrics: readonly MetricFacts[];
  isNewest: boolean;
  onNewest: () => void;
};

/** The chosen window close up: its metrics, what was mistaken for what, its scores, errors and delays. */
export function CloseUpView({ question, window, metrics, isNewest, onNewest }: Props) {
  const closeUp = question.data?.model?.performance.window;
  const facts = `${exact(Math.round(window.labelled))} of ${exact(Math.round(window.seen))} predictions; ${coverageText(window)}.`;
  return (
    <section className="close-up" aria-label="Window close up">
      <div className="section-head close-up-head">
        <h2>Window {windowText(window)}</h2>
        <span className="quiet small">{facts}</span>
        {!isNewest && (
          <button type="button" className="plain-link" onClick={onNewest}>
            Back to the newest with labels
          </button>
        )}
      </div>
      {!window.mature && window.labelled > 0 && (
        <p className="second close-up-note">
          The labels of this window are still coming, and those that come first may be of one kind: figures so far can
          mislead, and are not judged.
        </p>
      )}
      {question.isError && !closeUp ? (
        <FailedPage what="The window" question={question} />
      ) : !closeUp ? (
        <CloseUpSkeleton />
      ) : (
        <>
          <FailedLine what="The window" question={question} />
          {closeUp.figures.length === 0 ? (
            <p className="quiet close-up-note">No prediction of this window has a label yet.</p>
          ) : (
            <div
              className={closeUp.window.end === window.end ? "close-up-grid" : "close-up-grid is-stale"}
              aria-busy={closeUp.window.end !== window.end}
            >
              <FigureTable figures={closeUp.figures} metrics={metrics} settled={window.mature} />
              {closeUp.confusion && (
                <ConfusionTable confusion={closeUp.confusion} baseline={closeUp.baselineConfusion} />
              )}
              <ClassTable figures={closeUp.figures} task={closeUp.task} />
              <ReliabilityChart closeUp={closeUp} />
              <CurveChart closeUp={closeUp} kind="roc" />
              <CurveChart closeUp={closeUp} kind="pr" />
              <ScoreChart closeUp={closeUp} />
              <ErrorChart closeUp={closeUp} />
              <SegmentFigures segments={closeUp.segments} metrics={metrics} />
            </div>
          )}
        </>
      )}
    </section>
  );
}

function CloseUpSkeleton() {
  return (
    <div className="close-up-grid" aria-busy="true" aria-label="Reading the window">
      {[0, 1, 2, 3].map((each) => (
        <div key={each} className="close-up-block">
          <Skeleton width={160} />
          <div className="loading-block is-tall" />
        </div>
      ))}
    </div>
  );
}
