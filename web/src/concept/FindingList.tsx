import type { ConceptDrift, ConceptFinding } from "../data/concept";
import { exact } from "../format/number";
import { unbroken } from "../format/prose";
import { alsoUtc, at, moment, span } from "../format/time";
import { LevelWord } from "../levels/LevelWord";

import { changeWord, errorText } from "./words";

/** Every change that was found, the newest first. */
export function FindingList({ concept }: { concept: ConceptDrift }) {
  return (
    <section className="feature-section" aria-label="Changes found">
      <div className="section-head">
        <h2>Changes found</h2>
        <span className="quiet small">by the time of the predictions; the newest first</span>
      </div>
      {concept.findings.length === 0 ? (
        <p className="quiet">None so far.</p>
      ) : (
        <ol className="findings">
          {concept.findings.map((finding) => (
            <Finding key={finding.label} finding={finding} metric={concept.metric} />
          ))}
        </ol>
      )}
    </section>
  );
}

function Finding({ finding, metric }: { finding: ConceptFinding; metric: string }) {
  const since = at(finding.since);
  const certain = at(finding.at);
  return (
    <li className="finding">
      <div className="finding-head">
        <LevelWord level={finding.level} />
        <h3>{finding.worse ? "Errors rose" : "Errors fell"}</h3>
        <span className="number finding-change">
          {errorText(metric, finding.before)} → <b>{errorText(metric, finding.after)}</b>{" "}
          <span className="second">{changeWord(metric, finding)}</span>
        </span>
        <time className="second finding-since" dateTime={finding.since} title={alsoUtc(since) || undefined}>
          since {moment(since)}
        </time>
      </div>
      <p className="finding-text">{unbroken(finding.text)}</p>
      <dl className="finding-facts small">
        <div>
          <dt className="quiet">Agreed</dt>
          <dd>{finding.detectors.join(", ")}</dd>
        </div>
        <div>
          <dt className="quiet">Certainty</dt>
          <dd>{finding.certainty.toFixed(1)} standard errors</dd>
        </div>
        <div>
          <dt className="quiet">Labels before, since</dt>
          <dd>
            {exact(finding.labelsBefore)}, {exact(finding.labelsAfter)}
          </dd>
        </div>
        <div>
          <dt className="quiet">Certain</dt>
          <dd title={alsoUtc(certain) || undefined}>
            {moment(certain)}, {span(certain - since)} later
          </dd>
        </div>
      </dl>
    </li>
  );
}
