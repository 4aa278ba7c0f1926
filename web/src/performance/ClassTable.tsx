import type { Figure } from "../data/performance";
import { compact, exact } from "../format/number";
import { Name } from "../pieces/Name";

import { classRows } from "./classRows";
import { changeText, intervalText, valueText } from "./words";

const FACTS = { metric: "", unit: "share" };

/** Each class of a model of many, the one that lost most first. */
export function ClassTable({ figures, task }: { figures: readonly Figure[]; task: string }) {
  if (task !== "multiclass") return null;
  const { columns, rows } = classRows(figures);
  if (rows.length === 0) return null;
  return (
    <figure className="close-up-block is-wide">
      <h3>
        By class <span className="quiet small">the one that lost most first; change to the baseline below</span>
      </h3>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must take the keyboard */}
      <div className="confusion-scroll" tabIndex={0} role="region" aria-label="Metrics by class">
        <table className="close-up-table class-table">
          <thead>
            <tr>
              <th scope="col">Class</th>
              {columns.map((column) => (
                <th key={column.metric} scope="col" className="number">
                  {column.title}
                </th>
              ))}
              <th scope="col" className="number">
                Rows
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.label}>
                <th scope="row">
                  <Name name={row.label} limit={32} mono />
                </th>
                {row.cells.map((figure, index) => (
                  <td
                    key={columns[index].metric}
                    className="number"
                    title={figure ? intervalText(FACTS, figure.low, figure.high) : undefined}
                  >
                    {valueText(FACTS, figure?.value)}
                    <span className="quiet small class-change">
                      {figure ? changeText(FACTS, figure.value, figure.baseline) : ""}
                    </span>
                  </td>
                ))}
                <td className="number second" title={`${exact(Math.round(row.rows))} labelled rows`}>
                  {compact(Math.round(row.rows))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}
