import { useAlerts } from "../data/alerts";
import { counted } from "../format/number";
import { useChangeSearch, useSearch } from "../navigation/location";
import { FailedLine, FailedPage } from "../pieces/Failed";
import { Notice } from "../pieces/Notice";
import { Segmented } from "../pieces/Segmented";
import { HeatSkeleton } from "../model/HeatSkeleton";
import { Page } from "../shell/Page";

import { AlertTable } from "./AlertTable";
import { isOpen } from "./status";
import "../model/model.css";
import "./alerts.css";

type Which = "open" | "all";

/** Every alert, open ones first. */
export function AlertsPage() {
  const question = useAlerts();
  const search = useSearch();
  const change = useChangeSearch();
  const alerts = question.data?.alerts;
  const open = alerts?.filter((alert) => isOpen(alert.status)) ?? [];
  const which: Which = search.get("show") === "open" ? "open" : "all";
  const shown = which === "open" ? open : (alerts ?? []);
  return (
    <Page crumbs={[{ text: "Alerts" }]}>
      <FailedLine what="Alerts" question={question} />
      {question.isError && !alerts ? (
        <FailedPage what="Alerts" question={question} />
      ) : (
        <>
          <header className="alerts-head">
            <h1>{alerts ? sentence(open.length, alerts.length) : "Reading the alerts"}</h1>
            <Segmented
              label="Which alerts"
              value={which}
              onChange={(value) => {
                change({ show: value === "all" ? null : value });
              }}
              choices={[
                { value: "open", text: "Open" },
                { value: "all", text: "All" },
              ]}
            />
          </header>
          {!alerts && <HeatSkeleton />}
          {alerts && shown.length > 0 && <AlertTable alerts={shown} withModel />}
          {alerts && shown.length === 0 && (
            <Notice title={alerts.length ? "Nothing is open" : "No alert has been opened yet"}>
              <p>
                An alert opens when a column of a model is certain, large and persistent at once; it lists every column
                that moved with it and resolves by itself.
              </p>
            </Notice>
          )}
        </>
      )}
    </Page>
  );
}

function sentence(open: number, all: number): string {
  if (open === 0) return all === 0 ? "No alerts" : `No alert is open; ${counted(all, "was", "were")} resolved`;
  return `${counted(open, "alert is", "alerts are")} open`;
}
