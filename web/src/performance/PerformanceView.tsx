import type { ModelDetail, ModelKey } from "../data/model";
import { useCloseUp, usePerformance, type Figure, type Performance, type PerformanceAnswer } from "../data/performance";
import type { Segments } from "../data/segments";
import { at } from "../format/time";
import type { Stretch } from "../model/useBounds";
import { modelPath } from "../navigation/address";
import { Link } from "../navigation/Link";
import { useChangeSearch, useSearch, withSearch } from "../navigation/location";
import { FailedLine, FailedPage } from "../pieces/Failed";
import { Notice } from "../pieces/Notice";
import { Skeleton } from "../pieces/Skeleton";
import { SegmentPicker } from "../segments/SegmentPicker";

import { CloseUpView } from "./CloseUpView";
import { HeadlineTiles } from "./HeadlineTiles";
import { LabelsSection } from "./LabelsSection";
import { NoOutcomes } from "./NoOutcomes";
import { OutcomesOverTime } from "./OutcomesOverTime";
import { TargetSection } from "./TargetSection";
import { awaitedText, baselineText, foretoldText, metricOf, performanceSentence, usualMetric } from "./words";
import "../feature/feature.css";
import "../segments/segments.css";
import "./performance.css";

type Props = {
  model: ModelDetail;
  modelKey: ModelKey;
  stretch: Stretch;
  segments: Segments | undefined;
  segment: string;
};

/** How good the version was: the answer, one metric over time with its labels, and one window close up. */
export function PerformanceView({ model, modelKey, stretch, segments, segment }: Props) {
  const search = useSearch();
  const asked = search.get("measure") ?? usualMetric(model.task);
  const open = stretch.now !== "";
  const { bounds, now } = stretch;
  const first = usePerformance(modelKey, { metric: asked, bounds, segment }, now, open);
  const metric = metricOf(first.data?.model?.performance.metrics ?? [], asked);
  // The same question unless the model has no metric of that name; then its answer is already there.
  const question = usePerformance(modelKey, { metric, bounds, segment }, now, open);
  const performance = question.data?.model?.performance;
  if (question.isError && !performance) return <FailedPage what="Performance" question={question} />;
  return (
    <div className="performance">
      <FailedLine what="Performance" question={question} />
      {(segments?.segments.length ?? 0) > 0 || segment !== "" ? (
        <div className="segment-bar">
          <SegmentPicker segments={segments} value={segment} />
          {segment !== "" && (
            <span className="quiet small">
              Counted when it is asked for, on 60 windows at most. Nobody is alerted of a segment.
            </span>
          )}
        </div>
      ) : null}
      {performance ? (
        <Shown
          model={model}
          modelKey={modelKey}
          segment={segment}
          answer={question.data?.model ?? null}
          metric={metric}
        />
      ) : (
        <PerformanceSkeleton />
      )}
    </div>
  );
}

type ShownProps = {
  model: ModelDetail;
  modelKey: ModelKey;
  segment: string;
  answer: PerformanceAnswer | null;
  metric: string;
};

