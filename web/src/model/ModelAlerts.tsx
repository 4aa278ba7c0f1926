import { AlertTable } from "../alerts/AlertTable";
import { byUrgency } from "../alerts/status";
import type { ModelDetail } from "../data/model";
import { withSearch } from "../navigation/location";
import { Notice } from "../pieces/Notice";

/** The alerts of this model, open ones first. */
export function ModelAlerts({ alerts }: { alerts: ModelDetail["alerts"] }) {
  if (alerts.length === 0) {
    return (
      <Notice title="No alert yet">
        <p>
          An alert opens when a feature is certain, large and persistent at once. Small changes stay notices on the
          drift map.
        </p>
      </Notice>
    );
  }
  const order = [...alerts].sort(byUrgency);
  return <AlertTable alerts={order} withModel={false} search={withSearch("", { model: alerts[0].modelId })} />;
}
