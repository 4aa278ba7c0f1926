import type { DriftMap, ModelDetail } from "../data/model";
import { NOTHING, percent, statistic } from "../format/number";
import { at, day } from "../format/time";
import { LevelWord } from "../levels/LevelWord";
import { featurePath } from "../navigation/address";
import { Link } from "../navigation/Link";
import { useSearch, withSearch } from "../navigation/location";
import { Name } from "../pieces/Name";

import { metricValue, metricWord } from "./metric";

/** The map's newest window as a table with links: every number without a pointer. */
export function DriftTable({ model, drift }: { model: ModelDetail; drift: DriftMap }) {
  const search = useSearch();
  const kept = withSearch(search, { feature: null, role: null, metric: null, panel: null, view: null, tab: null });
  return (
    <table className="plain-table">
      <thead>
        <tr>
          <th scope="col">State</th>
          <th scope="col">Column</th>
          <th scope="col">Role</th>
          <th scope="col" className="number">
            PSI
          </th>
          <th scope="col" className="number">
            KS
          </th>
          <th scope="col" className="number">
            KL
          </th>
          <th scope="col" className="number">
            Nulls
          </th>
          <th scope="col" className="number">
            Chance allows, {metricWord(drift.metric)}
          </th>
          <th scope="col" className="number">
            Since
          </th>
        </tr>
      </thead>
      <tbody>
        {drift.lines.map((line) => (
          <tr key={`${line.role} ${line.name}`}>
            <td>
              <LevelWord level={line.level} />
            </td>
            <td>
              <Link to={featurePath(model.id, line.role, line.name) + kept} className="strong-link">
                <Name name={line.name} limit={36} />
              </Link>
            </td>
            <td className="quiet">{line.role.toLowerCase().replaceAll("_", " ")}</td>
            <td className="number">{line.metric === "MMD" ? `MMD ${statistic(line.mmd)}` : statistic(line.psi)}</td>
            <td className="number">{statistic(line.ks)}</td>
            <td className="number">{statistic(line.kl)}</td>
            <td className="number">{percent(line.nulls)}</td>
            <td className="number quiet">
              {line.chance === null ? NOTHING : `≤ ${metricValue(line.metric, line.chance)}`}
            </td>
            <td className="number quiet">{line.since && line.level !== "OK" ? day(at(line.since)) : NOTHING}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
