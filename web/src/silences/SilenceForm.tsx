import { useState } from "react";

import { keepWho, useWho } from "../alerts/who";
import { useSilenceAct } from "../data/silences";
import type { MatcherInput } from "../graphql/graphql";
import { ChoiceRow } from "../manage/ChoiceRow";
import { saidOf } from "../manage/failure";
import { FormPanel } from "../manage/FormPanel";
import { TextRow } from "../manage/TextRow";

import { MatcherFields } from "./MatcherFields";
import { MeantList } from "./MeantList";

const LASTS = [
  ["1", "1 hour"],
  ["4", "4 hours"],
  ["24", "1 day"],
  ["72", "3 days"],
  ["168", "1 week"],
  ["720", "30 days"],
] as const;
type Hours = (typeof LASTS)[number][0];

type Props = { mayWrite: boolean; onClose: () => void };

/** A new silence, with what it would mute. */
export function SilenceForm({ mayWrite, onClose }: Props) {
  const [matcher, setMatcher] = useState<MatcherInput>({});
  const [hours, setHours] = useState<Hours>("4");
  const who = useWho();
  const [by, setBy] = useState(who);
  const [comment, setComment] = useState("");
  const act = useSilenceAct();
  const isEmpty = Object.values(matcher).every((each) => !each);
  return (
    <FormPanel
      title="New silence"
      label="New silence"
      save="Silence"
      saving={act.isPending}
      mayWrite={mayWrite}
      missing={isEmpty ? "Say which alerts" : by.trim() === "" ? "Say who you are" : ""}
      failed={saidOf(act.error)}
      onSave={() => {
        keepWho(by);
        const silence = { matcher, hours: Number(hours), by: by.trim(), comment };
        act.mutate({ do: "create", silence }, { onSuccess: onClose });
      }}
      onClose={onClose}
      result={<MeantList matcher={matcher} verb="Mutes" />}
    >
      <MatcherFields
        matcher={matcher}
        onChange={(part) => {
          act.reset();
          setMatcher((now) => ({ ...now, ...part }));
        }}
      />
      <fieldset>
        <legend>For how long, and why</legend>
        <ChoiceRow label="Lasts" value={hours} choices={LASTS} onChange={setHours} />
        <TextRow
          label="Your name"
          value={by}
          note="Stands beside the silence, so that others know whom to ask."
          onChange={setBy}
        />
        <TextRow label="Reason" value={comment} placeholder="Backfill of the weather feed" onChange={setComment} />
      </fieldset>
    </FormPanel>
  );
}
