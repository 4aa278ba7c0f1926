import type { ReactNode } from "react";

import type { AlertDetail } from "../data/alerts";
import { unbroken } from "../format/prose";
import { at, moment, span, utc } from "../format/time";
import { LevelMark } from "../levels/LevelMark";
import { levelWord } from "../levels/level";
import { metricValue, metricWord } from "../model/metric";
import { Name } from "../pieces/Name";
import { useNow } from "../pieces/useNow";

import { afterVersion, agreement, beyond, movedText, moreText, outcomeOf, rowsText } from "./facts";
import { kindWord } from "./kinds";
import { heldSince, isOpen, unjudged, whereOf } from "./status";
import type { AlertContext } from "./useAlertContext";

type Props = { alert: AlertDetail; context: AlertContext };

/** What, where, since when, how sure, how bad: what somebody who was woken asks first. */
export function AlertFacts(props: Props) {
  return (
    <dl className="alert-facts">
      <What {...props} />
      <Where {...props} />
      <SinceWhen {...props} />
      <HowSure {...props} />
      <HowBad {...props} />
    </dl>
  );
}

function Fact({ name, strong, lines }: { name: string; strong: ReactNode; lines: ReactNode[] }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <span className="fact">{strong}</span>
        {lines.map((line, index) =>
          line === "" || line === null ? null : (
            <span key={index} className="small quiet">
              {typeof line === "string" ? unbroken(line) : line}
            </span>
          ),
        )}
      </dd>
    </div>
  );
}

function What({ alert, context: { worst, column } }: Props) {
  const strong =
    worst === undefined ? (
      kindWord(alert.kind)
    ) : worst.figure === null ? (
      <>
        <b>
          <Name name={worst.column} limit={30} />
        </b>{" "}
        drifted
      </>
    ) : (
      <>
        <b>{worst.figure.title}</b>
        {worst.figure.classLabel !== null && (
          <>
            {" of "}
            <Name name={worst.figure.classLabel} limit={24} />
          </>
        )}
      </>
    );
  const said = worst === undefined || worst.text === alert.title ? "" : worst.text;
  const moved = worst?.figure === null ? movedText(column?.distribution ?? null) : said;
  return <Fact name="What" strong={strong} lines={[moved, moreText(alert)]} />;
}

function Where({ alert, context: { worst, column } }: Props) {
  const { segment, more } = whereOf(alert);
  const carrier = column?.carriers
    .flatMap((ranking) => ranking.carriers)
    .filter((each) => each.named && each.label !== null)
    .sort((a, b) => b.part - a.part)
    .at(0);
  if (alert.system) return <Fact name="Where" strong={<b>modelwatch itself</b>} lines={[]} />;
  const place = segment ?? carrier?.label ?? null;
  const environment = alert.environment === "production" ? "" : `in ${alert.environment}`;
  const against = worst?.figure?.against;
  return (
    <Fact
      name="Where"
      strong={
        place === null ? (
          <b>The whole model</b>
        ) : (
          <b>
            <Name name={place} limit={30} />
          </b>
        )
      }
      lines={[
        segment === null && carrier ? carrier.text : "",
        against ? (
          <>
            against <Name name={against} limit={28} />
          </>
        ) : (
          ""
        ),
        more > 0 ? `and ${String(more)} more` : "",
        environment,
      ]}
    />
  );
}

function SinceWhen({ alert, context: { model } }: Props) {
  const now = useNow();
  const opened = at(alert.openedAt);
  const held = span(heldSince(alert, now));
  return (
    <Fact
      name="Since when"
      strong={<b title={utc(opened)}>{moment(opened)}</b>}
      lines={[
        alert.status === "RESOLVED" ? `lasted ${held}` : alert.historic ? `lasts ${held} by its events` : `${held} ago`,
        afterVersion(model, alert.openedAt),
      ]}
    />
  );
}

function HowSure({ alert, context: { worst, column } }: Props) {
  const level = unjudged(alert);
  if (level !== null)
    return (
      <Fact
        name="How sure"
        strong={
          <b className="fact-level">
            <LevelMark level={level} /> {levelWord(level)}
          </b>
        }
        lines={[
          alert.evaluation.text,
          `last judged ${moment(at(alert.checkedAt))}; it stays open until it can be judged again`,
        ]}
      />
    );
  if (worst === undefined) return <Fact name="How sure" strong={<b>Certain</b>} lines={["a fact, not an estimate"]} />;
  if (worst.figure !== null)
    return (
      <Fact
        name="How sure"
        strong={<b>{worst.figure.subject === "estimated_performance" ? "By estimate" : "Beyond chance"}</b>}
        lines={[certaintyOf(worst.figure.subject), checkedText(alert)]}
      />
    );
  const holds = column?.sure.filter((each) => each.holds).length ?? 0;
  const all = column?.sure.length ?? 0;
  return (
    <Fact
      name="How sure"
      strong={
        <b>
          {metricWord(worst.metric)} {metricValue(worst.metric, worst.value)}
          {worst.chance === null ? "" : `, chance\u00a0≤\u00a0${metricValue(worst.metric, worst.chance)}`}
        </b>
      }
      lines={[
        agreement(column, worst.metric),
        all > 0 && isOpen(alert.status) ? `${String(holds)} of ${String(all)} checks hold` : "",
        checkedText(alert),
      ]}
    />
  );
}

function certaintyOf(subject: string): string {
  if (subject === "estimated_performance") return "expected from the input, before labels have come";
  if (subject === "concept_drift") return "every label is looked at as it comes";
  if (subject === "custom_metric") return "outside the bounds that were set";
  return "certain over windows that do not overlap";
}

function checkedText(alert: AlertDetail): string {
  return isOpen(alert.status) ? `last checked ${moment(at(alert.checkedAt))}` : "";
}

function HowBad({ alert, context }: Props) {
  const outcome = outcomeOf(alert, context);
  const limit = beyond(context);
  const meanwhile = outcome ? `${outcome.strong}${outcome.quiet.startsWith("[") ? " " : ", "}${outcome.quiet}` : "";
  if (context.worst?.figure && outcome && context.worst.figure.subject.endsWith("performance"))
    return <Fact name="How bad" strong={<b>{outcome.strong}</b>} lines={[outcome.quiet]} />;
  if (limit !== null)
    return <Fact name="How bad" strong={<b>{limit.strong}</b>} lines={[limit.quiet, meanwhile, rowsText(context)]} />;
  return <Fact name="How bad" strong={<b>{levelWord(alert.level)}</b>} lines={[meanwhile]} />;
}
