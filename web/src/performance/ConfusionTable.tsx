import type { Confusion } from "../data/performance";
import { compact, exact, percent } from "../format/number";
import { Name } from "../pieces/Name";

import { shadeOf, shareOf } from "./confusion";

type Props = { confusion: Confusion; baseline: Confusion | null };

/** What was predicted for what came true: shaded by the share of the row, with the baseline's share beside. */
export function ConfusionTable({ confusion, baseline }: Props) {
  const { labels, counts } = confusion;
  const few = labels.length <= 4;
  return (
    <figure className={few ? "close-up-block" : "close-up-block is-wide"}>
      <h3>Confusion matrix</h3>
      <p className="quiet small confusion-note">
        Rows: what came true. Columns: what was predicted. Shade: share of the row
        {few && baseline ? ", below it what it was in the baseline." : "."}
      </p>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must take the keyboard */}
      <div className="confusion-scroll" tabIndex={0} role="region" aria-label="Confusion matrix">
        <table className={few ? "confusion" : "confusion is-dense"}>
          <thead>
            <tr>
              <th scope="col">
                <span className="quiet">true ↓ predicted →</span>
              </th>
              {labels.map((label) => (
                <th key={label} scope="col" className="number">
                  <Name name={label} limit={few ? 18 : 8} mono />
                </th>
              ))}
              <th scope="col" className="number">
                Rows
              </th>
            </tr>
          </thead>
          <tbody>
            {labels.map((actual, row) => {
              const total = counts[row].reduce((sum, each) => sum + each, 0);
              return (
                <tr key={actual}>
                  <th scope="row">
                    <Name name={actual} limit={few ? 22 : 16} mono />
                  </th>
                  {labels.map((predicted, column) => {
                    const count = counts[row][column];
                    const share = total > 0 ? count / total : 0;
                    const before = baseline && shareOf(baseline, actual, predicted);
                    return (
                      <td
                        key={predicted}
                        className={`confusion-cell seq-${String(shadeOf(share))}${row === column ? " is-right" : ""}`}
                        title={`${exact(Math.round(count))} rows, ${percent(share)} of what came true${before === null ? "" : `; ${percent(before)} in the baseline`}`}
                      >
                        {few ? (
                          <>
                            <b>{percent(share)}</b>
                            <span>
                              {compact(Math.round(count))}
                              {before === null ? "" : `, was ${percent(before)}`}
                            </span>
                          </>
                        ) : count === 0 ? (
                          <span className="confusion-none">·</span>
                        ) : (
                          compact(Math.round(count))
                        )}
                      </td>
                    );
                  })}
                  <td className="number second">{compact(Math.round(total))}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </figure>
  );
}
