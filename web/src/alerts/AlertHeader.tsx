import type { AlertDetail, useAlertAction } from "../data/alerts";
import { exact } from "../format/number";
import { at, day, moment } from "../format/time";
import { LevelWord } from "../levels/LevelWord";
import { modelPath } from "../navigation/address";
import { Link } from "../navigation/Link";
import { Icon } from "../pieces/Icon";
import { Name } from "../pieces/Name";

import { isOpen } from "./status";

type Props = { alert: AlertDetail; action: ReturnType<typeof useAlertAction> };

/** Level and title, the model, and what can be done. A finished action becomes a chip. */
export function AlertHeader({ alert, action }: Props) {
  const open = isOpen(alert.status);
  const act = (what: "acknowledge" | "resolve") => {
    action.mutate({ do: what, id: alert.id, comment: "" });
  };
  const model =
    modelPath(alert.modelId) +
    (alert.environment === "production" ? "" : `?env=${encodeURIComponent(alert.environment)}`);
  return (
    <header className="alert-header">
      <div className="alert-title">
        <LevelWord level={open ? alert.level : "OK"} />
        <h1>{alert.title}</h1>
        <span className="quiet alert-number">
          Alert {exact(alert.number)}
          {alert.historic && ". From replayed history: recorded, nobody was woken"}
        </span>
      </div>
      <div className="alert-actions">
        <Link to={model} className="strong-link">
          <Name name={alert.modelId} limit={36} />
        </Link>
        <span className="second">
          <Name name={alert.version} limit={16} />, <Name name={alert.environment} limit={20} />
        </span>
        <span className="spread" />
        {alert.status === "ACKNOWLEDGED" && (
          <span className="chip">
            <Icon name="check" size={14} /> Acknowledged <b>{lastDay(alert, "ack")}</b>
          </span>
        )}
        {alert.status === "SILENCED" && (
          <span className="chip">
            <Icon name="check" size={14} /> Silenced{" "}
            <b>{alert.silencedUntil ? `until ${moment(at(alert.silencedUntil))}` : ""}</b>
          </span>
        )}
        {alert.status === "RESOLVED" && (
          <span className="chip">
            <Icon name="check" size={14} /> Resolved <b>{alert.resolvedAt ? day(at(alert.resolvedAt)) : ""}</b>
          </span>
        )}
        {open && (
          <>
            {alert.status !== "ACKNOWLEDGED" && (
              <button
                type="button"
                className="button primary"
                disabled={action.isPending}
                onClick={() => {
                  act("acknowledge");
                }}
              >
                Acknowledge <kbd>A</kbd>
              </button>
            )}
            {alert.status !== "SILENCED" && (
              <button
                type="button"
                className="button"
                disabled={action.isPending}
                onClick={() => {
                  action.mutate({ do: "silence", id: alert.id, hours: 24, comment: "" });
                }}
              >
                Silence a day <kbd>S</kbd>
              </button>
            )}
            <button
              type="button"
              className="button"
              disabled={action.isPending}
              onClick={() => {
                act("resolve");
              }}
            >
              Resolve <kbd>R</kbd>
            </button>
          </>
        )}
      </div>
      {action.isError && (
        <p role="alert" className="alert-failed">
          {action.error.message}
        </p>
      )}
    </header>
  );
}

function lastDay(alert: AlertDetail, kind: string): string {
  const event = alert.events.findLast((each) => each.kind.toLowerCase().startsWith(kind));
  return event ? day(at(event.at)) : "";
}
