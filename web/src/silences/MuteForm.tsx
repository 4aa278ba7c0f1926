import { useState } from "react";

import { useSilenceAct, type MuteTime } from "../data/silences";
import type { MatcherInput } from "../graphql/graphql";
import { saidOf } from "../manage/failure";
import { FormPanel } from "../manage/FormPanel";
import { TextRow } from "../manage/TextRow";

import { MatcherFields } from "./MatcherFields";
import { MeantList } from "./MeantList";
import { WEEKDAYS, weekdayWord } from "./words";

type Props = { mayWrite: boolean; before: MuteTime | null; onClose: () => void };

/** Hours of the week in which some alerts wait; what still fires afterwards is told then. */
export function MuteForm({ mayWrite, before, onClose }: Props) {
  const [name, setName] = useState(before?.name ?? "");
  const [zone, setZone] = useState(before?.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone);
  const [spans, setSpans] = useState(
    before?.spans ?? [{ weekdays: ["mon", "tue", "wed", "thu", "fri"], start: "18:00", end: "08:00" }],
  );
  const [matcher, setMatcher] = useState<MatcherInput>(before?.matcher ?? { atMost: "WARNING" });
  const act = useSilenceAct();
  const setSpan = (place: number, part: Partial<MuteTime["spans"][number]>) => {
    act.reset();
    setSpans((now) => now.map((span, each) => (each === place ? { ...span, ...part } : span)));
  };
  return (
    <FormPanel
      title={before ? `Mute time ${before.name}` : "New mute time"}
      label="Mute time"
      save="Save"
      saving={act.isPending}
      mayWrite={mayWrite}
      missing={
        name.trim() === "" ? "Give it a name" : spans.some((span) => span.weekdays.length === 0) ? "Choose a day" : ""
      }
      failed={saidOf(act.error)}
      onSave={() => {
        act.mutate({ do: "mute", name: name.trim(), muteTime: { zone, spans, matcher } }, { onSuccess: onClose });
      }}
      onClose={onClose}
      result={<MeantList matcher={matcher} verb="Holds back" />}
    >
      <TextRow label="Name" value={name} disabled={before !== null} placeholder="nights" onChange={setName} />
      <fieldset>
        <legend>When</legend>
        {spans.map((span, place) => (
          <div className="form-row" key={place}>
            <span className="form-days" role="group" aria-label="Days">
              {WEEKDAYS.map((day) => (
                <button
                  key={day}
                  type="button"
                  aria-pressed={span.weekdays.includes(day)}
                  onClick={() => {
                    const chosen = span.weekdays.includes(day)
                      ? span.weekdays.filter((each) => each !== day)
                      : WEEKDAYS.filter((each) => each === day || span.weekdays.includes(each));
                    setSpan(place, { weekdays: chosen });
                  }}
                >
                  {weekdayWord(day)}
                </button>
              ))}
            </span>
            <div className="form-pair">
              <TextRow
                label="From"
                value={span.start}
                onChange={(start) => {
                  setSpan(place, { start });
                }}
              />
              <TextRow
                label="Until"
                value={span.end}
                note={span.end <= span.start ? "the next day" : ""}
                onChange={(end) => {
                  setSpan(place, { end });
                }}
              />
            </div>
            {spans.length > 1 && (
              <button
                type="button"
                className="button"
                onClick={() => {
                  setSpans((now) => now.filter((_, each) => each !== place));
                }}
              >
                Remove these hours
              </button>
            )}
          </div>
        ))}
        <button
          type="button"
          className="button"
          onClick={() => {
            setSpans((now) => [...now, { weekdays: ["sat", "sun"], start: "00:00", end: "24:00" }]);
          }}
        >
          Add hours
        </button>
      </fieldset>
      <TextRow label="Time zone" value={zone} placeholder="Europe/Berlin" onChange={setZone} />
      <MatcherFields
        matcher={matcher}
        onChange={(part) => {
          act.reset();
          setMatcher((now) => ({ ...now, ...part }));
        }}
      />
    </FormPanel>
  );
}
