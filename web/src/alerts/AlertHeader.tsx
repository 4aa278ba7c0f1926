import { useState } from "react";

import type { AlertDetail } from "../data/alerts";
import { exact } from "../format/number";
import { upper } from "../format/prose";
import { at, day, moment, utc } from "../format/time";
import type { AlertVerb } from "../graphql/graphql";
import { LevelWord } from "../levels/LevelWord";
import { modelPath } from "../navigation/address";
import { Link } from "../navigation/Link";
import { withSearch } from "../navigation/location";
import { Icon } from "../pieces/Icon";
import { Name } from "../pieces/Name";

import { DecisionNote } from "./DecisionBar";
import { kindWord } from "./kinds";
import { isOpen, unjudged } from "./status";
import type { Decisions } from "./useDecisions";

type Props = { alert: AlertDetail; decisions: Decisions; mayWrite: boolean };

/** Level and title, the model, and what can be done. A finished action becomes a chip that can be taken back. */
export function AlertHeader({ alert, decisions, mayWrite }: Props) {
  return (
    <header className={isOpen(alert.status) ? "alert-header" : "alert-header is-over"}>
      <div className="alert-title">
        <LevelWord level={alert.level} />
        <h1>{alert.title}</h1>
        {alert.historic && (
          <span className="tag" title="From replayed history: recorded, nobody was woken">
            historic
          </span>
        )}
        {alert.system && <span className="tag">modelwatch itself</span>}
        <span className="quiet alert-number">
          {kindWord(alert.kind)}, alert {exact(alert.number)}
        </span>
      </div>
      <div className="alert-actions">
        <Of alert={alert} />
        <span className="spread" />
        <Chips alert={alert} decisions={decisions} mayWrite={mayWrite} />
        <Verbs alert={alert} decisions={decisions} mayWrite={mayWrite} />
        <CopyLink />
      </div>
      {unjudged(alert) !== null && (
        <p className="alert-unjudged">
          <LevelWord level={unjudged(alert) ?? "NO_DATA"} />
          <span className="second">
            {upper(alert.evaluation.text) || "The newest window could not be judged"}
            {alert.evaluation.since !== null && `, since ${moment(at(alert.evaluation.since))}`}. The alert is neither
            confirmed nor over.
          </span>
        </p>
      )}
      <DecisionNote decisions={decisions} />
    </header>
  );
}

function Of({ alert }: { alert: AlertDetail }) {
  if (alert.system) return <span className="second">About the monitor, not about a model</span>;
  const environment = alert.environment === "production" ? null : alert.environment;
  return (
    <span className="alert-of">
      <Link to={modelPath(alert.modelId) + withSearch("", { env: environment })} className="strong-link">
        <Name name={alert.modelId} limit={36} />
      </Link>{" "}
      <span className="second">
        <Name name={alert.version} limit={16} />, <Name name={alert.environment} limit={20} />
      </span>
    </span>
  );
}

/** What was decided: by whom, until when, to whom. Pressing a chip takes the decision back. */
function Chips({ alert, decisions, mayWrite }: Props) {
  const acknowledged = alert.events.findLast(({ kind }) => kind.toLowerCase() === "acknowledged");
  const newest = alert.events.find(({ kind }) => kind.toLowerCase() === "acknowledged");
  const when = [acknowledged, newest]
    .filter((each) => each !== undefined)
    .sort((a, b) => at(b.at) - at(a.at))
    .at(0);
  return (
    <>
      {alert.status === "ACKNOWLEDGED" && (
        <Chip back="UNACKNOWLEDGE" label="Take the acknowledgement back" {...{ alert, decisions, mayWrite }}>
          Acknowledged <b>{when ? day(at(when.at)) : ""}</b>
          {alert.acknowledgedBy !== "" && (
            <>
              by <Name name={alert.acknowledgedBy} limit={20} />
            </>
          )}
        </Chip>
      )}
      {alert.status === "SILENCED" && (
        <Chip back="UNSILENCE" label="End the silence" {...{ alert, decisions, mayWrite }}>
          Silenced{" "}
          {alert.silencedUntil !== null && (
            <b title={utc(at(alert.silencedUntil))}>until {moment(at(alert.silencedUntil))}</b>
          )}
        </Chip>
      )}
      {alert.status === "RESOLVED" && (
        <Chip back="REOPEN" label="Open it again" {...{ alert, decisions, mayWrite }}>
          Resolved <b>{alert.resolvedAt === null ? "" : day(at(alert.resolvedAt))}</b>
        </Chip>
      )}
    </>
  );
}

type ChipProps = Props & { back: AlertVerb; label: string; children: React.ReactNode };

function Chip({ alert, decisions, mayWrite, back, label, children }: ChipProps) {
  const inside = (
    <>
      <Icon name="check" size={14} /> {children}
    </>
  );
  if (!mayWrite || !alert.verbs.includes(back)) return <span className="chip">{inside}</span>;
  return (
    <button
      type="button"
      className="chip"
      title={label}
      disabled={decisions.busy}
      onClick={() => {
        decisions.begin(back, [alert]);
      }}
    >
      {inside}
      <Icon name="close" size={12} />
      <span className="hidden">. {label}</span>
    </button>
  );
}

const VERBS: readonly { verb: AlertVerb; text: string; key: string }[] = [
  { verb: "ACKNOWLEDGE", text: "Acknowledge", key: "A" },
  { verb: "SILENCE", text: "Silence", key: "S" },
  { verb: "RESOLVE", text: "Resolve", key: "R" },
  { verb: "ASSIGN", text: "Assign", key: "I" },
];

function Verbs({ alert, decisions, mayWrite }: Props) {
  const shown = VERBS.filter(
    ({ verb }) => alert.verbs.includes(verb) && !(verb === "ACKNOWLEDGE" && alert.status === "ACKNOWLEDGED"),
  );
  if (!mayWrite) return shown.length > 0 ? <span className="quiet small">This key may look, not decide.</span> : null;
  return shown.map(({ verb, text, key }) => (
    <button
      key={verb}
      type="button"
      className={verb === "ACKNOWLEDGE" && alert.status === "FIRING" ? "button primary" : "button"}
      disabled={decisions.busy}
      onClick={() => {
        decisions.begin(verb, [alert]);
      }}
    >
      {verb === "ASSIGN" && alert.assignedTo !== "" ? (
        <>
          <Icon name="person" />
          <span className="hidden">Assigned to </span>
          <Name name={alert.assignedTo} limit={18} />
        </>
      ) : (
        text
      )}{" "}
      <kbd>{key}</kbd>
    </button>
  ));
}

function CopyLink() {
  const [copied, setCopied] = useState(false);
  // Browsers lend the clipboard to secure pages only.
  if (!window.isSecureContext) return null;
  return (
    <button
      type="button"
      className="button bare icon"
      aria-label={copied ? "The link is copied" : "Copy the link to this alert"}
      title={copied ? "Copied" : "Copy link"}
      onClick={() => {
        void navigator.clipboard.writeText(window.location.origin + window.location.pathname).then(() => {
          setCopied(true);
        });
      }}
    >
      <Icon name={copied ? "check" : "link"} />
    </button>
  );
}
