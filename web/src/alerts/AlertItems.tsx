import type { AlertDetail, AlertItem } from "../data/alerts";
import { counted, measured, NOTHING } from "../format/number";
import { at, moment, utc } from "../format/time";
import { LevelWord } from "../levels/LevelWord";
import { metricValue, metricWord } from "../model/metric";
import { Link } from "../navigation/Link";
import { Name } from "../pieces/Name";

import { evidenceLink } from "./evidenceLink";
import { byWorst } from "./worstItem";

/** Every finding that this alert tells of, as one message. */
export function AlertItems({ alert }: { alert: AlertDetail }) {
  if (alert.items.length === 0) return null;
  const figures = alert.items.some((item) => item.figure !== null);
  return (
    <section className="alert-section" aria-label="In this alert">
      <div className="alert-section-head">
        <h2>In this alert</h2>
        <span className="quiet small">
          {counted(alert.items.length, "finding")}
          {alert.items.length > 1 && ", told as one message: same model, overlapping in time"}
          {alert.status === "RESOLVED" && "; as it stood when it was worst"}
        </span>
      </div>
      <table className="plain-table alert-items">
        <thead>
          <tr>
            <th scope="col">State</th>
            <th scope="col">{figures ? "What" : "Where"}</th>
            <th scope="col">{figures ? "Of whom" : "Metric"}</th>
            <th scope="col" className="number">
              {alert.status === "RESOLVED" ? "Then" : figures ? "Worse by" : "Now"}
            </th>
            {!figures && (
              <th scope="col" className="number item-chance">
                Chance allows
              </th>
            )}
            <th scope="col" className="number item-since">
              Since
            </th>
          </tr>
        </thead>
        <tbody>
          {byWorst(alert.items).map((item) => (
            <ItemRow
              key={`${item.role} ${item.column} ${item.metric} ${item.segment ?? ""} ${item.figure?.groupKey ?? ""} ${item.figure?.against ?? ""} ${item.figure?.classLabel ?? ""}`}
              alert={alert}
              item={item}
              figures={figures}
            />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function ItemRow({ alert, item, figures }: { alert: AlertDetail; item: AlertItem; figures: boolean }) {
  const link = alert.system ? null : evidenceLink(alert, item);
  const name = item.figure === null ? <Name name={item.column} limit={36} /> : item.figure.title;
  return (
    <tr title={item.text}>
      <td>
        <LevelWord level={item.level} />
      </td>
      <td>
        {link ? (
          <Link className="strong-link" to={link.to}>
            {name}
          </Link>
        ) : (
          <b>{name}</b>
        )}
        {item.segment !== null && (
          <span className="second">
            {" in "}
            <Name name={item.segment} limit={30} />
          </span>
        )}
      </td>
      <td className="second">{item.figure === null ? metricWord(item.metric) : <OfWhom item={item} />}</td>
      <td className="number">
        <b>{item.figure === null ? metricValue(item.metric, item.value) : measured(item.value)}</b>
      </td>
      {!figures && (
        <td className="number quiet item-chance">
          {item.chance === null ? NOTHING : `≤ ${metricValue(item.metric, item.chance)}`}
        </td>
      )}
      <td className="number quiet item-since" title={utc(at(item.since))}>
        {moment(at(item.since))}
      </td>
    </tr>
  );
}

function OfWhom({ item: { figure } }: { item: AlertItem }) {
  if (!figure) return null;
  const of = figure.group ?? figure.classLabel;
  if (of === null) return <span className="quiet">all</span>;
  return (
    <>
      <Name name={of} limit={28} />
      {figure.against !== null && (
        <>
          {" against "}
          <Name name={figure.against} limit={28} />
        </>
      )}
    </>
  );
}
