import type { AlertLine } from "../data/alerts";
import { plainName } from "../format/name";
import { NOTHING } from "../format/number";
import { at, moment, span, spanShort, utc } from "../format/time";
import { LevelMark } from "../levels/LevelMark";
import { LevelWord } from "../levels/LevelWord";
import { levelWord } from "../levels/level";
import { alertPath, modelPath } from "../navigation/address";
import { goTo, withSearch } from "../navigation/location";
import { Link } from "../navigation/Link";
import { Name } from "../pieces/Name";

import { EvaluationMark } from "./EvaluationMark";
import { StatusChip } from "./StatusChip";
import { heldSince, isOpen, unjudged, whereOf } from "./status";

export type Selecting = { chosen: ReadonlySet<string>; toggle: (index: number, range: boolean) => void };

type Props = {
  alert: AlertLine;
  index: number;
  now: number;
  withModel: boolean;
  /** The inbox's part of the address, so that the alert's page knows its neighbours. */
  search: string;
  selecting?: Selecting | undefined;
};

/** One alert. The whole row follows its link; the link alone takes the keyboard. */
export function AlertRow({ alert, index, now, withModel, search, selecting }: Props) {
  const to = alertPath(alert.id) + search;
  const open = isOpen(alert.status);
  const { level } = alert;
  const unknown = unjudged(alert);
  const held = heldSince(alert, now);
  const chosen = selecting?.chosen.has(alert.id) ?? false;
  return (
    <tr
      className={[
        "alert-row",
        open ? "" : "is-resolved",
        chosen ? "is-chosen" : "",
        unjudged(alert) ? "is-unjudged" : "",
      ]
        .filter(Boolean)
        .join(" ")}
      data-index={index}
      aria-rowindex={index + 2}
      aria-selected={selecting ? chosen : undefined}
      onClick={(event) => {
        if (!(event.target as Element).closest("a, label, input") && !event.defaultPrevented) goTo(to);
      }}
    >
      {selecting && (
        <td className="col-choose">
          <label className="choose">
            <input
              type="checkbox"
              tabIndex={-1}
              checked={chosen}
              aria-label={`Select ${alert.title}`}
              onChange={(event) => {
                selecting.toggle(index, (event.nativeEvent as MouseEvent).shiftKey);
              }}
            />
          </label>
        </td>
      )}
      <td className="col-level">
        <LevelWord level={level} />
      </td>
      <td className="col-title">
        <div className="title-line">
          <LevelMark level={level} />
          <span className={`phone-word level-${level.toLowerCase()}`}>{levelWord(level)} · </span>
          <Link to={to} className="alert-link" title={alert.title}>
            {alert.title}
          </Link>
          {alert.historic && (
            <span className="tag" title="From replayed history: recorded, nobody was woken">
              historic
            </span>
          )}
        </div>
      </td>
      {withModel && (
        <td className="col-of">
          {alert.system ? (
            <span className="tag is-alone">modelwatch itself</span>
          ) : (
            <>
              <Link
                to={
                  modelPath(alert.modelId) +
                  withSearch("", { env: alert.environment === "production" ? null : alert.environment })
                }
                tabIndex={-1}
                className="of-model"
              >
                <Name name={alert.modelId} limit={26} />
              </Link>{" "}
              <span className="quiet small">
                <Name name={alert.version} limit={12} />
              </span>
            </>
          )}
        </td>
      )}
      <td className="col-where second">{alert.system ? "" : <Where alert={alert} />}</td>
      <td
        className="col-held number"
        title={`${moment(at(alert.openedAt))}, ${utc(at(alert.openedAt))}; ${span(held)}`}
      >
        {spanShort(held)}
      </td>
      <td className="col-status">
        <StatusChip alert={alert} now={now} />
        {unknown !== null && (
          <span className="phone-unjudged">
            <LevelWord level={unknown} />
          </span>
        )}
      </td>
      <td className="col-owner second">
        <Owner alert={alert} />
      </td>
      <td className="col-checked">
        <EvaluationMark alert={alert} now={now} />
      </td>
    </tr>
  );
}

/** Who looks after it: whom it is assigned to, else who has acknowledged it. */
function Owner({ alert }: { alert: AlertLine }) {
  const { assignedTo, acknowledgedBy } = alert;
  if (assignedTo === "" && acknowledgedBy === "") return <span className="quiet">{NOTHING}</span>;
  return (
    <span title={`${assignedTo === "" ? "Acknowledged by" : "Assigned to"} ${plainName(assignedTo || acknowledgedBy)}`}>
      <Name name={assignedTo || acknowledgedBy} limit={11} />
    </span>
  );
}

function Where({ alert }: { alert: AlertLine }) {
  const { segment, more } = whereOf(alert);
  const environment = alert.environment === "production" ? null : <Name name={alert.environment} limit={14} />;
  if (segment === null) return environment ?? <span className="quiet">whole model</span>;
  return (
    <>
      <Name name={segment} limit={16} />
      {more > 0 && <span className="quiet"> and {more} more</span>}
      {environment !== null && <>, {environment}</>}
    </>
  );
}
