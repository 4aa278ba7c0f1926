import { useState } from "react";

import { useSilenceAct, useSilences, type MuteTime } from "../data/silences";
import { counted } from "../format/number";
import { ManagePage } from "../manage/ManagePage";
import { useChangeSearch, useSearch } from "../navigation/location";
import { Notice } from "../pieces/Notice";
import { Segmented } from "../pieces/Segmented";

import { MuteForm } from "./MuteForm";
import { MuteList } from "./MuteList";
import { SilenceForm } from "./SilenceForm";
import { SilenceList } from "./SilenceList";

type Open = { what: "silence" } | { what: "mute"; before: MuteTime | null } | null;

/** What is kept quiet, by whom and until when. */
export function SilencesPage() {
  const ended = useSearch().get("show") === "ended";
  const change = useChangeSearch();
  const question = useSilences(ended);
  const act = useSilenceAct();
  const [open, setOpen] = useState<Open>(null);
  const held = question.data;
  const mayWrite = held?.system.mayWrite ?? false;
  const close = () => {
    setOpen(null);
  };
  const side =
    open?.what === "silence" ? (
      <SilenceForm mayWrite={mayWrite} onClose={close} />
    ) : open?.what === "mute" ? (
      <MuteForm key={open.before?.name ?? ""} mayWrite={mayWrite} before={open.before} onClose={close} />
    ) : undefined;
  return (
    <ManagePage
      what="Silences"
      question={question}
      act={act}
      sentence={held && sentence(held.silences, held.muteTimes)}
      controls={
        <>
          <Segmented
            label="Which silences"
            value={ended ? "ended" : "now"}
            onChange={(value) => {
              change({ show: value === "ended" ? "ended" : null });
            }}
            choices={[
              { value: "now", text: "Now and to come" },
              { value: "ended", text: "With ended" },
            ]}
          />
          <button
            type="button"
            className="button primary"
            disabled={!mayWrite}
            onClick={() => {
              setOpen({ what: "silence" });
            }}
          >
            New silence
          </button>
        </>
      }
      about="A silenced alert goes on and is seen here; nobody is sent a message about it. When the silence ends, what still fires is told."
      side={side}
    >
      {held && (
        <section className="manage-section" aria-label="Silences">
          {held.silences.length > 0 ? (
            <SilenceList silences={held.silences} mayWrite={mayWrite} act={act} />
          ) : (
            <Notice title="Nothing is silenced">
              <p>
                Silence one alert from its page, or here everything that fits some words: a model, a kind, a feature.
              </p>
            </Notice>
          )}
        </section>
      )}
      {held && (
        <section className="manage-section" aria-label="Mute times">
          <h2>
            Mute times
            <span className="quiet">hours of the week in which some alerts wait</span>
            <button
              type="button"
              className="button"
              disabled={!mayWrite}
              onClick={() => {
                setOpen({ what: "mute", before: null });
              }}
            >
              New mute time
            </button>
          </h2>
          {held.muteTimes.length > 0 ? (
            <MuteList
              mutes={held.muteTimes}
              mayWrite={mayWrite}
              act={act}
              onOpen={(before) => {
                setOpen({ what: "mute", before });
              }}
            />
          ) : (
            <p className="quiet">None: every hour is told alike.</p>
          )}
        </section>
      )}
    </ManagePage>
  );
}

function sentence(
  silences: readonly { state: string; alerts: number }[],
  mutes: readonly { until: string | null }[],
): string {
  const active = silences.filter((each) => each.state === "active");
  const muted = active.reduce((sum, each) => sum + each.alerts, 0);
  const now = mutes.filter((each) => each.until).length;
  const first =
    active.length === 0
      ? "Nothing is silenced"
      : `${counted(active.length, "silence holds", "silences hold")} ${counted(muted, "alert")} back`;
  return now > 0 ? `${first}; ${counted(now, "mute time")} now` : first;
}
