import { useState } from "react";

import { useChannels } from "../data/channels";
import { useRuleAct, useRules } from "../data/rules";
import { ManagePage } from "../manage/ManagePage";

import { OverrideForm } from "./OverrideForm";
import { RuleForm } from "./RuleForm";
import { RuleList } from "./RuleList";
import { sentence } from "./words";
import "../channels/channels.css";
import "./rules.css";

const NEW = "";

/** What is worth an alert. */
export function RulesPage() {
  const question = useRules();
  const channels = useChannels().data?.channels.map((each) => each.name) ?? [];
  const act = useRuleAct();
  const [open, setOpen] = useState<string | null>(null);
  const held = question.data;
  const mayWrite = held?.system.mayWrite ?? false;
  const before = held?.rules.find((each) => each.id === open) ?? null;
  const own = held?.rules.filter((rule) => !rule.builtIn) ?? [];
  const close = () => {
    setOpen(null);
  };
  const side =
    held && open !== null && (open === NEW || before) ? (
      before?.builtIn ? (
        <OverrideForm key={open} rule={before} channels={channels} mayWrite={mayWrite} onClose={close} />
      ) : (
        <RuleForm key={open} before={before} channels={channels} mayWrite={mayWrite} onClose={close} />
      )
    ) : undefined;
  const lists = { chosen: open, mayWrite, act, onOpen: setOpen };
  return (
    <ManagePage
      what="Rules"
      question={question}
      act={act}
      sentence={held && sentence(held.rules)}
      controls={
        <button
          type="button"
          className="button primary"
          disabled={!mayWrite}
          onClick={() => {
            setOpen(NEW);
          }}
        >
          New rule
        </button>
      }
      side={side}
    >
      {held && own.length > 0 && (
        <section className="manage-section" aria-label="Your rules">
          <h2>
            Your rules
            <span className="quiet">also as one file: modelwatch rules export</span>
          </h2>
          <RuleList rules={own} label="Your rules" {...lists} />
        </section>
      )}
      {held && (
        <section className="manage-section" aria-label="Built-in rules">
          <h2>
            Built in
            <span className="quiet">certain, large and lasting; for each model, without anyone writing one</span>
          </h2>
          <RuleList rules={held.rules.filter((rule) => rule.builtIn)} label="Built-in rules" {...lists} />
        </section>
      )}
    </ManagePage>
  );
}
