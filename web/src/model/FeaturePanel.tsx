import { useRef } from "react";

import { CategoryPairs } from "../charts/CategoryPairs";
import { DistributionChart } from "../charts/DistributionChart";
import { DistributionLegend } from "../charts/Legend";
import { useColumn } from "../data/column";
import type { ModelDetail, ModelKey } from "../data/model";
import { compact } from "../format/number";
import { unbroken } from "../format/prose";
import { at, lengthOf, moment } from "../format/time";
import { LevelWord } from "../levels/LevelWord";
import { featurePath } from "../navigation/address";
import { Link } from "../navigation/Link";
import { useSearch, withSearch } from "../navigation/location";
import { movedInWords } from "../feature/movedInWords";
import { FailedPage } from "../pieces/Failed";
import { Icon } from "../pieces/Icon";
import { Name } from "../pieces/Name";
import { Carriers } from "../segments/Carriers";
import { Skeleton } from "../pieces/Skeleton";
import { useSize } from "../pieces/useSize";

import { sizeMetric } from "./metric";
import { Methods } from "./Methods";
import { SmallLane } from "./SmallLane";
import type { Stretch } from "./useBounds";
import { useDebounced } from "./useDebounced";
import type { Selection } from "./useSelection";

type Props = { model: ModelDetail; modelKey: ModelKey; stretch: Stretch; selection: Selection };

/** The chosen feature at the side: why, the two distributions, PSI over time, all methods. */
export function FeaturePanel({ model, modelKey, stretch, selection }: Props) {
  const body = useRef<HTMLDivElement>(null);
  const { width } = useSize(body, { width: 296, height: 600 });
  const search = useSearch();
  const segment = search.get("segment") ?? "";
  const line = useDebounced(selection.line);
  const end = useDebounced(selection.end);
  const question = useColumn(
    modelKey,
    line && { name: line.name, role: line.role, segment },
    end,
    stretch.bounds,
    stretch.now,
  );
  const shown = selection.line;
  if (!shown) return null;
  const column = question.data?.model?.column;
  const distribution = column?.distribution;
  const to =
    featurePath(model.id, shown.role, shown.name) +
    withSearch(search, { feature: null, role: null, metric: null, panel: null, view: null, tab: null });
  const when = end ? `to ${moment(at(end))}` : `last ${lengthOf(model.windowSeconds)}`;
  const inside = width - 48;
  return (
    <aside className="side-panel" aria-label="Chosen feature">
      <div className="side-scroll" ref={body}>
        <header className="side-head">
          <h2>
            <Name name={shown.name} limit={24} />
          </h2>
          <LevelWord level={selection.end === null ? shown.level : shown.levels[selection.column]} />
          <span className="quiet side-place">
            {selection.row + 1} of {selection.rows}
          </span>
          <button type="button" className="button bare icon" aria-label="Close the panel" onClick={selection.close}>
            <Icon name="close" />
          </button>
        </header>
        <p className="quiet small">
          {shown.kind.toLowerCase()}, {shown.role.toLowerCase().replaceAll("_", " ")}
        </p>
        {question.isError && !column && <FailedPage what="The feature" question={question} />}
        {!column && !question.isError && <PanelSkeleton />}
        {column && (
          <>
            <p className="side-why">
              {end && distribution ? movedInWords(distribution) : unbroken(column.why.slice(0, 2).join(" "))}
            </p>
            <section>
              <h3>
                Distribution <span className="quiet">{when}</span>
              </h3>
              {distribution ? (
                <>
                  <DistributionLegend
                    reference={`reference, ${compact(distribution.referenceRows)} rows`}
                    window={`window, ${compact(distribution.windowRows)} rows`}
                  />
                  {distribution.kind === "NUMERIC" ? (
                    <DistributionChart distribution={distribution} shape="share" width={inside} height={136} />
                  ) : distribution.kind === "VECTOR" ? (
                    <p className="quiet">A vector has no single axis to draw; MMD below says how far it moved.</p>
                  ) : (
                    <CategoryPairs distribution={distribution} limit={7} narrow />
                  )}
                </>
              ) : (
                <p className="quiet">No rows in this window.</p>
              )}
            </section>
            <SmallLane history={column.history} metric={sizeMetric(column.kind)} end={end} width={inside} />
            {segment === "" && <Carriers rankings={column.carriers} level={column.level} limit={4} narrow />}
            <section>
              <h3>
                All methods <span className="quiet">{when}</span>
              </h3>
              <Methods methods={column.methods} />
            </section>
          </>
        )}
      </div>
      <div className="side-actions">
        <Link to={to} className="button primary">
          Open feature <kbd>Enter</kbd>
        </Link>
      </div>
    </aside>
  );
}

function PanelSkeleton() {
  return (
    <div className="side-loading" aria-busy="true">
      <Skeleton width={260} />
      <Skeleton width={220} />
      <Skeleton width={296} height={136} />
      <Skeleton width={296} height={96} />
    </div>
  );
}
