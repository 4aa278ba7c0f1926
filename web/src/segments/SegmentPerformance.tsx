import { Whisker } from "../charts/Whisker";
import { useSegmentPerformance, type BySegment, type SegmentRow } from "../data/rootCause";
import type { ModelKey } from "../data/model";
import { compact, exact, NOTHING, percent, probability } from "../format/number";
import { at, moment, zone } from "../format/time";
import { LevelMark } from "../levels/LevelMark";
import { useChangeSearch, useSearch } from "../navigation/location";
import { FailedLine } from "../pieces/Failed";
import { Name } from "../pieces/Name";
import { Select } from "../pieces/Select";
import { Skeleton } from "../pieces/Skeleton";

import {
  axisFor,
  difference,
  FEW,
  figure,
  isCertain,
  isWorse,
  metricsOf,
  performanceSentence,
  tellingMetric,
} from "./performance";

/** How good the model is in each segment, against all rows; what is certainly worse comes first. */
export function SegmentPerformance({ modelKey }: { modelKey: ModelKey }) {
  const question = useSegmentPerformance(modelKey);
  const answer = question.data?.model?.segmentPerformance;
  return (
    <section className="segment-part" aria-label="Performance by segment">
      <h2>Performance by segment</h2>
      <FailedLine what="The performance of segments" question={question} />
      {!answer ? (
        question.isError ? (
          <p className="looked-failed" role="alert">
            <LevelMark level="ERROR" named />
            <span>It could not be read: {question.error.message}</span>
          </p>
        ) : (
          <Skeleton width={420} />
        )
      ) : answer.segments.length === 0 ? (
        <p className="second">{answer.reason ? sentence(answer.reason) : "No segment has labelled rows yet."}</p>
      ) : (
        <Answer answer={answer} />
      )}
    </section>
  );
}

/** The server's reason as a sentence; what is meant for its REST interface is left to the settings page. */
function sentence(reason: string): string {
  const said = reason.split(": PATCH")[0];
  return `${said.charAt(0).toUpperCase()}${said.slice(1)}.`;
}

function Answer({ answer }: { answer: BySegment }) {
  const search = useSearch();
  const change = useChangeSearch();
  const metrics = metricsOf(answer);
  const usual = tellingMetric(answer);
  const asked = search.get("measure");
  const metric = metrics.find((each) => each.value === asked)?.value ?? usual;
  const axis = axisFor(answer, metric);
  const whole = answer.whole?.metrics.find((each) => each.metric === metric) ?? null;
  const when = answer.end ? `Window to ${moment(at(answer.end))} ${zone(at(answer.end))}` : "";
  return (
    <>
      <p className="drift-sentence">{performanceSentence(answer)}</p>
      <p className="quiet small">
        {when}
        {answer.whole ? `, ${exact(answer.whole.rows)} labelled rows. ` : ". "}
        {answer.mature ? "" : "Its labels have not all come yet: figures may mislead. "}
        Certainly worse: under 1{"\u2009"}% by chance, all segments and metrics counted.
      </p>
      <div className="segment-metric">
        <Select
          aria-label="Metric"
          value={metric}
          onChange={(event) => {
            change({ measure: event.target.value === usual ? null : event.target.value });
          }}
        >
          {metrics.map((each) => (
            <option key={each.value} value={each.value}>
              {each.text}
            </option>
          ))}
        </Select>
        <span className="legend">
          <span>
            <svg width="11" height="11" aria-hidden="true">
              <path d="M5.5 0V11" className="whisker-against" />
            </svg>
            all rows, {figure(whole?.value)}
          </span>
        </span>
      </div>
      <table className="plain-table segment-figures">
        <thead>
          <tr>
            <th scope="col">Segment</th>
            <th scope="col" className="number">
              Labelled rows
            </th>
            <th scope="col" className="number">
              Share
            </th>
            <th scope="col" className="number">
              {metrics.find((each) => each.value === metric)?.text}
            </th>
            <th scope="col">95{"\u2009"}% interval</th>
            <th scope="col" className="number">
              To all rows
            </th>
            <th scope="col" className="number">
              p, by chance
            </th>
            <th scope="col">Verdict</th>
          </tr>
        </thead>
        <tbody>
          {answer.segments.map((segment) => (
            <Row key={segment.key} segment={segment} metric={metric} axis={axis} whole={whole?.value ?? null} />
          ))}
        </tbody>
      </table>
    </>
  );
}

type RowProps = {
  segment: SegmentRow;
  metric: string;
  axis: ReturnType<typeof axisFor>;
  whole: number | null;
};

function Row({ segment, metric, axis, whole }: RowProps) {
  const mine = segment.metrics.find((each) => each.metric === metric);
  const few = segment.rows < FEW;
  const others = segment.metrics.filter((each) => each.worse && each.metric !== metric);
  return (
    <tr className={few ? "is-few" : ""}>
      <td>
        <b>
          <Name name={segment.label} limit={40} />
        </b>
      </td>
      <td className="number" data-label="Labelled rows">
        {compact(segment.rows)}
      </td>
      <td className="number second" data-label="Share">
        {percent(segment.share)}
      </td>
      <td className="number" data-label={mine?.title ?? "Value"}>
        {figure(mine?.value)}
      </td>
      <td
        className="segment-interval"
        title={mine && mine.low !== null ? `${figure(mine.low)} to ${figure(mine.high)}` : ""}
      >
        {mine && (
          <Whisker
            value={mine.value}
            low={mine.low}
            high={mine.high}
            axis={axis}
            against={whole}
            tone={few ? "is-few" : ""}
            width={160}
          />
        )}
        <span className="hidden">{mine && mine.low !== null ? `${figure(mine.low)} to ${figure(mine.high)}` : ""}</span>
      </td>
      <td className="number" data-label="To all rows">
        {mine && mine.difference !== null ? difference(mine.difference) : NOTHING}
      </td>
      <td className="number second" data-label="p, by chance">
        {mine && mine.p !== null ? probability(mine.p) : NOTHING}
      </td>
      <td className="segment-verdict">
        {few ? (
          <>
            <LevelMark level="INSUFFICIENT_DATA" /> Too few rows
          </>
        ) : mine?.worse ? (
          <b>
            <LevelMark level="NOTICE" /> Certainly worse
          </b>
        ) : isWorse(segment) ? (
          <>
            <LevelMark level="NOTICE" /> Worse in {others[0].title}
            {others.length > 1 ? ` and ${exact(others.length - 1)} more` : ""}
          </>
        ) : (
          <span className="quiet">{mine && isCertain(mine.p) ? "Certain, not worse" : "May be chance"}</span>
        )}
      </td>
    </tr>
  );
}
