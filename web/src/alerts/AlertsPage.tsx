import { useCallback, useEffect, useMemo } from "react";

import { useAlertCounts, useAlertGroup, useAlerts, type AlertLine } from "../data/alerts";
import { useFleetNames } from "../data/fleet";
import { counted } from "../format/number";
import { at, moment } from "../format/time";
import type { AlertVerb } from "../graphql/graphql";
import { useChangeSearch, useSearch } from "../navigation/location";
import { FailedLine, FailedPage } from "../pieces/Failed";
import { Name } from "../pieces/Name";
import { Notice } from "../pieces/Notice";
import { useKeys } from "../pieces/useKeys";
import { useNow } from "../pieces/useNow";
import { rowInFocus } from "../pieces/useRowKeys";
import { KeyHint } from "../shell/KeyHint";
import { Page } from "../shell/Page";

import { AlertTable } from "./AlertTable";
import { DecisionBar } from "./DecisionBar";
import { InboxControls } from "./InboxControls";
import { inboxSearch, isNarrowed, NO_FILTERS, readInbox, type InboxView } from "./inboxView";
import { inboxSentence } from "./sentence";
import { byUrgency } from "./status";
import { useChosen } from "./useChosen";
import { useDecisions } from "./useDecisions";
import { useWho } from "./who";
import "../model/model.css";
import "./alerts.css";
import "./inbox.css";

const FOOTER = (
  <>
    <KeyHint keys={["J", "K"]} what="move" />
    <KeyHint keys={["Enter"]} what="open" />
    <KeyHint keys={["X"]} what="select" />
    <span className="footer-keys">
      <KeyHint keys={["A"]} what="acknowledge" />
      <KeyHint keys={["S"]} what="silence" />
      <KeyHint keys={["R"]} what="resolve" />
      <KeyHint keys={["I"]} what="assign" />
      <KeyHint keys={["M"]} what="comment" />
      <KeyHint keys={["?"]} what="all keys" />
    </span>
  </>
);

/** The inbox: what is firing, who looks after it, and what was over. */
export function AlertsPage() {
  const search = useSearch();
  const view = useMemo(() => readInbox(search), [search]);
  const who = useWho();
  const question = useAlerts(view, who);
  const counts = useAlertCounts(view, who);
  const alerts = useMemo(() => inOrder(question.data, view), [question.data, view]);
  const chosen = useChosen(alerts ?? []);
  const people = useMemo(() => [...new Set(alerts?.map((alert) => alert.assignedTo))], [alerts]);
  const decisions = useDecisions({ people, onDone: chosen.clear });
  const now = useNow();
  const targets = () => {
    if (chosen.alerts.length > 0) return chosen.alerts;
    const focused = alerts?.[rowInFocus()];
    return focused ? [focused] : [];
  };
  const start = (verb: AlertVerb) => (event: KeyboardEvent) => {
    event.preventDefault();
    decisions.begin(verb, targets());
  };
  useKeys({
    a: start("ACKNOWLEDGE"),
    s: start("SILENCE"),
    r: start("RESOLVE"),
    i: start("ASSIGN"),
    m: start("COMMENT"),
    x: (event) => {
      chosen.toggle(rowInFocus(), event.shiftKey);
    },
    Escape: chosen.clear,
  });
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = question;
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  // Open alerts stand by level, which the server does not page by: all of them are read. What is over comes as one scrolls.
  useEffect(() => {
    if (view.shelf !== "resolved") onEnd();
  }, [view.shelf, onEnd]);
  const answer = counts.data;
  return (
    <Page crumbs={[{ text: "Alerts" }]} footer={FOOTER}>
      <FailedLine what="Alerts" question={question} />
      {question.isError && !alerts ? (
        <FailedPage what="Alerts" question={question} />
      ) : (
        <>
          <header className="inbox-head">
            <h1>{answer ? inboxSentence(answer.whole, answer.critical, answer.newest, now) : "Reading the alerts"}</h1>
            <WhoButton who={who} onChange={decisions.changeName} />
          </header>
          <InboxControls view={view} counts={answer?.narrowed} shown={alerts?.length} more={hasNextPage} who={who} />
          {view.group !== null && <GroupLine id={view.group} />}
          <DecisionBar chosen={chosen.alerts} decisions={decisions} onClear={chosen.clear} />
          {alerts?.length === 0 ? (
            <NothingHere view={view} />
          ) : (
            <AlertTable
              alerts={alerts}
              withModel
              search={inboxSearch(search)}
              selecting={{ chosen: chosen.ids, toggle: chosen.toggle, all: chosen.toggleAll }}
              onEnd={onEnd}
            />
          )}
          {isFetchingNextPage && <p className="inbox-more quiet small">Reading more alerts</p>}
        </>
      )}
      {decisions.dialogs}
    </Page>
  );
}

