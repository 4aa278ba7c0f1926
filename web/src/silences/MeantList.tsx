import { useMeant } from "../data/silences";
import type { MatcherInput } from "../graphql/graphql";
import { counted } from "../format/number";
import { LevelMark } from "../levels/LevelMark";
import { alertPath } from "../navigation/address";
import { Link } from "../navigation/Link";
import { saidOf } from "../manage/failure";
import { useDebounced } from "../model/useDebounced";

const SHOWN = 5;

type Props = { matcher: MatcherInput; verb: string };

/** Which alerts the words above mean now, before anything is saved. */
export function MeantList({ matcher, verb }: Props) {
  const asked = useDebounced(matcher, 250);
  const isEmpty = Object.values(asked).every((each) => !each);
  const question = useMeant(asked, !isEmpty);
  if (isEmpty) return <p className="form-result">Say at least one word: a silence for everything is not taken.</p>;
  if (question.error)
    return (
      <p className="form-result is-bad" role="alert">
        {saidOf(question.error)}
      </p>
    );
  const meant = question.data?.silencePreview;
  if (!meant) return <p className="form-result">Looking for alerts that fit</p>;
  return (
    <div className="form-result" role="status">
      {meant.count === 0 ? (
        "Nothing that goes on fits now; alerts to come may."
      ) : (
        <>
          {verb} {counted(meant.count, "alert")} of {counted(meant.models, "model")} that{" "}
          {meant.count === 1 ? "goes" : "go"} on
          <ul>
            {meant.alerts.slice(0, SHOWN).map((alert) => (
              <li key={alert.id}>
                <LevelMark level={alert.level} />
                <Link to={alertPath(alert.id)} className="strong-link">
                  {alert.title}
                </Link>
              </li>
            ))}
          </ul>
          {meant.count > SHOWN && <span className="small">and {counted(meant.count - SHOWN, "other")}</span>}
        </>
      )}
    </div>
  );
}
