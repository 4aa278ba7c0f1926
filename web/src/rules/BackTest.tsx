import { useBackTest, type BackTest as Found } from "../data/rules";
import { counted, percent } from "../format/number";
import { at, dayOnly, moment } from "../format/time";
import { LevelMark } from "../levels/LevelMark";
import { saidOf } from "../manage/failure";
import { useDebounced } from "../model/useDebounced";
import { Name } from "../pieces/Name";
import { useNow } from "../pieces/useNow";

import { bodyOf, lacking, type RuleDraft } from "./draft";

const DAYS = 90;
const SHOWN = 4;
const DAY_MS = 86_400_000;

/** What the rule would have done in the last 90 days, before it is saved. */
export function BackTest({ draft }: { draft: RuleDraft }) {
  const missing = lacking({ ...draft, name: draft.name || "rule" });
  const asked = useDebounced(bodyOf({ ...draft, name: draft.name || "rule" }), 400);
  const question = useBackTest(asked, DAYS, missing === "");
  if (missing)
    return (
      <p className="form-result">
        {missing}, and it is tried on the last {DAYS} days.
      </p>
    );
  if (question.error)
    return (
      <p className="form-result is-bad" role="alert">
        {saidOf(question.error)}
      </p>
    );
  if (!question.data)
    return (
      <p className="form-result" role="status">
        Trying it on the last {DAYS} days
      </p>
    );
  return <Result found={question.data} />;
}

function Result({ found }: { found: Found }) {
  const fired = found.tested.filter((each) => each.fired > 0);
  const faults = found.tested.filter((each) => each.fault !== "");
  return (
    <div className={faults.length > 0 && found.windows === 0 ? "form-result is-bad" : "form-result"} role="status">
      {found.text}
      <Bars found={found} />
      {fired.length > 0 && (
        <ul>
          {fired.slice(0, SHOWN).map((each) => (
            <li key={`${each.modelId} ${each.environment} ${each.version}`}>
              <LevelMark level={each.episodes[0]?.level ?? "WARNING"} />
              <span>
                <Name name={each.modelId} limit={24} /> {each.version}: {counted(each.fired, "alert")}
                {each.episodes.length > 0 && (
                  <span className="quiet">, last {moment(at(each.episodes[each.episodes.length - 1].openedAt))}</span>
                )}
              </span>
            </li>
          ))}
        </ul>
      )}
      {fired.length > SHOWN && <div className="small">and {counted(fired.length - SHOWN, "other")}</div>}
      {faults.length > 0 && <div className="small">{faults[0].fault}</div>}
      {found.unjudged > 0 && found.windows > 0 && (
        <div className="small">
          {percent(found.unjudged / found.windows)} of {counted(found.windows, "window")} could not be judged
          {found.tested.find((each) => each.reasons.length > 0)?.reasons[0] !== undefined &&
            `: ${found.tested.find((each) => each.reasons.length > 0)?.reasons[0] ?? ""}`}
        </div>
      )}
    </div>
  );
}

/** When it would have fired, on one line of time. */
function Bars({ found }: { found: Found }) {
  const now = useNow();
  const episodes = found.tested.flatMap((each) => each.episodes);
  if (episodes.length === 0) return null;
  const newest = Math.max(...episodes.map((each) => at(each.resolvedAt ?? each.openedAt)));
  const end = newest > now - found.days * DAY_MS ? now : newest + DAY_MS;
  const start = end - found.days * DAY_MS;
  const place = (time: number) => (Math.max(time - start, 0) / (end - start)) * 360;
  return (
    <svg
      className="back-test-bars"
      viewBox="0 0 360 28"
      role="img"
      aria-label={`${counted(episodes.length, "time")} at which it would have fired, from ${dayOnly(start)} to ${dayOnly(end)}`}
    >
      <line x1="0" x2="360" y1="11.5" y2="11.5" stroke="var(--line-strong)" />
      {episodes.map((each, index) => {
        const from = place(at(each.openedAt));
        const to = each.resolvedAt ? place(at(each.resolvedAt)) : 360;
        const color = each.level === "CRITICAL" ? "var(--critical)" : "var(--warning)";
        return <rect key={index} x={from} y="4" width={Math.max(to - from, 2)} height="8" rx="1" fill={color} />;
      })}
      <text x="0" y="26" className="axis-text" fill="var(--c-axis)">
        {dayOnly(start)}
      </text>
      <text x="360" y="26" textAnchor="end" className="axis-text" fill="var(--c-axis)">
        {dayOnly(end)}
      </text>
    </svg>
  );
}
