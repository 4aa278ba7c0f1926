import { useMemo } from "react";

import { useFleet } from "../data/fleet";
import { useSystem } from "../data/system";
import { useSearch } from "../navigation/location";
import { FailedLine, FailedPage } from "../pieces/Failed";
import { FirstStart } from "../start/FirstStart";
import { KeyHint } from "../shell/KeyHint";
import { Page } from "../shell/Page";

import { FleetControls } from "./FleetControls";
import { FleetStrip } from "./FleetStrip";
import { FleetTable } from "./FleetTable";
import { arrange, matching, readView } from "./fleetView";
import { falseAlertsSentence, fleetSentence } from "./sentence";
import { WhatChanged } from "./WhatChanged";
import "./fleet.css";

const FOOTER = (
  <>
    <span>Sparklines: 30 days, one point a day</span>
    <span className="footer-keys">
      <KeyHint keys={["J", "K"]} what="move" />
      <KeyHint keys={["Enter"]} what="open" />
      <KeyHint keys={["/"]} what="filter" />
      <KeyHint keys={["?"]} what="all keys" />
    </span>
  </>
);

/** Every model with its state: which of them need somebody now. */
export function FleetPage() {
  const fleet = useFleet();
  const budget = useSystem().data?.system.falseAlertsPerMonth;
  const search = useSearch();
  const view = useMemo(() => readView(search), [search]);
  const models = fleet.data?.models;
  const shown = useMemo(() => (models ? arrange(models, view) : undefined), [models, view]);
  const counted = useMemo(() => (models ? matching(models, view) : undefined), [models, view]);
  if (models?.length === 0) {
    return (
      <Page crumbs={[{ text: "Fleet" }]}>
        <FailedLine what="The fleet" question={fleet} />
        <FirstStart />
      </Page>
    );
  }
  return (
    <Page crumbs={[{ text: "Fleet" }]} footer={FOOTER}>
      <FailedLine what="The fleet" question={fleet} />
      {fleet.isError && !models ? (
        <FailedPage what="The fleet" question={fleet} />
      ) : (
        <>
          <header className="fleet-answer">
            <h1 className="fleet-sentence">{models ? fleetSentence(models) : "Reading the fleet"}</h1>
            {models && budget !== undefined && (
              <p
                className="quiet small"
                title="The sum of the alarm budgets of all models; each model's settings hold its own"
              >
                {falseAlertsSentence(budget, new Set(models.map((model) => model.id)).size)}
              </p>
            )}
          </header>
          <FleetStrip models={counted} chosen={view.levels} />
          {models && <WhatChanged models={models} />}
          <FleetControls models={models} view={view} shown={shown?.length} />
          <FleetTable models={shown} total={models?.length ?? 0} view={view} />
        </>
      )}
    </Page>
  );
}
