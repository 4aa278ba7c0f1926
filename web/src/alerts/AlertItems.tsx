import type { AlertDetail } from "../data/alerts";
import { counted, NOTHING } from "../format/number";
import { at, moment, utc } from "../format/time";
import { LevelWord } from "../levels/LevelWord";
import { metricValue, metricWord } from "../model/metric";
import { featurePath } from "../navigation/address";
import { Link } from "../navigation/Link";
import { withSearch } from "../navigation/location";
import { Name } from "../pieces/Name";

/** Every finding that this alert tells of, as one message. */
export function AlertItems({ alert }: { alert: AlertDetail }) {
  const context = (segment: string | null) =>
    withSearch("", {
      segment,
      env: alert.environment === "production" ? null : alert.environment,
      version: alert.version,
      end: alert.checkedAt,
    });
  return (
    <section className="alert-section" aria-label="In this alert">
      <h2>
        In this alert{" "}
        <span className="quiet">
          {counted(alert.items.length, "finding")}, told as one message: same model, overlapping in time
        </span>
      </h2>
      <table className="plain-table alert-items">
        <thead>
          <tr>
            <th scope="col">State</th>
            <th scope="col">Where</th>
            <th scope="col">Metric</th>
            <th scope="col" className="number">
              Now
            </th>
            <th scope="col" className="number">
              Chance allows
            </th>
            <th scope="col" className="number">
              Since
            </th>
          </tr>
        </thead>
        <tbody>
          {alert.items.map((item) => (
            <tr key={`${item.role} ${item.column} ${item.metric} ${item.segment ?? ""}`} title={item.text}>
              <td>
                <LevelWord level={item.level} />
              </td>
              <td>
                <Link
                  className="strong-link"
                  to={featurePath(alert.modelId, item.role, item.column) + context(item.segment)}
                >
                  <Name name={item.column} limit={36} />
                </Link>
                {item.segment && (
                  <span className="second">
                    {" "}
                    in <Name name={item.segment} limit={30} />
                  </span>
                )}
              </td>
              <td className="second">{metricWord(item.metric.toUpperCase())}</td>
              <td className="number">
                <b>{metricValue(item.metric, item.value)}</b>
              </td>
              <td className="number quiet">
                {item.chance === null ? NOTHING : `≤ ${metricValue(item.metric, item.chance)}`}
              </td>
              <td className="number quiet" title={utc(at(item.since))}>
                {moment(at(item.since))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
