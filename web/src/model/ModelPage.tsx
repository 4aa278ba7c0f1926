import { useMemo } from "react";

import { useDrift, useModel } from "../data/model";
import { counted } from "../format/number";
import { useChangeSearch, useSearch } from "../navigation/location";
import { FailedLine, FailedPage } from "../pieces/Failed";
import { Tabs } from "../pieces/Tabs";
import { NARROW, useMedia } from "../pieces/useMedia";
import { KeyHint } from "../shell/KeyHint";
import { MissingPage } from "../shell/MissingPage";
import { Page } from "../shell/Page";
import { TimeRangeMenu } from "../shell/TimeRangeMenu";

import { DriftView } from "./DriftView";
import { FeaturePanel } from "./FeaturePanel";
import { readMetric } from "./metric";
import { ModelAlerts } from "./ModelAlerts";
import { ModelHeader } from "./ModelHeader";
import { ranked, readRank } from "./rank";
import { SchemaChanges } from "./SchemaChanges";
import { useBounds } from "./useBounds";
import { useModelKey } from "./useModelAddress";
import { useSelection } from "./useSelection";
import "./model.css";

type Tab = "drift" | "alerts" | "changes";

/** One model: what drifts in it, since when, and its alerts. */
export function ModelPage({ id }: { id: string }) {
  const search = useSearch();
  const narrow = useMedia(NARROW);
  const change = useChangeSearch();
  const key = useModelKey(id);
  const question = useModel(key);
  const model = question.data?.model;
  const stretch = useBounds(model);
  const metric = readMetric(search.get("metric"));
  const drift = useDrift(key, metric, stretch.bounds, stretch.now, Boolean(model));
  const rank = readRank(search, model?.live ?? false);
  const answered = drift.data?.model?.drift;
  const map = useMemo(() => answered && ranked(answered, rank), [answered, rank]);
  const selection = useSelection(map, rank, stretch.bounds.end !== null);
  if (model === null)
    return <MissingPage what={`There is no model called ${id || "(empty name)"} in ${key.environment}`} />;
  const tab: Tab = search.get("tab") === "alerts" ? "alerts" : search.get("tab") === "changes" ? "changes" : "drift";
  const open = model?.alerts.filter((alert) => alert.status !== "RESOLVED").length ?? 0;
  const tabs = [
    {
      value: "drift" as const,
      text: "Drift",
      ...(map && map.critical + map.warning > 0 ? { badge: map.critical + map.warning } : {}),
    },
    { value: "alerts" as const, text: "Alerts", ...(open ? { badge: open } : {}) },
    ...(model?.schemaChanges.length
      ? [{ value: "changes" as const, text: "Schema changes", badge: model.schemaChanges.length }]
      : []),
  ];
  // On narrow screens the panel lies over the map, so it waits until somebody chooses a line.
  const showPanel =
    tab === "drift" && model?.reference && selection.line !== null && (!narrow || search.get("feature") !== null);
  return (
    <Page
      crumbs={[{ text: "Fleet", to: "/" }, { text: id }]}
      range={
        tab === "drift" && model?.reference ? (
          <TimeRangeMenu range={stretch.range} start={stretch.start} end={stretch.end} />
        ) : undefined
      }
      side={
        showPanel ? <FeaturePanel model={model} modelKey={key} stretch={stretch} selection={selection} /> : undefined
      }
      footer={
        <>
          <span>
            {map && map.lines.length > 0
              ? `${counted(map.lines.length, "column")}, ${counted(map.times.length, "window")}`
              : ""}
          </span>
          {tab === "drift" && model?.reference && (
            <span className="footer-keys">
              <KeyHint keys={["↑", "↓"]} what="feature" />
              <KeyHint keys={["←", "→"]} what="time" />
              <KeyHint keys={["+", "−"]} what="zoom" />
              <KeyHint keys={["Enter"]} what="open" />
              <KeyHint keys={["?"]} what="all keys" />
            </span>
          )}
        </>
      }
    >
      <FailedLine what="The model" question={question} />
      {question.isError && !question.data ? (
        <FailedPage what="The model" question={question} />
      ) : (
        <>
          <ModelHeader id={id} model={model} />
          <div className="model-tabs">
            <Tabs
              label="Parts of this model"
              tabs={tabs}
              value={tab}
              onChange={(next) => {
                change({ tab: next === "drift" ? null : next });
              }}
            />
          </div>
          {tab === "drift" && (
            <DriftView model={model} question={drift} drift={map} metric={metric} selection={selection} />
          )}
          {tab === "alerts" && model && <ModelAlerts alerts={model.alerts} />}
          {tab === "changes" && model && <SchemaChanges changes={model.schemaChanges} />}
        </>
      )}
    </Page>
  );
}