function Shown({ model, modelKey, segment, answer, metric }: ShownProps) {
  const search = useSearch();
  const change = useChangeSearch();
  const performance = answer?.performance ?? null;
  const windows = performance?.windows ?? [];
  const usual = performance?.newest ?? windows.length - 1;
  const wanted = search.get("end");
  const found = wanted === null ? -1 : windows.findIndex((each) => at(each.end) === at(wanted));
  const pinned = found < 0 ? usual : found;
  const closeUp = useCloseUp(modelKey, segment, windows[pinned]?.end ?? null);
  const newest = useCloseUp(modelKey, segment, windows[usual]?.end ?? null);
  if (!answer || !performance) return null;
  // The first sentence rests on the newest window: everything appears at once, so that nothing moves.
  if (newest.isLoading) return <PerformanceSkeleton />;
  const facts = performance.metrics.find((each) => each.metric === metric);
  const line = answer.chosen.lines.find((each) => each.metric === metric && each.label === "");
  const shownUp = closeUp.data?.model?.performance.window;
  const stale = shownUp !== null && shownUp !== undefined && shownUp.window.end !== windows[pinned]?.end;
  const isNewest = pinned === usual;
  const drawn = windows.length > 0 && performance.metrics.length > 0;
  // The two questions are asked in one, but a window may be checked in between.
  const together = answer.chosen.windows.length === windows.length;
  const pick = (index: number) => {
    change({ end: index === usual ? null : windows[index].end }, { replace: true });
  };
  return (
    <>
      {performance.state === "ready" && performance.metrics.length === 0 ? (
        <Notice level="NO_DATA" title={segment === "" ? "No metric yet" : "No outcomes of this segment"}>
          <p>
            {segment === ""
              ? "Labels have come, but none of a kind that a metric can be counted from."
              : "No prediction of this stretch of time has been counted for this segment."}
          </p>
        </Notice>
      ) : performance.state === "ready" ? (
        <Answered
          id={model.id}
          performance={performance}
          figures={newest.data?.model?.performance.window?.figures ?? []}
          foretold={foretoldText(windows, line, facts)}
        />
      ) : (
        <NoOutcomes model={model} performance={performance} />
      )}
      {drawn && (
        <>
          <HeadlineTiles
            performance={performance}
            figures={shownUp?.figures ?? null}
            stale={stale}
            window={windows[pinned]}
            metric={metric}
            onMetric={(next) => {
              change({ measure: next === usualMetric(model.task) ? null : next }, { replace: true });
            }}
          />
          <OutcomesOverTime
            windows={windows}
            line={together ? line : undefined}
            facts={facts}
            title={facts?.title ?? ""}
            pinned={pinned}
            onPick={pick}
          />
          <CloseUpView
            question={closeUp}
            window={windows[pinned]}
            metrics={performance.metrics}
            isNewest={isNewest}
            onNewest={() => {
              pick(usual);
            }}
          />
          {performance.target && (
            <TargetSection
              target={performance.target}
              windows={windows}
              pinned={pinned}
              warning={answer.settings.psiWarning ?? answer.settingDefaults.psiWarning}
              critical={answer.settings.psiCritical ?? answer.settingDefaults.psiCritical}
            />
          )}
        </>
      )}
      {performance.state !== "off" && (
        <LabelsSection
          labels={performance.labels}
          delays={shownUp && drawn ? shownUp.delays : null}
          window={drawn ? windows[pinned] : null}
        />
      )}
    </>
  );
}

type AnsweredProps = { id: string; performance: Performance; figures: readonly Figure[]; foretold: string };

/** The page's answer first, then what it rests on. */
function Answered({ id, performance, figures, foretold }: AnsweredProps) {
  const search = useSearch();
  const awaited = awaitedText(performance.windows);
  return (
    <div className="performance-answer">
      <p className="drift-sentence">{performanceSentence(performance, figures)}</p>
      {foretold !== "" && <p className="is-estimated">{foretold}</p>}
      <p className="quiet small">
        {baselineText(performance.baseline)} {awaited}
        {performance.conceptDrift && (
          <>
            {" "}
            The stream of errors has changed in this range:{" "}
            <Link to={modelPath(id) + withSearch(search, { tab: "concept", end: null })} className="text-link">
              see concept drift
            </Link>
            .
          </>
        )}
      </p>
    </div>
  );
}

function PerformanceSkeleton() {
  return (
    <div aria-busy="true" aria-label="Reading the performance">
      <div className="performance-answer">
        <p className="drift-sentence">
          <Skeleton width={380} />
        </p>
        <p className="small">
          <Skeleton width={280} />
        </p>
      </div>
      <div className="metric-tiles">
        {[0, 1, 2].map((each) => (
          <div key={each} className="metric-tile is-loading">
            <Skeleton width={88} />
          </div>
        ))}
      </div>
      <div className="feature-section">
        <div className="loading-block performance-loading" />
      </div>
    </div>
  );
}
