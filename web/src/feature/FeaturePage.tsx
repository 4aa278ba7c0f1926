import { useMemo } from "react";

import { useColumn } from "../data/column";
import { useModel } from "../data/model";
import type { ColumnRole } from "../graphql/graphql";
import { featurePath, modelPath } from "../navigation/address";
import { goTo, useChangeSearch, useSearch, withSearch } from "../navigation/location";
import { FailedLine, FailedPage } from "../pieces/Failed";
import { useKeys } from "../pieces/useKeys";
import { useBounds } from "../model/useBounds";
import { useDebounced } from "../model/useDebounced";
import { useModelKey } from "../model/useModelAddress";
import { Carriers } from "../segments/Carriers";
import { SegmentBar } from "../segments/SegmentPicker";
import { KeyHint } from "../shell/KeyHint";
import { MissingPage } from "../shell/MissingPage";
import { Page } from "../shell/Page";
import { TimeRangeMenu } from "../shell/TimeRangeMenu";

import { DistributionSection } from "./DistributionSection";
import { FeatureHeader } from "./FeatureHeader";
import { FeatureSkeleton } from "./FeatureSkeleton";
import { OverTime } from "./OverTime";
import { WhyPanel } from "./WhyPanel";
import "./feature.css";

const FOOTER = (
  <>
    <KeyHint keys={["[", "]"]} what="previous, next feature" />
    <KeyHint keys={["D"]} what="share, cumulative, difference" />
    <span className="footer-keys">
      <KeyHint keys={["?"]} what="all keys" />
    </span>
  </>
);

/** One feature of one model: how its values moved, since when, and how sure that is. */
export function FeaturePage({ id, role, name }: { id: string; role: ColumnRole; name: string }) {
  const search = useSearch();
  const change = useChangeSearch();
  const key = useModelKey(id);
  const modelQuestion = useModel(key);
  const model = modelQuestion.data?.model;
  const stretch = useBounds(model);
  const end = search.get("start") === null ? search.get("end") : null;
  const segment = search.get("segment") ?? "";
  const asked = useMemo(() => ({ name, role, segment }), [name, role, segment]);
  const question = useColumn(key, asked, useDebounced(end) ?? stretch.bounds.end, stretch.bounds, stretch.now);
  const column = question.data?.model?.column;
  const go = (to: { name: string; role: ColumnRole } | null | undefined) => {
    if (to) goTo(featurePath(id, to.role, to.name) + withSearch(search, {}));
  };
  useKeys({
    "[": () => {
      go(column?.previous);
    },
    "]": () => {
      go(column?.next);
    },
  });
  if (model === null)
    return <MissingPage what={`There is no model called ${id || "(empty name)"} in ${key.environment}`} />;
  if (column === null)
    return (
      <MissingPage what={`${id} has no ${role.toLowerCase().replaceAll("_", " ")} called ${name || "(empty name)"}`} />
    );
  const back =
    modelPath(id) +
    withSearch(search, { end: null, feature: name, role: role === "FEATURE" ? null : role.toLowerCase() });
  const failed =
    modelQuestion.isError && !modelQuestion.data ? modelQuestion : question.isError && !question.data ? question : null;
  return (
    <Page
      crumbs={[{ text: "Fleet", to: "/" }, { text: id, to: back }, { text: name }]}
      range={model ? <TimeRangeMenu range={stretch.range} start={stretch.start} end={stretch.end} /> : undefined}
      side={column ? <WhyPanel column={column} isNewest={end === null} /> : undefined}
      footer={FOOTER}
    >
      <FailedLine what="The feature" question={question} />
      <FeatureHeader name={name} role={role} column={column} model={model} end={end} onGo={go} />
      {failed && <FailedPage what="The feature" question={failed} />}
      {!failed && !column && <FeatureSkeleton />}
      {model && column && (
        <>
          {segment !== "" && <SegmentBar segment={segment} />}
          <DistributionSection distribution={column.distribution} model={model} isNewest={end === null} />
          {segment === "" && <Carriers rankings={column.carriers} level={column.level} />}
          <OverTime
            history={column.history}
            model={model}
            end={end}
            onPick={(time, isNewest) => {
              change({ end: isNewest ? null : time }, { replace: true });
            }}
          />
        </>
      )}
    </Page>
  );
}
