import type { Figure, MetricFacts, OutcomeWindow, Performance } from "../data/performance";
import { levelWord } from "../levels/level";
import { LevelWord } from "../levels/LevelWord";
import { Select } from "../pieces/Select";
import { Skeleton } from "../pieces/Skeleton";

import { changeText, intervalText, valueText, windowText } from "./words";

type Props = {
  performance: Performance;
  /** Of the window under study; null before the first is read. */
  figures: readonly Figure[] | null;
  /** Those of another window still stand here. */
  stale: boolean;
  window: OutcomeWindow;
  metric: string;
  onMetric: (metric: string) => void;
};

/** The few metrics that may raise the model, in the window under study. A press draws one over time. */
export function HeadlineTiles({ performance, figures, stale, window, metric, onMetric }: Props) {
  const headlines = performance.metrics.filter((each) => each.headline);
  const others = performance.metrics.filter((each) => !each.headline);
  return (
    <div
      className={stale ? "metric-tiles is-stale" : "metric-tiles"}
      aria-busy={stale}
      role="group"
      aria-label={`Metrics of the window ${windowText(window)}`}
    >
      {headlines.map((facts) => (
        <Tile
          key={facts.metric}
          facts={facts}
          figure={figures === null ? null : figures.find((each) => each.metric === facts.metric && each.label === "")}
          settled={window.mature}
          chosen={facts.metric === metric}
          onChoose={() => {
            onMetric(facts.metric);
          }}
        />
      ))}
      {others.length > 0 && (
        <label className="metric-more">
          <span className="quiet small">Another metric over time</span>
          <Select
            className={others.some((each) => each.metric === metric) ? "is-chosen" : ""}
            value={others.some((each) => each.metric === metric) ? metric : ""}
            onChange={(event) => {
              if (event.target.value !== "") onMetric(event.target.value);
            }}
          >
            <option value="">{headlines.length > 0 ? "Choose a metric" : "Metrics"}</option>
            {others.map((each) => (
              <option key={each.metric} value={each.metric}>
                {each.title}
              </option>
            ))}
          </Select>
        </label>
      )}
    </div>
  );
}

type TileProps = {
  facts: MetricFacts;
  figure: Figure | null | undefined;
  settled: boolean;
  chosen: boolean;
  onChoose: () => void;
};

function Tile({ facts, figure, settled, chosen, onChoose }: TileProps) {
  const change = figure ? changeText(facts, figure.value, figure.baseline) : "";
  return (
    <button
      type="button"
      className="metric-tile"
      aria-pressed={chosen}
      title={figure?.text || undefined}
      onClick={onChoose}
    >
      <span className="metric-tile-head">
        <span className="second small">{facts.title}</span>
        {settled && figure?.level && <LevelWord level={figure.level} />}
      </span>
      {figure === null ? (
        <span className="metric-tile-value">
          <Skeleton width={64} height={12} />
        </span>
      ) : (
        <span className={settled ? "metric-tile-value number" : "metric-tile-value number is-awaited"}>
          {valueText(facts, figure?.value)}{" "}
          <span className="metric-tile-interval">{intervalText(facts, figure?.low, figure?.high)}</span>
        </span>
      )}
      <span className="quiet small number metric-tile-foot">
        {figure === null
          ? "\u00a0"
          : !figure || figure.value === null
            ? "no labels yet"
            : !settled
              ? "so far, labels still coming"
              : figure.baseline === null
                ? "no baseline yet"
                : `baseline ${valueText(facts, figure.baseline)}, ${change}${alone(figure)}`}
      </span>
    </button>
  );
}

/** What the window says alone, where that is not what stands over windows that do not overlap. */
function alone({ level, single }: Figure): string {
  return single === null || single === level ? "" : `; alone ${levelWord(single).toLowerCase()}`;
}
