import type { Matcher, Silence, useSilenceAct } from "../data/silences";
import { counted } from "../format/number";
import { at, moment, span } from "../format/time";
import { Name } from "../pieces/Name";
import { useNow } from "../pieces/useNow";

import { matcherParts } from "./words";

type Props = { silences: readonly Silence[]; mayWrite: boolean; act: ReturnType<typeof useSilenceAct> };

/** Silences as rows: what they mute, since when and until when, who and why. */
export function SilenceList({ silences, mayWrite, act }: Props) {
  const now = useNow();
  return (
    <table className="manage-list" aria-label="Silences">
      <thead>
        <tr>
          <th scope="col">Mutes</th>
          <th scope="col">State</th>
          <th scope="col">Until</th>
          <th scope="col">By, why</th>
          <th scope="col" className="number">
            Mutes now
          </th>
          <th scope="col">
            <span className="hidden">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {silences.map((silence) => (
          <tr key={silence.id} className={silence.state === "ended" ? "is-over" : ""}>
            <td>
              <Meaning matcher={silence.matcher} />
            </td>
            <td data-label="State" className="is-time">
              {stateWord(silence)}
            </td>
            <td data-label="Until" className="is-time">
              {moment(at(silence.endsAt))}
              {silence.state === "active" && <span className="small">{span(at(silence.endsAt) - now)} left</span>}
            </td>
            <td data-label="By">
              <Name name={silence.by} limit={30} />
              {silence.comment && <span className="small">{silence.comment}</span>}
            </td>
            <td className="number" data-label="Mutes now">
              {silence.state === "ended" ? "" : counted(silence.alerts, "alert")}
            </td>
            <td className="manage-acts">
              {silence.state !== "ended" && mayWrite && (
                <>
                  <button
                    type="button"
                    className="button"
                    disabled={act.isPending}
                    onClick={() => {
                      act.mutate({ do: "extend", id: silence.id, hours: 24 });
                    }}
                  >
                    1 day longer
                  </button>
                  <button
                    type="button"
                    className="button"
                    disabled={act.isPending}
                    onClick={() => {
                      act.mutate({ do: "expire", id: silence.id });
                    }}
                  >
                    End now
                  </button>
                </>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function stateWord(silence: Silence): string {
  if (silence.state === "pending") return `Begins ${moment(at(silence.startsAt))}`;
  return silence.state === "active" ? "Active" : "Ended";
}

/** The model first, then the rest of the words. */
export function Meaning({ matcher }: { matcher: Matcher }) {
  const parts = matcherParts(matcher);
  return (
    <>
      {matcher.model ? <Name name={matcher.model} limit={40} /> : "Every model"}
      {parts.length > 0 && <span className="small">{parts.join(", ")}</span>}
    </>
  );
}
