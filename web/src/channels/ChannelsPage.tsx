import { useState } from "react";

import { useChannelAct, useChannels, useTestChannel, useUndelivered } from "../data/channels";
import { ManagePage } from "../manage/ManagePage";
import { Notice } from "../pieces/Notice";

import { ChannelForm } from "./ChannelForm";
import { ChannelList } from "./ChannelList";
import { DigestPanel } from "./DigestPanel";
import { UndeliveredList } from "./UndeliveredList";
import { sentence } from "./words";
import "./channels.css";

const NEW = "";

/** Where people are told, and how that goes. */
export function ChannelsPage() {
  const question = useChannels();
  const undelivered = useUndelivered();
  const test = useTestChannel();
  const act = useChannelAct();
  const [open, setOpen] = useState<string | null>(null);
  const [digest, setDigest] = useState<string | null>(null);
  const held = question.data;
  const mayWrite = held?.system.mayWrite ?? false;
  const before = held?.channels.find((each) => each.name === open) ?? null;
  const messages = undelivered.data?.messages ?? [];
  const add = (
    <button
      type="button"
      className="button primary"
      disabled={!mayWrite}
      onClick={() => {
        setDigest(null);
        setOpen(NEW);
      }}
    >
      New channel
    </button>
  );
  const side =
    digest !== null ? (
      <DigestPanel
        key={digest}
        channel={digest}
        onClose={() => {
          setDigest(null);
        }}
      />
    ) : held && open !== null && (open === NEW || before) ? (
      <ChannelForm
        key={open}
        before={before}
        kinds={held.channelKinds}
        mayWrite={mayWrite}
        onClose={() => {
          setOpen(null);
        }}
      />
    ) : undefined;
  return (
    <ManagePage
      what="Channels"
      question={question}
      act={act}
      sentence={held && sentence(held.channels)}
      controls={held && held.channels.length > 0 && add}
      about="One message for what happens together, at once when it is critical; then only what is new, and a repeat every few hours while nobody has taken it on."
      side={side}
    >
      {held && (
        <section className="manage-section" aria-label="Channels">
          {held.channels.length > 0 ? (
            <ChannelList
              channels={held.channels}
              chosen={open}
              mayWrite={mayWrite}
              test={test}
              onOpen={(name) => {
                setDigest(null);
                setOpen(name);
              }}
              onDigest={setDigest}
            />
          ) : (
            <Notice title="Alerts are kept, and nobody is sent one" action={add}>
              <p>
                Add a channel: Slack, e-mail, PagerDuty, Teams, a webhook, Alertmanager. It can be tried with a test
                message at once.
              </p>
            </Notice>
          )}
        </section>
      )}
      {held && messages.length > 0 && (
        <section className="manage-section" aria-label="Not delivered">
          <h2>
            Not delivered
            <span className="quiet">kept until they are sent or dropped</span>
          </h2>
          <UndeliveredList messages={messages} mayWrite={mayWrite} act={act} />
        </section>
      )}
    </ManagePage>
  );
}
