import { ActionsPage } from "./actions/ActionsPage";
import { AlertPage } from "./alerts/AlertPage";
import { AlertsPage } from "./alerts/AlertsPage";
import { ChannelsPage } from "./channels/ChannelsPage";
import type { ColumnRole } from "./graphql/graphql";
import { FeaturePage } from "./feature/FeaturePage";
import { FleetPage } from "./fleet/FleetPage";
import { ModelPage } from "./model/ModelPage";
import { usePlace } from "./navigation/location";
import { RulesPage } from "./rules/RulesPage";
import { MissingPage } from "./shell/MissingPage";
import { SilencesPage } from "./silences/SilencesPage";

const ROLES: readonly string[] = [
  "FEATURE",
  "EMBEDDING",
  "TEXT",
  "TAG",
  "PREDICTION_LABEL",
  "PREDICTION_SCORE",
  "PREDICTION_VALUE",
  "PREDICTION_SCORES",
] satisfies ColumnRole[];

/** The page that the address names. Keys make another model or feature start afresh. */
export function Pages() {
  const place = usePlace();
  switch (place.page) {
    case "fleet":
      return <FleetPage />;
    case "model":
      return <ModelPage key={place.id} id={place.id} />;
    case "feature": {
      const role = place.role.toUpperCase();
      if (!ROLES.includes(role)) return <MissingPage />;
      return <FeaturePage id={place.id} role={role as ColumnRole} name={place.name} />;
    }
    case "alerts":
      return <AlertsPage />;
    case "alert":
      return <AlertPage key={place.id} id={place.id} />;
    case "channels":
      return <ChannelsPage />;
    case "actions":
      return <ActionsPage />;
    case "rules":
      return <RulesPage />;
    case "silences":
      return <SilencesPage />;
    case "missing":
      return <MissingPage />;
  }
}
