import type { Message, useChannelAct } from "../data/channels";
import { counted } from "../format/number";
import { at, moment } from "../format/time";
import { LevelMark } from "../levels/LevelMark";
import { alertPath } from "../navigation/address";
import { Link } from "../navigation/Link";
import { Name } from "../pieces/Name";

type Props = { messages: readonly Message[]; mayWrite: boolean; act: ReturnType<typeof useChannelAct> };

/** Messages that nobody received: given up, or waiting for another try. */
export function UndeliveredList({ messages, mayWrite, act }: Props) {
  return (
    <table className="manage-list" aria-label="Not delivered">
      <thead>
        <tr>
          <th scope="col">Message</th>
          <th scope="col">Channel</th>
          <th scope="col">State</th>
          <th scope="col">Written</th>
          <th scope="col">
            <span className="hidden">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {messages.map((message) => (
          <tr key={message.id}>
            <td>
              <span className="channel-state">
                <LevelMark level={message.level} />
                {message.alerts.length === 1 ? (
                  <Link to={alertPath(String(message.alerts[0]))} className="strong-link">
                    {message.title}
                  </Link>
                ) : (
                  message.title
                )}
              </span>
            </td>
            <td data-label="Channel">
              <Name name={message.channel} limit={30} />
            </td>
            <td data-label="State">
              {message.state === "dead"
                ? `Given up after ${counted(message.attempts, "try", "tries")}`
                : message.attempts > 0 && message.nextAt
                  ? `Tried ${counted(message.attempts, "time")}, next at ${moment(at(message.nextAt))}`
                  : "Waits"}
              {message.error && <span className="small is-bad">{message.error}</span>}
            </td>
            <td data-label="Written" className="is-time">
              {moment(at(message.createdAt))}
            </td>
            <td className="manage-acts">
              {mayWrite && (
                <>
                  <button
                    type="button"
                    className="button"
                    disabled={act.isPending}
                    onClick={() => {
                      act.mutate({ do: "retry", id: message.id });
                    }}
                  >
                    Send again
                  </button>
                  <button
                    type="button"
                    className="button"
                    disabled={act.isPending}
                    onClick={() => {
                      act.mutate({ do: "drop", id: message.id });
                    }}
                  >
                    Drop
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
