import { useEffect, useMemo, useRef } from "react";

import { useAlert, type AlertDetail } from "../data/alerts";
import { exact } from "../format/number";
import type { AlertVerb } from "../graphql/graphql";
import { goTo, useChangeSearch, useSearch } from "../navigation/location";
import { FailedLine, FailedPage } from "../pieces/Failed";
import { Name } from "../pieces/Name";
import { useKeys } from "../pieces/useKeys";
import { KeyHint } from "../shell/KeyHint";
import { MissingPage } from "../shell/MissingPage";
import { Page } from "../shell/Page";

import { AlertFacts } from "./AlertFacts";
import { AlertHeader } from "./AlertHeader";
import { AlertItems } from "./AlertItems";
import { AlertSkeleton } from "./AlertSkeleton";
import { CommentBox } from "./CommentBox";
import { Evidence } from "./Evidence";
import { Timeline } from "./Timeline";
import { useAlertContext } from "./useAlertContext";
import { useDecisions, type Decisions } from "./useDecisions";
import { useNeighbours } from "./useNeighbours";
import { WhatToDo } from "./WhatToDo";
import "../model/model.css";
import "./alerts.css";

/** One alert: what, where, since when, how sure, how bad; the evidence; what happened to it and what can be done. */
export function AlertPage({ id }: { id: string }) {
  const question = useAlert(id);
  const alert = question.data?.alert;
  if (alert === null) return <MissingPage what="There is no such alert" />;
  return alert ? (
    <Found key={id} alert={alert} question={question} />
  ) : (
    <Page crumbs={[{ text: "Alerts", to: "/alerts" }, { text: "…" }]}>
      {question.isError ? <FailedPage what="The alert" question={question} /> : <AlertSkeleton />}
    </Page>
  );
}

type FoundProps = { alert: AlertDetail; question: ReturnType<typeof useAlert> };

function Found({ alert, question }: FoundProps) {
  const neighbours = useNeighbours(alert.id);
  const people = useMemo(() => [alert.assignedTo, ...alert.events.map((event) => event.by)], [alert]);
  const decisions = useDecisions({ people });
  const context = useAlertContext(alert);
  const comment = useRef<HTMLInputElement>(null);
  const mayWrite = question.data?.system.mayWrite ?? false;
  useSilenceLink(alert, decisions, mayWrite);
  const start = (verb: AlertVerb) => (event: KeyboardEvent) => {
    event.preventDefault();
    if (mayWrite) decisions.begin(verb, [alert]);
  };
  useKeys({
    a: start("ACKNOWLEDGE"),
    s: start("SILENCE"),
    r: start("RESOLVE"),
    i: start("ASSIGN"),
    m: (event) => {
      event.preventDefault();
      comment.current?.focus();
    },
    j: () => {
      neighbours.go(1);
    },
    k: () => {
      neighbours.go(-1);
    },
    u: () => {
      goTo(neighbours.inbox);
    },
  });
  return (
    <Page
      crumbs={[{ text: "Alerts", to: neighbours.inbox }, { text: exact(alert.number) }]}
      side={
        <aside className="side-panel why-panel alert-side" aria-label="What to do, and what happened">
          <div className="side-scroll">
            <WhatToDo alert={alert} context={context} />
            <Timeline events={alert.events} />
          </div>
          {mayWrite && alert.verbs.includes("COMMENT") && (
            <CommentBox
              input={comment}
              who={decisions.who}
              busy={decisions.busy}
              onSay={(text) => {
                decisions.say(alert, text);
              }}
              onName={decisions.changeName}
            />
          )}
        </aside>
      }
      footer={<Footer place={neighbours.place} count={neighbours.count} rule={context.rule} />}
    >
      <FailedLine what="The alert" question={question} />
      <AlertHeader alert={alert} decisions={decisions} mayWrite={mayWrite} />
      <AlertFacts alert={alert} context={context} />
      <Evidence alert={alert} context={context} />
      <AlertItems alert={alert} />
      {decisions.dialogs}
    </Page>
  );
}

/** `?silence=1`, as messages link it, opens the question for how long; once, and not again on the way back. */
function useSilenceLink(alert: AlertDetail, { begin }: Decisions, mayWrite: boolean): void {
  const asked = useSearch().get("silence") !== null;
  const change = useChangeSearch();
  useEffect(() => {
    if (!asked) return;
    change({ silence: null }, { replace: true });
    if (mayWrite) begin("SILENCE", [alert]);
  }, [asked, change, begin, alert, mayWrite]);
}

type FooterProps = { place: number; count: number; rule: { name: string; words: string } | null };

function Footer({ place, count, rule }: FooterProps) {
  return (
    <>
      <KeyHint keys={["J", "K"]} what="next, previous alert" />
      {place >= 0 && (
        <span className="quiet">
          {exact(place + 1)} of {exact(count)}
        </span>
      )}
      {rule && (
        <span title={rule.words}>
          Rule: <Name name={rule.name} limit={32} />
        </span>
      )}
      <span className="footer-keys">
        <KeyHint keys={["U"]} what="back to the inbox" />
        <KeyHint keys={["?"]} what="all keys" />
      </span>
    </>
  );
}
