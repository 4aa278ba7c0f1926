import type { AlertLine } from "../data/alerts";
import { counted, NOTHING } from "../format/number";
import { at, moment, spanShort } from "../format/time";
import { LevelWord } from "../levels/LevelWord";
import { alertPath, modelPath } from "../navigation/address";
import { Link } from "../navigation/Link";
import { Name } from "../pieces/Name";

import { AcknowledgeButton } from "./AcknowledgeButton";
import { byUrgency, isOpen, statusWord } from "./status";
import "./alerts.css";

/** Alerts as rows: level, status, what, model, how many columns, since. */
export function AlertTable({ alerts, withModel }: { alerts: readonly AlertLine[]; withModel: boolean }) {
  return (
    <table className="plain-table alert-table">
      <thead>
        <tr>
          <th scope="col">State</th>
          <th scope="col">Status</th>
          <th scope="col">What</th>
          {withModel && <th scope="col">Model</th>}
          <th scope="col">Kind</th>
          <th scope="col" className="number">
            Findings
          </th>
          <th scope="col" className="number">
            Since
          </th>
          <th scope="col" className="number">
            Lasted
          </th>
          <th scope="col">
            <span className="hidden">Action</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {[...alerts].sort(byUrgency).map((alert) => (
          <tr key={alert.id} className={isOpen(alert.status) ? "" : "is-resolved"}>
            <td>{isOpen(alert.status) ? <LevelWord level={alert.level} /> : <LevelWord level="OK" />}</td>
            <td>
              {statusWord(alert.status)}
              {alert.historic && (
                <span className="quiet" title="From replayed history: recorded, nobody was woken">
                  {" "}
                  historic
                </span>
              )}
            </td>
            <td className="cell-what">
              <Link to={alertPath(alert.id)} className="strong-link">
                {alert.title}
              </Link>
            </td>
            {withModel && (
              <td className="cell-model">
                <Link
                  to={
                    modelPath(alert.modelId) +
                    (alert.environment === "production" ? "" : `?env=${encodeURIComponent(alert.environment)}`)
                  }
                  className="strong-link"
                >
                  <Name name={alert.modelId} limit={30} />
                </Link>{" "}
                <span className="quiet">{alert.version}</span>
              </td>
            )}
            <td className="cell-extra quiet">{alert.kind.toLowerCase().replaceAll("_", " ")}</td>
            <td className="cell-extra number" title={counted(alert.items.length, "finding")}>
              {alert.items.length || NOTHING}
            </td>
            <td className="cell-since number">{moment(at(alert.openedAt))}</td>
            <td className="cell-extra number quiet">
              {spanShort(at(alert.resolvedAt ?? alert.checkedAt) - at(alert.openedAt))}
            </td>
            <td className="alert-action">
              {(alert.status === "FIRING" || alert.status === "PENDING") && <AcknowledgeButton id={alert.id} />}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
