import type { AlertLine } from "../data/alerts";
import { at, day, moment, spanShort } from "../format/time";
import { LevelWord } from "../levels/LevelWord";

import { unjudged } from "./status";

type Props = { alert: AlertLine; now: number };

const MONTH = 30 * 86_400_000;

/** When the alert was last checked; a check that could not judge is neither silence nor health, so it says so. */
export function EvaluationMark({ alert, now }: Props) {
  const level = unjudged(alert);
  const { evaluation } = alert;
  if (level !== null) {
    const since = evaluation.since === null ? "" : `since ${moment(at(evaluation.since))}`;
    return (
      <span title={[evaluation.text, since].filter((each) => each !== "").join("; ")}>
        <LevelWord level={level} />
      </span>
    );
  }
  const checked = at(alert.checkedAt);
  return (
    <span className="quiet" title={moment(checked)}>
      {alert.historic || now - checked > MONTH ? day(checked) : `${spanShort(now - checked)} ago`}
    </span>
  );
}
