import { useRef, type KeyboardEvent } from "react";

import { Sparkline } from "../charts/Sparkline";
import type { RateCell, RateLine, RateMap } from "../data/rates";
import { NOTHING, percent } from "../format/number";
import { at, dayOnly } from "../format/time";
import type { DriftMetric } from "../graphql/graphql";
import { levelClass, levelWord } from "../levels/level";
import { LevelMark } from "../levels/LevelMark";
import { metricWord, RATES } from "../model/metric";
import { Name } from "../pieces/Name";

import { useChosenCell } from "./useChosenCell";
import { isRisen } from "./words";

/** One row per column, one cell per kind of unusable row. One tab stop; arrows move between cells, and choose. */
export function QualityTable({ rates }: { rates: RateMap }) {
  const body = useRef<HTMLTableSectionElement>(null);
  const chosen = useChosenCell(rates);
  const kinds = RATES.map((each) => each.value).filter((kind) =>
    rates.lines.some((line) => line.cells.some((cell) => cell.metric === kind)),
  );
  const moved = (event: KeyboardEvent) => {
    const [down, right] =
      { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] }[event.key] ?? [];
    const from = document.activeElement?.closest<HTMLElement>("[data-row]");
    if (down === undefined || right === undefined || !from) return;
    event.preventDefault();
    const to = nextCell(rates, kinds, Number(from.dataset["row"]), from.dataset["kind"] ?? "", down, right);
    if (!to) return;
    chosen.choose(rates.lines[to.row], to.kind);
    body.current?.querySelector<HTMLElement>(`[data-row="${String(to.row)}"][data-kind="${to.kind}"]`)?.focus();
  };
  const first = firstCell(rates);
  return (
    <table className="quality-table">
      <thead>
        <tr>
          <th scope="col">Column</th>
          {kinds.map((kind) => (
            <th key={kind} scope="col" className="number" title={RATES.find((each) => each.value === kind)?.title}>
              {metricWord(kind)}
            </th>
          ))}
          <th scope="col">State</th>
          <th scope="col" className="number">
            Since
          </th>
        </tr>
      </thead>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the buttons inside take the focus */}
      <tbody ref={body} onKeyDown={moved}>
        {rates.lines.map((line, row) => (
          <tr key={`${line.role} ${line.name}`} className={isRisen(line.level) ? "" : "is-calm"}>
            <th scope="row">
              <LevelMark level={line.level} />
              <Name name={line.name} limit={24} />
            </th>
            {kinds.map((kind) => {
              const cell = line.cells.find((each) => each.metric === kind);
              const isChosen = chosen.line === line && chosen.cell === cell;
              return (
                <td key={kind} className={!cell || isNothing(cell) ? "is-none" : ""} data-label={metricWord(kind)}>
                  {cell && (
                    <Cell
                      line={line}
                      cell={cell}
                      row={row}
                      chosen={isChosen}
                      stop={isChosen || (chosen.cell === null && row === first?.row && kind === first.kind)}
                      onChoose={() => {
                        chosen.choose(line, kind);
                      }}
                    />
                  )}
                </td>
              );
            })}
            <td className="quality-state">
              <span className={levelClass(line.level)}>{levelWord(line.level)}</span>
            </td>
            <td className="number quiet quality-since">
              {line.since && isRisen(line.level) ? dayOnly(at(line.since)) : NOTHING}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

type CellProps = {
  line: RateLine;
  cell: RateCell;
  row: number;
  chosen: boolean;
  stop: boolean;
  onChoose: () => void;
};

function Cell({ line, cell, row, chosen, stop, onChoose }: CellProps) {
  const risen = isRisen(cell.level);
  const high = Math.max(0.02, (cell.before ?? 0) * 1.5, ...cell.values.map((value) => value ?? 0));
  return (
    <button
      type="button"
      className={`quality-cell ${risen ? levelClass(cell.level) : ""} ${cell.value === 0 ? "is-zero" : ""}`}
      data-row={row}
      data-kind={cell.metric}
      tabIndex={stop ? 0 : -1}
      aria-pressed={chosen}
      aria-label={`${line.name}, ${metricWord(cell.metric)}: ${percent(cell.value)}, reference ${percent(cell.before)}, chance allows ${percent(cell.chance)}, ${levelWord(cell.level)}`}
      title={cell.chance === null ? undefined : `chance ≤ ${percent(cell.chance)}`}
      onClick={onChoose}
    >
      {cell.values.length > 1 && <Sparkline values={cell.values} high={high} width={40} height={20} />}
      <span className="quality-figures">
        <b>{cell.value === 0 ? "0" : percent(cell.value)}</b>
        <span className="quiet small">{cell.value === 0 && !cell.before ? "" : percent(cell.before)}</span>
      </span>
    </button>
  );
}

/** True for a kind that neither the window nor the reference nor the range has seen. */
function isNothing(cell: RateCell): boolean {
  return cell.value === 0 && !cell.before && cell.values.length === 0;
}

function firstCell(rates: RateMap): { row: number; kind: DriftMetric } | null {
  const row = rates.lines.findIndex((line) => line.cells.length > 0);
  return row < 0 ? null : { row, kind: rates.lines[row].cells[0].metric };
}

/** The next cell that is there in a direction; columns lack the kinds that mean nothing for them. */
function nextCell(
  rates: RateMap,
  kinds: readonly DriftMetric[],
  row: number,
  kind: string,
  down: number,
  right: number,
): { row: number; kind: DriftMetric } | null {
  let place = { row, column: kinds.findIndex((each) => each === kind) };
  for (;;) {
    place = { row: place.row + down, column: place.column + right };
    if (place.row < 0 || place.row >= rates.lines.length || place.column < 0 || place.column >= kinds.length)
      return null;
    const wanted = kinds[place.column];
    if (rates.lines[place.row].cells.some((cell) => cell.metric === wanted)) return { row: place.row, kind: wanted };
  }
}
