import { useAlert, useAlertAction, type AlertDetail } from "../data/alerts";
import { exact } from "../format/number";
import { FailedLine, FailedPage } from "../pieces/Failed";
import { useKeys } from "../pieces/useKeys";
import { HeatSkeleton } from "../model/HeatSkeleton";
import { KeyHint } from "../shell/KeyHint";
import { MissingPage } from "../shell/MissingPage";
import { Page } from "../shell/Page";

import { AlertFacts } from "./AlertFacts";
import { AlertHeader } from "./AlertHeader";
import { AlertItems } from "./AlertItems";
import { Evidence } from "./Evidence";
import { isOpen } from "./status";
import { Timeline } from "./Timeline";
import "../model/model.css";
import "./alerts.css";

const FOOTER = (
  <span className="footer-keys">
    <KeyHint keys={["A"]} what="acknowledge" />
    <KeyHint keys={["S"]} what="silence a day" />
    <KeyHint keys={["R"]} what="resolve" />
    <KeyHint keys={["?"]} what="all keys" />
  </span>
);

/** One alert: what, since when, how sure; every finding in it; what happened to it. */
export function AlertPage({ id }: { id: string }) {
  const question = useAlert(id);
  const action = useAlertAction();
  const alert = question.data?.alert;
  const open = Boolean(alert && isOpen(alert.status)) && !action.isPending;
  useKeys({
    a: () => {
      if (open && alert?.status !== "ACKNOWLEDGED") action.mutate({ do: "acknowledge", id, comment: "" });
    },
    s: () => {
      if (open) action.mutate({ do: "silence", id, hours: 24, comment: "" });
    },
    r: () => {
      if (open) action.mutate({ do: "resolve", id, comment: "" });
    },
  });
  if (alert === null) return <MissingPage what="There is no such alert" />;
  return (
    <Page
      crumbs={[{ text: "Alerts", to: "/alerts" }, { text: alert ? exact(alert.number) : "…" }]}
      side={alert ? <Timeline alert={alert} /> : undefined}
      footer={FOOTER}
    >
      <FailedLine what="The alert" question={question} />
      {question.isError && !alert && <FailedPage what="The alert" question={question} />}
      {!alert && !question.isError && <HeatSkeleton />}
      {alert && <Inside alert={alert} action={action} />}
    </Page>
  );
}

function Inside({ alert, action }: { alert: AlertDetail; action: ReturnType<typeof useAlertAction> }) {
  return (
    <>
      <AlertHeader alert={alert} action={action} />
      <AlertFacts alert={alert} />
      <Evidence alert={alert} />
      <AlertItems alert={alert} />
    </>
  );
}
