import type { Distribution } from "../data/column";
import { percentDigits, signed } from "../format/number";
import { Name } from "../pieces/Name";

import { specialWord } from "./Specials";
import "./categoryPairs.css";

type Props = { distribution: Distribution; limit?: number; narrow?: boolean };

type Pair = { name: string; reference: number; window: number; special: boolean };

/** A categorical feature as pairs of bars: reference above, window below, and the difference in points. */
export function CategoryPairs({ distribution, limit = 30, narrow = false }: Props) {
  const shown = distribution.categories.slice(0, limit);
  const rest = distribution.categories.slice(limit);
  const pairs: Pair[] = [
    ...shown.map((each) => ({ ...each, special: false })),
    ...(rest.length
      ? [
          {
            name: `${String(rest.length)} others`,
            reference: sum(rest, "reference"),
            window: sum(rest, "window"),
            special: true,
          },
        ]
      : []),
    ...distribution.specials.map((each) => ({ ...each, name: specialWord(each.name), special: true })),
  ];
  const high = Math.max(...pairs.flatMap((pair) => [pair.reference, pair.window]), 1e-9);
  return (
    <table className={narrow ? "pairs is-narrow" : "pairs"} aria-label="Share of rows in percent, reference and window">
      <thead className="hidden">
        <tr>
          <th scope="col">Value</th>
          <th scope="col">Bars</th>
          <th scope="col">Reference, %</th>
          <th scope="col">Window, %</th>
          <th scope="col">Difference, points</th>
        </tr>
      </thead>
      <tbody>
        {pairs.map((pair) => (
          <tr key={`${pair.name} ${String(pair.special)}`}>
            <th scope="row" className={pair.special ? "quiet" : ""}>
              {pair.special ? pair.name : <Name name={pair.name} limit={16} mono />}
            </th>
            <td className="pairs-bars">
              <svg width="100%" height="12" aria-hidden="true">
                <rect
                  className="reference-bar"
                  x="0.5"
                  y="0.5"
                  height="4"
                  width={`${Math.max(0.2, (pair.reference / high) * 99).toFixed(2)}%`}
                />
                <rect
                  className="window-bar"
                  x="0"
                  y="6"
                  height="5"
                  width={`${((pair.window / high) * 99).toFixed(2)}%`}
                />
              </svg>
            </td>
            <td className="number quiet">{percentDigits(pair.reference)}</td>
            <td className="number pairs-window">{percentDigits(pair.window)}</td>
            <td className="number quiet">{signed((pair.window - pair.reference) * 100)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function sum(pairs: readonly { reference: number; window: number }[], side: "reference" | "window"): number {
  return pairs.reduce((total, pair) => total + pair[side], 0);
}
