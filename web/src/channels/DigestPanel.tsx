import { useDigest } from "../data/channels";
import { counted } from "../format/number";
import { at, moment } from "../format/time";
import { LevelMark } from "../levels/LevelMark";
import { saidOf } from "../manage/failure";
import { alertPath } from "../navigation/address";
import { Link } from "../navigation/Link";
import { Icon } from "../pieces/Icon";
import { Name } from "../pieces/Name";

const NEWS: Record<string, string> = { opened: "new", resolved: "over" };

/** What the channel would read if the day ended now. */
export function DigestPanel({ channel, onClose }: { channel: string; onClose: () => void }) {
  const question = useDigest(channel);
  const held = question.data;
  return (
    <aside className="manage-form" aria-label="Next digest">
      <div className="manage-form-scroll">
        <div className="manage-form-head">
          <h2>
            Next digest to <Name name={channel} limit={24} />
          </h2>
          <button type="button" className="button bare icon" aria-label="Close" onClick={onClose}>
            <Icon name="close" />
          </button>
        </div>
        {question.error && !held && (
          <p className="form-result is-bad" role="alert">
            {saidOf(question.error)}
          </p>
        )}
        {held?.empty && (
          <p className="second">
            Nothing has been noticed since the last one. An empty digest is not sent; notices and rules of severity info
            come here, once a day.
          </p>
        )}
        {held && !held.empty && (
          <>
            <p className="digest-title">{held.title}</p>
            <ul>
              {held.lines.map((line) => (
                <li key={line.alertId} className="digest-line">
                  <LevelMark level={line.level} />
                  <div>
                    <Link to={alertPath(line.alertId)} className="strong-link">
                      {line.title}
                    </Link>
                    <div className="small quiet">
                      <Name name={line.model} limit={30} /> {line.version}, since {moment(at(line.since))}
                      {NEWS[line.news] && `, ${NEWS[line.news]}`}
                    </div>
                    {line.facts.slice(0, 3).map((fact) => (
                      <div key={fact} className="small second">
                        {fact}
                      </div>
                    ))}
                  </div>
                </li>
              ))}
            </ul>
            {held.more > 0 && <p className="small quiet">and {counted(held.more, "other")}</p>}
            {held.notes.length > 0 && (
              <section className="digest-notes">
                <h3>Noticed for a week, small or not lasting enough for an alert</h3>
                <ul>
                  {held.notes.map((note) => (
                    <li key={note} className="small">
                      {note}
                    </li>
                  ))}
                </ul>
              </section>
            )}
          </>
        )}
      </div>
    </aside>
  );
}
