import type { UseQueryResult } from "@tanstack/react-query";
import { useMemo } from "react";

import { breaksOf } from "../charts/heatClass";
import type { DriftLine, DriftMap, ModelDetail } from "../data/model";
import type { Segments } from "../data/segments";
import type { DriftMetric, DriftQuery } from "../graphql/graphql";
import { at, lengthOf, moment, zone } from "../format/time";
import { LevelMark } from "../levels/LevelMark";
import { featurePath } from "../navigation/address";
import { goTo, useChangeSearch, useSearch, withSearch } from "../navigation/location";
import { writeRange } from "../navigation/timeRange";
import { FailedLine, FailedPage } from "../pieces/Failed";
import { Icon } from "../pieces/Icon";
import { Segmented } from "../pieces/Segmented";
import { Select } from "../pieces/Select";
import { SegmentPicker } from "../segments/SegmentPicker";

import { driftSentence } from "./driftSentence";
import { DriftTable } from "./DriftTable";
import { HeatLegend } from "./HeatLegend";
import { HeatMap } from "./HeatMap";
import { HeatSkeleton } from "./HeatSkeleton";
import { HeldBack, NoWindows } from "./HeldBack";
import { marksOf } from "./marks";
import { FURTHER, furtherFor, METRICS } from "./metric";
import type { Selection } from "./useSelection";

type Props = {
  model: ModelDetail | null | undefined;
  question: UseQueryResult<DriftQuery>;
  drift: DriftMap | undefined;
  metric: DriftMetric;
  selection: Selection;
  segments: Segments | undefined;
  segment: string;
};

/** The answer in a sentence, the metric switch, and the map of feature by time, or the same as a table. */
export function DriftView({ model, question, drift, metric, selection, segments, segment }: Props) {
  const search = useSearch();
  const change = useChangeSearch();
  const breaks = useMemo(
    () => breaksOf(drift?.metric ?? metric, drift?.thresholdWarning ?? null, drift?.thresholdCritical ?? null),
    [drift, metric],
  );
  const marks = useMemo(() => (model && drift ? marksOf(model, drift) : []), [model, drift]);
  if (model && !model.reference && model.holdTarget > 0) return <HeldBack model={model} />;
  if (question.isError && !drift) return <FailedPage what="Drift" question={question} />;
  const asTable = search.get("view") === "table";
  const open = (line: DriftLine) => {
    goTo(
      featurePath(model?.id ?? "", line.role, line.name) +
        withSearch(search, { feature: null, role: null, metric: null, panel: null, view: null, tab: null }),
    );
  };
  return (
    <section className="drift" aria-label="Drift">
      <FailedLine what="Drift" question={question} />
      <div className="drift-controls">
        <Segmented
          label="Metric"
          choices={METRICS}
          value={metric}
          onChange={(value) => {
            change({ metric: value === "PSI" ? null : value.toLowerCase() });
          }}
        />
        <Select
          aria-label="More metrics"
          className={FURTHER.some((each) => each.value === metric) ? "is-chosen" : ""}
          value={FURTHER.some((each) => each.value === metric) ? metric : ""}
          onChange={(event) => {
            change({ metric: event.target.value.toLowerCase() || null });
          }}
        >
          <option value="">More</option>
          {furtherFor(model?.columns ?? []).map((each) => (
            <option key={each.value} value={each.value} title={each.title}>
              {each.text}
            </option>
          ))}
        </Select>
        <SegmentPicker segments={segments} value={segment} />
        {model && (
          <Select
            aria-label="Rank by"
            value={selection.rank}
            onChange={(event) => {
              change({ rank: event.target.value }, { replace: true });
            }}
          >
            <option value="now">Rank by state now</option>
            <option value="peak">Rank by worst in this range</option>
          </Select>
        )}
        <button
          type="button"
          className="button bare drift-as-table"
          aria-pressed={asTable}
          onClick={() => {
            change({ view: asTable ? null : "table" });
          }}
        >
          <Icon name="table" />
          {asTable ? "As a map" : "As a table"}
        </button>
      </div>
      <div className="drift-answer">
        <div>
          <p className="drift-sentence">{drift && model ? driftSentence(drift) : "\u2009"}</p>
          {model && (
            <p className="quiet small">
              Windows of {lengthOf(model.windowSeconds)} every {lengthOf(model.gridSeconds)}; newest event{" "}
              {model.live ? "now" : moment(at(model.now))}, {zone(at(model.now))}.
            </p>
          )}
          {model?.reference?.waiting && (
            <p className="small drift-waiting">
              <LevelMark level="INSUFFICIENT_DATA" /> {model.reference.waiting}.
            </p>
          )}
        </div>
        {!asTable && <HeatLegend metric={metric} breaks={breaks} />}
      </div>
      {!drift || !model ? (
        <HeatSkeleton />
      ) : drift.times.length === 0 ? (
        <NoWindows
          model={model}
          onWhole={() => {
            change({ range: "all", start: null, end: null });
          }}
        />
      ) : asTable ? (
        <DriftTable model={model} drift={drift} />
      ) : (
        <HeatMap
          drift={drift}
          breaks={breaks}
          marks={marks}
          selected={selection.row}
          column={selection.column}
          pinned={selection.end !== null}
          summary={driftSentence(drift)}
          onSelect={selection.select}
          onOpen={open}
          onRange={(range) => {
            change({ range: range ? writeRange({ kind: "between", ...range }) : null, start: null });
          }}
        />
      )}
    </section>
  );
}