function inOrder(data: ReturnType<typeof useAlerts>["data"], view: InboxView): AlertLine[] | undefined {
  const all = data?.pages.flatMap((page) => page.alerts);
  // What is over comes newest first, as the server pages it.
  return view.shelf === "resolved" ? all : all?.sort(byUrgency);
}

/** Where the alerts of a group were told, and in how many messages. */
function GroupLine({ id }: { id: string }) {
  const group = useAlertGroup(id).data?.alertGroup;
  if (!group) return null;
  return (
    <p className="inbox-group second">
      {counted(group.count, "alert was", "alerts were")} told together to{" "}
      <b>
        <Name name={group.channel} limit={32} />
      </b>{" "}
      in {counted(group.messages, "message")}, from {moment(at(group.openedAt))} on.
    </p>
  );
}

function WhoButton({ who, onChange }: { who: string; onChange: () => void }) {
  return (
    <button type="button" className="button bare who" onClick={onChange}>
      {who === "" ? (
        "Say who you are"
      ) : (
        <>
          You act as <b>{who}</b>
        </>
      )}
    </button>
  );
}

const EMPTY: Record<InboxView["shelf"], [title: string, text: string]> = {
  open: [
    "Nothing is firing",
    "An alert opens when a change is certain, large and lasting at once. It resolves by itself; what was over stays under Resolved.",
  ],
  firing: ["Nothing is firing", "What somebody has seen already is under Acknowledged."],
  pending: ["Nothing is pending", "What crossed a line, but not in enough windows yet, waits here."],
  acknowledged: ["Nothing is acknowledged", "What somebody looks after stands here until it is over."],
  silenced: ["Nothing is silenced", "Silenced alerts stand here until their time is over."],
  resolved: ["Nothing has been resolved yet", "Alerts that are over stay here with their history."],
};

/** Why the list is empty: nothing yet, nothing now, or nothing that the filters let through. */
function NothingHere({ view }: { view: InboxView }) {
  const change = useChangeSearch();
  const models = useFleetNames().data?.models;
  const [title, text] = EMPTY[view.shelf];
  const watched =
    view.shelf === "open" && models ? `${counted(models.length, "model is", "models are")} watched` : title;
  if (isNarrowed(view))
    return (
      <Notice
        title="No alert matches"
        action={
          <button
            type="button"
            className="button"
            onClick={() => {
              change(NO_FILTERS);
            }}
          >
            Remove the filters
          </button>
        }
      >
        <p>No {view.shelf === "open" ? "open" : view.shelf} alert passes these filters.</p>
      </Notice>
    );
  if (models?.length === 0)
    return (
      <Notice title="Nothing to watch yet">
        <p>Alerts appear here once a model sends predictions. The fleet page shows how.</p>
      </Notice>
    );
  return (
    <Notice title={watched} {...(view.shelf === "open" ? { level: "OK" as const } : {})}>
      <p>{text}</p>
    </Notice>
  );
}
