import { useState, type ReactNode } from "react";

import { useDecide, type Decision } from "../data/alerts";
import { counted } from "../format/number";
import type { AlertVerb } from "../graphql/graphql";

import { changeable, doneText, unchanged, undoing, whatText, type Target } from "./decision";
import { hoursUntil } from "./silence";
import { SilenceDialog } from "./SilenceDialog";
import { TextDialog } from "./TextDialog";
import { useWho } from "./who";
import { WhoDialog } from "./WhoDialog";

type Begun = { verb: AlertVerb; targets: readonly Target[]; askWho: boolean };

export type Note = { text: string; failed: boolean; undo?: () => void };

/** Verbs that ask nothing further. */
const AT_ONCE: readonly AlertVerb[] = ["ACKNOWLEDGE", "UNACKNOWLEDGE", "UNSILENCE", "REOPEN"];

export type Decisions = {
  /** Starts a verb: asks what it needs to know, then does it. */
  begin: (verb: AlertVerb, targets: readonly Target[]) => void;
  say: (target: Target, comment: string) => void;
  changeName: () => void;
  who: string;
  busy: boolean;
  /** What was done last, or why it was not; `undo` takes it back. */
  note: Note | null;
  forget: () => void;
  dialogs: ReactNode;
};

/** Everything that a person can do about alerts, with the questions that come first: who, for how long, to whom. */
export function useDecisions({ people = [], onDone }: { people?: readonly string[]; onDone?: () => void }): Decisions {
  const who = useWho();
  const [begun, setBegun] = useState<Begun | null>(null);
  const [naming, setNaming] = useState(false);
  const [note, setNote] = useState<Note | null>(null);
  const decide = useDecide();
  const close = () => {
    setBegun(null);
    setNaming(false);
  };
  const send = (
    verb: AlertVerb,
    targets: readonly Target[],
    by: string,
    more: Omit<Decision, "verb" | "ids" | "by">,
  ) => {
    close();
    decide.mutate(
      { verb, ids: targets.map((each) => each.id), by, ...more },
      {
        onSuccess: ({ changed, failed, reason }) => {
          const text = changed === 0 ? reason : doneText(verb, changed, failed);
          const back = undoing(verb);
          const undo = () => {
            if (back) send(back, targets, by, { comment: "" });
          };
          setNote({ text, failed: failed > 0, ...(back && changed > 0 ? { undo } : {}) });
          onDone?.();
        },
        onError: (error) => {
          setNote({ text: error.message, failed: true });
        },
      },
    );
  };
  const go = (verb: AlertVerb, targets: readonly Target[], by: string) => {
    if (AT_ONCE.includes(verb)) send(verb, targets, by, { comment: "" });
    else setBegun({ verb, targets, askWho: false });
  };
  const begin = (verb: AlertVerb, all: readonly Target[]) => {
    const targets = changeable(verb, all);
    setNote(targets.length === 0 ? { text: unchanged(all), failed: false } : null);
    if (targets.length === 0 || decide.isPending) return;
    if (who === "") setBegun({ verb, targets, askWho: true });
    else go(verb, targets, who);
  };
  return {
    begin,
    say: (target, comment) => {
      if (who === "") setBegun({ verb: "COMMENT", targets: [target], askWho: true });
      else send("COMMENT", [target], who, { comment });
    },
    changeName: () => {
      setNaming(true);
    },
    who,
    busy: decide.isPending,
    note,
    forget: () => {
      setNote(null);
    },
    dialogs: (
      <>
        {naming && <WhoDialog onKnown={close} onClose={close} />}
        {begun?.askWho && (
          <WhoDialog
            onKnown={(name) => {
              close();
              go(begun.verb, begun.targets, name);
            }}
            onClose={close}
          />
        )}
        {begun && !begun.askWho && (
          <Question
            begun={begun}
            people={[...new Set([who, ...people])].filter((name) => name !== "")}
            send={(more) => {
              send(begun.verb, begun.targets, who, more);
            }}
            close={close}
          />
        )}
      </>
    ),
  };
}

type QuestionProps = {
  begun: Begun;
  people: readonly string[];
  send: (more: Omit<Decision, "verb" | "ids" | "by">) => void;
  close: () => void;
};

function Question({ begun: { verb, targets }, people, send, close }: QuestionProps) {
  const what = whatText(targets);
  const of = targets.length === 1 ? targets[0].title : null;
  if (verb === "SILENCE")
    return (
      <SilenceDialog
        what={what}
        of={of}
        onChoose={(until, comment) => {
          send({ comment, hours: hoursUntil(until, Date.now()) });
        }}
        onClose={close}
      />
    );
  if (verb === "RESOLVE")
    return (
      <TextDialog
        title={`Resolve ${what}`}
        of={of}
        explanation="Nothing opens again for what is raised now until it was clear once or gets worse. Alerts resolve by themselves when it is over."
        label="Reason"
        placeholder="Reason, if you like"
        verb={targets.length === 1 ? "Resolve" : `Resolve ${counted(targets.length, "alert")}`}
        optional
        onSay={(comment) => {
          send({ comment });
        }}
        onClose={close}
      />
    );
  if (verb === "ASSIGN")
    return (
      <TextDialog
        title={`Assign ${what}`}
        of={of}
        explanation="Who looks after it. An empty name assigns it to nobody."
        label="Name"
        placeholder="Name"
        verb="Assign"
        optional
        initial={targets.length === 1 ? targets[0].assignedTo : ""}
        suggestions={people.slice(0, 6)}
        onSay={(to) => {
          send({ comment: "", to });
        }}
        onClose={close}
      />
    );
  return (
    <TextDialog
      title={`Comment on ${what}`}
      of={of}
      explanation="It stands in the alert’s timeline."
      label="Comment"
      placeholder="Add a comment"
      verb="Comment"
      onSay={(comment) => {
        send({ comment });
      }}
      onClose={close}
    />
  );
}
