import type { MetricFacts, OutcomeWindow, PerformanceLine } from "../data/performance";
import { exact, percent } from "../format/number";
import { at, day } from "../format/time";
import { LevelMark } from "../levels/LevelMark";

import { changeText, intervalText, valueText } from "./words";

type Props = {
  line: PerformanceLine | undefined;
  facts: MetricFacts | undefined;
  window: OutcomeWindow;
  place: number;
};

/** The metric at the line: as realized, as estimated, and how far from the baseline. */
export function MetricReadout({ line, facts, window, place }: Props) {
  const value = line?.values[place] ?? null;
  const expected = line?.estimated[place] ?? null;
  const level = line?.levels[place] ?? null;
  const change = window.mature ? changeText(facts, value, line?.baseline ?? null) : "";
  return (
    <div className="lane-readout outcome-readout">
      <b className={window.mature ? "" : "is-awaited"}>{valueText(facts, value)}</b>
      <span className="quiet small">{intervalText(facts, line?.lows[place], line?.highs[place])}</span>
      {value !== null && (
        <span className="second small">{window.mature ? "realized" : "so far, labels still coming"}</span>
      )}
      {expected !== null && (
        <span className="small is-estimated">
          est. {valueText(facts, expected)}{" "}
          {intervalText(facts, line?.estimatedLows[place], line?.estimatedHighs[place])}
        </span>
      )}
      {change !== "" && (
        <span className="second small outcome-change">
          {level !== null && <LevelMark level={level} named />} {change} to the baseline
        </span>
      )}
    </div>
  );
}

/** How far the labels of the window are, and when they will all be there. */
export function CoverageReadout({ window }: { window: OutcomeWindow }) {
  return (
    <div className="lane-readout outcome-readout">
      <b>{percent(window.coverage)}</b>
      <span className="quiet small">
        {exact(Math.round(window.labelled))} of {exact(Math.round(window.seen))}
      </span>
      {!window.mature && (
        <span className="second small">
          {window.final === null ? "" : `about ${percent(window.final)} in the end`}
          {window.matureAt === null ? "" : `${window.final === null ? "" : ", "}by ${day(at(window.matureAt))}`}
        </span>
      )}
    </div>
  );
}
