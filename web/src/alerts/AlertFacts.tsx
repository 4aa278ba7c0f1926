import type { AlertDetail } from "../data/alerts";
import { counted } from "../format/number";
import { at, moment, span, utc } from "../format/time";
import { metricValue, metricWord } from "../model/metric";
import { Name } from "../pieces/Name";

import { isOpen } from "./status";
import { worstItem } from "./worstItem";

/** What, since when, how sure: the three things that somebody who was woken asks first. */
export function AlertFacts({ alert }: { alert: AlertDetail }) {
  const worst = worstItem(alert);
  const columns = new Set(alert.items.map((item) => item.column));
  const opened = at(alert.openedAt);
  const until = at(alert.resolvedAt ?? alert.checkedAt);
  return (
    <dl className="alert-facts">
      <div>
        <dt>What</dt>
        <dd>
          {worst ? (
            <b>
              <Name name={worst.column} limit={30} />
            </b>
          ) : (
            alert.kind
          )}
          {columns.size > 1 && ` and ${counted(columns.size - 1, "more column")}`}
        </dd>
      </div>
      <div>
        <dt>Since when</dt>
        <dd>
          <b title={utc(opened)}>{moment(opened)}</b>
          <span className="small quiet">
            {isOpen(alert.status) ? `lasts ${span(until - opened)}` : `lasted ${span(until - opened)}`}
          </span>
        </dd>
      </div>
      <div>
        <dt>How sure</dt>
        <dd>
          {worst && (
            <b>
              {metricWord(worst.metric)} {metricValue(worst.metric, worst.value)}
            </b>
          )}
          <span className="small quiet">
            {worst?.chance !== null && worst?.chance !== undefined
              ? `chance alone gives at most ${metricValue(worst.metric, worst.chance)}`
              : ""}
          </span>
        </dd>
      </div>
      <div>
        <dt>Last checked</dt>
        <dd>
          <b title={utc(at(alert.checkedAt))}>{moment(at(alert.checkedAt))}</b>
          <span className="small quiet">{counted(alert.items.length, "finding")}</span>
        </dd>
      </div>
    </dl>
  );
}
