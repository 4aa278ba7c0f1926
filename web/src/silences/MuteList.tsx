import type { MuteTime, useSilenceAct } from "../data/silences";
import { at, moment } from "../format/time";
import { Name } from "../pieces/Name";

import { Meaning } from "./SilenceList";
import { spanInWords } from "./words";

type Props = {
  mutes: readonly MuteTime[];
  mayWrite: boolean;
  act: ReturnType<typeof useSilenceAct>;
  onOpen: (mute: MuteTime) => void;
};

/** Mute times as rows: name, hours, what waits. */
export function MuteList({ mutes, mayWrite, act, onOpen }: Props) {
  return (
    <table className="manage-list" aria-label="Mute times">
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Hours</th>
          <th scope="col">What waits</th>
          <th scope="col">Now</th>
          <th scope="col">
            <span className="hidden">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {mutes.map((mute) => (
          <tr key={mute.name}>
            <td>
              <button
                type="button"
                className="manage-open"
                onClick={() => {
                  onOpen(mute);
                }}
              >
                <Name name={mute.name} limit={30} />
              </button>
            </td>
            <td>
              {mute.spans.map((span, place) => (
                <div key={place}>{spanInWords(span)}</div>
              ))}
              <span className="small">{mute.zone}</span>
            </td>
            <td data-label="What waits">
              <Meaning matcher={mute.matcher} />
            </td>
            <td data-label="Now">{mute.until ? `Muted until ${moment(at(mute.until))}` : "Not muted"}</td>
            <td className="manage-acts">
              {mayWrite && (
                <button
                  type="button"
                  className="button"
                  disabled={act.isPending}
                  onClick={() => {
                    act.mutate({ do: "unmute", name: mute.name });
                  }}
                >
                  Remove
                </button>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
