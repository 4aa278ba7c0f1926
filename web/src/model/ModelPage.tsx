import { useMemo } from "react";

import { ConceptView } from "../concept/ConceptView";
import { useEvidence } from "../data/evidence";
import { useDrift, useModel } from "../data/model";
import { useSegments } from "../data/segments";
import { EvidenceView } from "../evidence/EvidenceView";
import { counted } from "../format/number";
import { isRaised } from "../levels/level";
import { useChangeSearch, useSearch } from "../navigation/location";
import { FairnessView } from "../fairness/FairnessView";
import { PerformanceView } from "../performance/PerformanceView";
import { FailedLine, FailedPage } from "../pieces/Failed";
import { QualityPanel } from "../quality/QualityPanel";
import { QualityView, useQuality } from "../quality/QualityView";
import { SegmentsView } from "../segments/SegmentsView";
import { SettingsView } from "../settings/SettingsView";
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
import { useBounds } from "./useBounds";
import { useModelKey } from "./useModelAddress";
import { useSelection } from "./useSelection";
import "./model.css";

const TABS = [
  "drift",
  "performance",
  "concept",
  "fairness",
  "quality",
  "segments",
  "evidence",
  "alerts",
  "settings",
] as const;
type Tab = (typeof TABS)[number];

/** One model: what drifts in it, which rows cannot be used, its alerts and its settings. */
export function ModelPage({ id }: { id: string }) {
  const search = useSearch();
  const narrow = useMedia(NARROW);
  const change = useChangeSearch();
  const key = useModelKey(id);
  const question = useModel(key);
  const model = question.data?.model;
  const stretch = useBounds(model);
  const metric = readMetric(search.get("metric"));
  const asked = search.get("tab");
  const tab: Tab = TABS.find((each) => each === asked) ?? "drift";
  const segment = search.get("segment") ?? "";
  const cut = model !== null && model !== undefined && model.settings.segments.state !== "off";
  const segments = useSegments(key, cut);
  const critical = model?.settings.critical ?? false;
  const evidence = useEvidence(key, critical && tab === "evidence");
  const drift = useDrift(key, { metric, bounds: stretch.bounds, segment }, stretch.now, Boolean(model));
  const quality = useQuality(key, stretch, tab === "quality");
  const rank = readRank(search, model?.live ?? false);
  const answered = drift.data?.model?.drift;
  const map = useMemo(() => answered && ranked(answered, rank), [answered, rank]);
  const selection = useSelection(map, rank, stretch.bounds.end !== null);
  if (model === null)
    return <MissingPage what={`There is no model called ${id || "(empty name)"} in ${key.environment}`} />;
  const open = model?.alerts.filter((alert) => alert.status !== "RESOLVED").length ?? 0;
  const watched = segments.data?.model?.segments;
  const raised = watched?.segments.filter((each) => isRaised(each.level)).length ?? 0;
  const tabs = [
    {
      value: "drift" as const,
      text: "Drift",
      ...(map && map.critical + map.warning > 0 ? { badge: map.critical + map.warning } : {}),
    },
    { value: "performance" as const, text: "Performance" },
    { value: "concept" as const, text: "Concept drift" },
    { value: "fairness" as const, text: "Fairness" },
    { value: "quality" as const, text: "Quality" },
    { value: "segments" as const, text: "Segments", ...(raised ? { badge: raised } : {}) },
    ...(critical || tab === "evidence" ? [{ value: "evidence" as const, text: "Evidence" }] : []),
    { value: "alerts" as const, text: "Alerts", ...(open ? { badge: open } : {}) },
    { value: "settings" as const, text: "Settings" },
  ];
  // On narrow screens the panel lies over the map, so it waits until somebody chooses a line.
  const showPanel =
    tab === "drift" && model?.reference && selection.line !== null && (!narrow || search.get("feature") !== null);
  return (
    <Page
      crumbs={[{ text: "Fleet", to: "/" }, { text: id }]}
      range={
        ((tab === "drift" || tab === "fairness" || tab === "quality") && model?.reference) || tab === "performance" ? (
          <TimeRangeMenu range={stretch.range} start={stretch.start} end={stretch.end} />
        ) : undefined
      }
      side={
        showPanel ? (
          <FeaturePanel model={model} modelKey={key} stretch={stretch} selection={selection} />
        ) : tab === "quality" && model && quality.data?.model && search.get("kind") ? (
          <QualityPanel model={model} answer={quality.data.model} />
        ) : undefined
      }
      footer={
        <>
          <span>
            {map && map.lines.length > 0 && tab !== "performance" && tab !== "concept"
              ? `${counted(map.lines.length, "column")}, ${counted(map.times.length, "window")}`
              : ""}
          </span>
          {tab === "performance" && (
            <span className="footer-keys">
              <KeyHint keys={["←", "→"]} what="window (in the chart)" />
              <KeyHint keys={["?"]} what="all keys" />
            </span>
          )}
          {tab === "quality" && model?.reference && (
            <span className="footer-keys">
              <KeyHint keys={["↑", "↓", "←", "→"]} what="cell" />
              <KeyHint keys={["?"]} what="all keys" />
            </span>
          )}
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
                change({ tab: next === "drift" ? null : next, kind: null });
              }}
            />
          </div>
          {tab === "drift" && (
            <DriftView
              model={model}
              question={drift}
              drift={map}
              metric={metric}
              selection={selection}
              segments={watched}
              segment={segment}
            />
          )}
          {tab === "alerts" && model && <ModelAlerts alerts={model.alerts} />}
          {tab === "performance" && model && (
            <PerformanceView model={model} modelKey={key} stretch={stretch} segments={watched} segment={segment} />
          )}
          {tab === "concept" && model && <ConceptView model={model} modelKey={key} />}
          {tab === "fairness" && model && <FairnessView model={model} modelKey={key} stretch={stretch} />}
          {tab === "quality" && model && <QualityView model={model} question={quality} />}
          {tab === "segments" && model && <SegmentsView model={model} modelKey={key} question={segments} cut={cut} />}
          {tab === "evidence" && model && <EvidenceView model={model} question={evidence} />}
          {tab === "settings" && model && <SettingsView model={model} modelKey={key} />}
        </>
      )}
    </Page>
  );
}
