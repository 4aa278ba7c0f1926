import type { AlertLine } from "../data/alerts";
import { at, moment, spanShort } from "../format/time";
import { Icon } from "../pieces/Icon";

import { statusWord } from "./status";

/** Where the alert is in its life: what a person decided is tinted, with who or until when. */
export function StatusChip({ alert, now }: { alert: AlertLine; now: number }) {
  const { status } = alert;
  if (status === "ACKNOWLEDGED")
    return (
      <span className="status-chip is-decided">
        <Icon name="check" size={12} />
        Acknowledged
      </span>
    );
  if (status === "SILENCED")
    return (
      <span
        className="status-chip is-decided"
        title={alert.silencedUntil === null ? undefined : `until ${moment(at(alert.silencedUntil))}`}
      >
        <Icon name="silence" size={12} />
        Silenced
        {alert.silencedUntil !== null && `, ${spanShort(at(alert.silencedUntil) - now)} left`}
      </span>
    );
  return <span className={status === "FIRING" ? "status-chip" : "status-chip is-calm"}>{statusWord(status)}</span>;
}
