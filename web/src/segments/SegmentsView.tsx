import type { UseQueryResult } from "@tanstack/react-query";

import type { ModelDetail, ModelKey } from "../data/model";
import type { Segment } from "../data/segments";
import { Raised } from "../fleet/Raised";
import { compact, exact, NOTHING, statistic } from "../format/number";
import { at, day } from "../format/time";
import type { SegmentsQuery } from "../graphql/graphql";
import { isRaised } from "../levels/level";
import { LevelWord } from "../levels/LevelWord";
import { modelPath } from "../navigation/address";
import { Link } from "../navigation/Link";
import { useChangeSearch, useSearch, withSearch } from "../navigation/location";
import { FailedLine, FailedPage } from "../pieces/Failed";
import { Name } from "../pieces/Name";
import { Notice } from "../pieces/Notice";
import { Skeleton } from "../pieces/Skeleton";

import { CausesPart } from "./CausesPart";
import { addressOf } from "./SegmentPicker";
import { SegmentPerformance } from "./SegmentPerformance";
import { segmentsSentence } from "./words";
import { WorstSegments } from "./WorstSegments";
import "./segments.css";

type Props = { model: ModelDetail; modelKey: ModelKey; question: UseQueryResult<SegmentsQuery>; cut: boolean };

/** Drift and performance of every segment, and on request where the model is worst and what may be behind a drop. */
export function SegmentsView({ model, modelKey, question, cut }: Props) {
  return (
    <>
      <DriftBySegment model={model} question={question} cut={cut} />
      <SegmentPerformance modelKey={modelKey} />
      <WorstSegments modelKey={modelKey} />
      <CausesPart modelKey={modelKey} />
    </>
  );
}

type DriftProps = Omit<Props, "modelKey">;

/** Every segment with its state, the worst first; a press shows its drift. */
function DriftBySegment({ model, question, cut }: DriftProps) {
  const change = useChangeSearch();
  if (!cut) {
    return (
      <Notice
        title="This model is not cut into segments"
        action={
          <button
            type="button"
            className="button"
            onClick={() => {
              change({ tab: "settings" });
            }}
          >
            Choose columns
          </button>
        }
      >
        <p>
          A tag or a category, such as a region, cuts a model into segments. Each is watched by itself, and where all
          rows drift the page says which segments carry it.
        </p>
      </Notice>
    );
  }
  const segments = question.data?.model?.segments;
  if (question.isError && !segments) return <FailedPage what="The segments" question={question} />;
  if (!segments) return <SegmentsSkeleton />;
  return (
    <section aria-label="Segments">
      <FailedLine what="The segments" question={question} />
      <div className="segments-answer">
        <p className="drift-sentence">{segmentsSentence(segments)}</p>
        <p className="quiet small">
          {segments.columns
            .map((column) => column.told.charAt(0).toUpperCase() + column.told.slice(1))
            .filter(Boolean)
            .join(". ")}
          {segments.columns.some((column) => column.told) ? ". " : ""}
          At most {exact(segments.limit)} are watched; all share the alarm budget of the model.
        </p>
      </div>
      {segments.segments.length > 0 && (
        <table className="plain-table segments-table">
          <thead>
            <tr>
              <th scope="col">State</th>
              <th scope="col">Segment</th>
              <th scope="col">What is raised</th>
              <th scope="col" className="number">
                Rows in window
              </th>
              <th scope="col" className="number">
                Drifted columns
              </th>
              <th scope="col" className="number">
                Largest PSI
              </th>
              <th scope="col" className="number">
                Since
              </th>
            </tr>
          </thead>
          <tbody>
            {segments.segments.map((segment) => (
              <Row key={segment.key} model={model} segment={segment} all={segments.segments} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Row({ model, segment, all }: { model: ModelDetail; segment: Segment; all: readonly Segment[] }) {
  const search = useSearch();
  const to = modelPath(model.id) + withSearch(search, { tab: null, segment: addressOf(segment, all) });
  return (
    <tr>
      <td>
        <LevelWord level={segment.level} />
      </td>
      <td>
        <Link to={to} className="strong-link">
          <Name name={segment.label} limit={40} />
        </Link>
      </td>
      <td className="second">{segment.building ? "Its past rows are being counted" : <Raised model={segment} />}</td>
      <td className="number" title={`${exact(segment.rows)} rows, reference ${exact(segment.referenceRows)}`}>
        {compact(segment.rows)}
      </td>
      <td className={segment.drifted ? "number" : "number quiet"}>{segment.drifted}</td>
      <td className="number">{statistic(segment.largest)}</td>
      <td className="number quiet">
        {segment.since && (isRaised(segment.level) || segment.level === "NOTICE") ? day(at(segment.since)) : NOTHING}
      </td>
    </tr>
  );
}

function SegmentsSkeleton() {
  return (
    <div className="segments-loading" aria-busy="true" aria-label="Reading the segments">
      {[320, 560, 560, 560, 560].map((width, index) => (
        <Skeleton key={index} width={width} />
      ))}
    </div>
  );
}
