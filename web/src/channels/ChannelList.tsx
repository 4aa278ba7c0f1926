import type { Channel, useTestChannel } from "../data/channels";
import { counted, NOTHING } from "../format/number";
import { at, moment } from "../format/time";
import { LevelMark } from "../levels/LevelMark";
import { Name } from "../pieces/Name";

import { TestResult } from "./TestResult";
import { leastWord, modelsWord } from "./words";

type Props = {
  channels: readonly Channel[];
  chosen: string | null;
  mayWrite: boolean;
  test: ReturnType<typeof useTestChannel>;
  onOpen: (name: string) => void;
  onDigest: (name: string) => void;
};

/** Channels as rows: how each is doing, what it takes, when it last delivered. */
export function ChannelList({ channels, chosen, mayWrite, test, onOpen, onDigest }: Props) {
  return (
    <table className="manage-list" aria-label="Channels">
      <thead>
        <tr>
          <th scope="col">State</th>
          <th scope="col">Channel</th>
          <th scope="col">Takes</th>
          <th scope="col">Of</th>
          <th scope="col">Delivered</th>
          <th scope="col">
            <span className="hidden">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {channels.map((channel) => (
          <tr key={channel.name} className={rowClass(channel, chosen)}>
            <td>
              <ChannelState channel={channel} />
            </td>
            <td>
              {channel.builtIn ? (
                <Name name={channel.name} limit={40} />
              ) : (
                <button
                  type="button"
                  className="manage-open"
                  onClick={() => {
                    onOpen(channel.name);
                  }}
                >
                  <Name name={channel.name} limit={40} />
                </button>
              )}
              <span className="small">
                {channel.title}
                {channel.builtIn && ", set by the operator of the server"}
              </span>
              {test.variables === channel.name && <TestResult test={test} />}
            </td>
            <td data-label="Takes">{leastWord(channel.minLevel)}</td>
            <td data-label="Of">{modelsWord(channel.models)}</td>
            <td data-label="Delivered" className="is-time">
              {channel.deliveredAt ? moment(at(channel.deliveredAt)) : NOTHING}
              {channel.waiting > 0 && (
                <span className="small">{counted(channel.waiting, "message waits", "messages wait")}</span>
              )}
              {channel.heldUntil && <span className="small">held back until {moment(at(channel.heldUntil))}</span>}
            </td>
            <td className="manage-acts">
              {channel.minLevel === "info" && (
                <button
                  type="button"
                  className="button"
                  onClick={() => {
                    onDigest(channel.name);
                  }}
                >
                  Next digest
                </button>
              )}
              {mayWrite && channel.enabled && (
                <button
                  type="button"
                  className="button"
                  disabled={test.isPending}
                  onClick={() => {
                    test.mutate(channel.name);
                  }}
                >
                  Send a test
                </button>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function rowClass(channel: Channel, chosen: string | null): string {
  if (channel.name === chosen) return "is-chosen";
  return channel.enabled ? "" : "is-over";
}

/** A shape and a word; what is wrong stands below. */
function ChannelState({ channel }: { channel: Channel }) {
  const level = !channel.enabled ? "NO_DATA" : channel.fault ? "ERROR" : channel.sent > 0 ? "OK" : "INSUFFICIENT_DATA";
  const word = { NO_DATA: "Switched off", ERROR: "Fault", OK: "Works", INSUFFICIENT_DATA: "Not used yet" }[level];
  return (
    <>
      <span className="channel-state">
        <LevelMark level={level} />
        {word}
      </span>
      {channel.enabled && channel.fault && <span className="small is-bad channel-fault">{channel.fault}</span>}
    </>
  );
}
