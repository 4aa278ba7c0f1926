import type { Method } from "../data/column";
import { probability } from "../format/number";

import { metricValue, metricWord } from "./metric";

/** Every method's value with what chance allows for it. */
export function Methods({ methods }: { methods: readonly Method[] }) {
  if (methods.length === 0) return <p className="quiet">No method was run on this window.</p>;
  return (
    <table className="methods">
      <thead className="hidden">
        <tr>
          <th scope="col">Method</th>
          <th scope="col">Value</th>
          <th scope="col">Chance allows</th>
        </tr>
      </thead>
      <tbody>
        {methods.map((method) => (
          <tr key={method.metric}>
            <th scope="row" title={method.label}>
              {metricWord(method.metric)}
            </th>
            <td className="number">
              <b>{metricValue(method.metric, method.value)}</b>
            </td>
            <td className="number quiet">{beside(method)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function beside(method: Method): string {
  if (method.chance !== null) return `chance ≤ ${metricValue(method.metric, method.chance)}`;
  return method.pValue === null ? "" : `p ${method.pValue < 0.001 ? "" : "= "}${probability(method.pValue)}`;
}
