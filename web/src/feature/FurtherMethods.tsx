import type { ColumnDetail } from "../data/column";
import { probability, statistic } from "../format/number";

type Props = { methods: ColumnDetail["onRequest"] };

/** Methods that decide nothing, for whoever compares with another program: folded away until asked for. */
export function FurtherMethods({ methods }: Props) {
  if (methods.length === 0) return null;
  return (
    <details className="further-methods">
      <summary>{methods.length} more methods, which decide nothing</summary>
      <table className="methods">
        <thead className="hidden">
          <tr>
            <th scope="col">Method</th>
            <th scope="col">Value</th>
            <th scope="col">Chance allows</th>
          </tr>
        </thead>
        <tbody>
          {methods.map(({ facts, value, chance, pValue }) => (
            <tr
              key={facts.metric}
              title={`${facts.compares}; ${facts.groups}${facts.base ? `; ${facts.base}` : ""}. ${facts.citation}`}
            >
              <th scope="row">{facts.label}</th>
              <td className="number">
                <b>{statistic(value)}</b>
              </td>
              <td className="number quiet">
                {chance !== null
                  ? `chance ≤ ${statistic(chance)}`
                  : pValue === null
                    ? ""
                    : `p ${pValue < 0.001 ? "" : "= "}${probability(pValue)}`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
