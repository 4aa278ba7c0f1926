import type { Attribute } from "../data/fairness";
import { measured, percent, statistic } from "../format/number";

/** Each metric over all groups, by the names and numbers of fairlearn: told, not judged. */
export function Spreads({ attribute }: { attribute: Attribute }) {
  const shown = attribute.spreads.filter((each) => each.value !== null);
  if (shown.length === 0) return null;
  return (
    <div className="spreads">
      <h3>
        Over all groups <span className="quiet">largest less smallest, or smallest over largest; not judged</span>
      </h3>
      <dl>
        {shown.map((each) => (
          <div key={each.metric}>
            <dt title={each.metric}>{each.title}</dt>
            <dd>{write(each.metric, each.value)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function write(metric: string, value: number | null): string {
  if (metric.startsWith("mean_")) return measured(value);
  return metric.endsWith("_ratio") ? statistic(value) : percent(value);
}
