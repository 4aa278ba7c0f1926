import { useMemo, useRef } from "react";

import { usualStep } from "../charts/heatCanvas";
import { Lane } from "../charts/Lane";
import { linear } from "../charts/scale";
import type { RatesAnswer } from "../data/rates";
import type { ModelDetail } from "../data/model";
import { percent, percentDigits } from "../format/number";
import { unbroken } from "../format/prose";
import { at, day } from "../format/time";
import { LevelWord } from "../levels/LevelWord";
import { metricWord } from "../model/metric";
import { featurePath } from "../navigation/address";
import { Link } from "../navigation/Link";
import { useSearch, withSearch } from "../navigation/location";
import { Icon } from "../pieces/Icon";
import { Name } from "../pieces/Name";
import { useSize } from "../pieces/useSize";

import { useChosenCell } from "./useChosenCell";
import { cellInWords } from "./words";

const HEIGHT = 132;

/** The chosen cell at the side: what it says, and its history with what chance allows. */
export function QualityPanel({ model, answer }: { model: ModelDetail; answer: RatesAnswer }) {
  const body = useRef<HTMLDivElement>(null);
  const { width } = useSize(body, { width: 296, height: 600 });
  const search = useSearch();
  const { line, cell, close } = useChosenCell(answer.rates);
  if (!line || !cell) return null;
  const warning = answer.settings.missingWarning ?? answer.settingDefaults.missingWarning ?? 0.01;
  const critical = answer.settings.missingCritical ?? answer.settingDefaults.missingCritical ?? 0.05;
  const to =
    featurePath(model.id, line.role, line.name) +
    withSearch(search, { feature: null, role: null, kind: null, tab: null });
  return (
    <aside className="side-panel" aria-label="Chosen cell">
      <div className="side-scroll" ref={body}>
        <header className="side-head">
          <h2>
            <Name name={line.name} limit={24} />
          </h2>
          <LevelWord level={cell.level} />
          <button type="button" className="button bare icon side-close" aria-label="Close the panel" onClick={close}>
            <Icon name="close" />
          </button>
        </header>
        <p className="quiet small">{metricWord(cell.metric)}</p>
        <p className="side-why">{unbroken(cellInWords(line, cell, { warning, critical }).join(" "))}</p>
        <History
          times={answer.rates.times}
          cell={cell}
          warning={(cell.before ?? 0) + warning}
          critical={(cell.before ?? 0) + critical}
          width={width - 48}
        />
      </div>
      <div className="side-actions">
        <Link to={to} className="button primary">
          Open feature
        </Link>
      </div>
    </aside>
  );
}

type Cell = RatesAnswer["rates"]["lines"][number]["cells"][number];
type HistoryProps = { times: readonly string[]; cell: Cell; warning: number; critical: number; width: number };

function History({ times, cell, warning, critical, width }: HistoryProps) {
  const moments = useMemo(() => times.map(at), [times]);
  const scale = useMemo(() => linear(moments[0] ?? 0, moments.at(-1) ?? 1, 0, width - 4), [moments, width]);
  const xs = useMemo(() => moments.map(scale), [moments, scale]);
  const chance = useMemo(() => moments.map(() => cell.chance), [moments, cell.chance]);
  const word = metricWord(cell.metric);
  if (cell.values.length === 0) {
    return (
      <section>
        <h3>{word} over time</h3>
        <p className="quiet">No row of this kind in any window of this stretch of time.</p>
      </section>
    );
  }
  return (
    <section>
      <h3>
        {word} over time <span className="quiet">% of rows</span>
      </h3>
      <svg
        width={width}
        height={HEIGHT + 18}
        role="img"
        aria-label={`${word} over time in percent of rows, ${percent(cell.value)} now`}
      >
        <Lane
          xs={xs}
          values={cell.values}
          chance={chance}
          warning={warning}
          critical={critical}
          width={width - 4}
          height={HEIGHT}
          log={false}
          cursor={-1}
          label={(value) => percentDigits(value)}
          named
          widest={scale(usualStep(moments) * 1.7) - scale(0)}
        />
        <text className="axis-text" y={HEIGHT + 14}>
          {day(moments[0])}
        </text>
        <text className="axis-text" x={width - 4} y={HEIGHT + 14} textAnchor="end">
          {day(moments[moments.length - 1])}
        </text>
      </svg>
    </section>
  );
}
