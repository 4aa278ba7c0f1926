import { useState } from "react";

import { useActionAct, useActions } from "../data/actions";
import { ManagePage } from "../manage/ManagePage";
import { Notice } from "../pieces/Notice";

import { ActionForm } from "./ActionForm";
import { ActionList } from "./ActionList";
import { RunList } from "./RunList";
import { sentence } from "./words";
import "../channels/channels.css";
import "./actions.css";

const NEW = "";

/** What is done by itself, or after approval, about alerts that last. */
export function ActionsPage() {
  const question = useActions();
  const act = useActionAct();
  const [open, setOpen] = useState<string | null>(null);
  const held = question.data;
  const mayWrite = held?.system.mayWrite ?? false;
  const before = held?.actions.find((each) => each.name === open) ?? null;
  const add = (
    <button
      type="button"
      className="button primary"
      disabled={!mayWrite}
      onClick={() => {
        setOpen(NEW);
      }}
    >
      New action
    </button>
  );
  const side =
    held && open !== null && (open === NEW || before) ? (
      <ActionForm
        key={open}
        before={before}
        mayWrite={mayWrite}
        onClose={() => {
          setOpen(null);
        }}
      />
    ) : undefined;
  return (
    <ManagePage
      what="Actions"
      question={question}
      act={act}
      sentence={held && sentence(held.actions, held.actionRuns)}
      controls={held && held.actions.length > 0 && add}
      about="An action answers an alert that lasts: it starts a retraining, opens a ticket. It begins as a dry run, waits for approval, keeps its distance, and is judged by the windows that follow."
      side={side}
    >
      {held && (
        <section className="manage-section" aria-label="Actions">
          {held.actions.length > 0 ? (
            <ActionList actions={held.actions} chosen={open} onOpen={setOpen} />
          ) : (
            <Notice title="Nothing is done by itself" action={add}>
              <p>Alerts are told, and people act. An action can prepare or do the first step.</p>
            </Notice>
          )}
        </section>
      )}
      {held && held.actionRuns.length > 0 && (
        <section className="manage-section" aria-label="Runs">
          <h2>
            Runs
            <span className="quiet">the newest 50, those that wait first</span>
          </h2>
          <RunList
            runs={[...held.actionRuns].sort((a, b) => Number(b.state === "PROPOSED") - Number(a.state === "PROPOSED"))}
            mayWrite={mayWrite}
            act={act}
          />
        </section>
      )}
    </ManagePage>
  );
}
