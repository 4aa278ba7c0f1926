import type { Delays, Labels, OutcomeWindow } from "../data/performance";
import { exact } from "../format/number";

import { DelayChart } from "./DelayChart";
import { windowText } from "./words";

type Props = { labels: Labels; delays: Delays | null; window: OutcomeWindow | null };

/** How long the labels of the window took, and what has become of all that were sent. */
export function LabelsSection({ labels, delays, window }: Props) {
  const facts = [
    { name: "Joined to predictions", count: labels.matched },
    { name: "Corrected later", count: labels.corrected },
    { name: "Sent again unchanged", count: labels.repeated },
    { name: "Waiting to be joined", count: labels.waiting },
    { name: "Without a known prediction, tried again", count: labels.orphaned },
    { name: `Given up after ${exact(labels.horizonDays)} days`, count: labels.expired },
  ];
  return (
    <section className="feature-section" aria-label="Labels">
      <div className="section-head">
        <h2>Labels</h2>
      </div>
      <div className="target-parts">
        {delays && delays.bars.length > 0 && <DelayChart delays={delays} when={window ? windowText(window) : ""} />}
        <div className="label-facts">
          <h3>
            What became of them <span className="quiet small">all versions and environments</span>
          </h3>
          <dl>
            {facts.map((fact) => (
              <div key={fact.name}>
                <dt className="second">{fact.name}</dt>
                <dd className={fact.count === 0 ? "number quiet" : "number"}>{exact(fact.count)}</dd>
              </div>
            ))}
          </dl>
        </div>
      </div>
    </section>
  );
}
