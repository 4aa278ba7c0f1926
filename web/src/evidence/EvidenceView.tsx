import type { UseQueryResult } from "@tanstack/react-query";

import type { RunningEvidence } from "../data/evidence";
import type { ModelDetail } from "../data/model";
import { compact, exact } from "../format/number";
import { at, clock, moment } from "../format/time";
import type { EvidenceQuery } from "../graphql/graphql";
import { LevelWord } from "../levels/LevelWord";
import { featurePath } from "../navigation/address";
import { Link } from "../navigation/Link";
import { useChangeSearch, useSearch, withSearch } from "../navigation/location";
import { FailedLine, FailedPage } from "../pieces/Failed";
import { Name } from "../pieces/Name";
import { Notice } from "../pieces/Notice";
import { Skeleton } from "../pieces/Skeleton";

import { evidenceSentence } from "./words";
import "./evidence.css";

type Props = { model: ModelDetail; question: UseQueryResult<EvidenceQuery> };

/** The test that looks after every batch: for each column the odds that it holds against 'nothing has changed'. */
export function EvidenceView({ model, question }: Props) {
  const change = useChangeSearch();
  if (!model.settings.critical) {
    return (
      <Notice
        title="Evidence is kept for critical models"
        action={
          <button
            type="button"
            className="button"
            onClick={() => {
              change({ tab: "settings" });
            }}
          >
            Make this model critical
          </button>
        }
      >
        <p>
          A critical model is looked at after every batch, by a test that may look as often as it likes: a change is
          told within a second, at the same budget for false alerts.
        </p>
      </Notice>
    );
  }
  const evidence = question.data?.model?.evidence;
  if (question.isError && !evidence) return <FailedPage what="The evidence" question={question} />;
  if (!evidence) return <EvidenceSkeleton />;
  if (evidence.state !== "running") {
    return (
      <Notice level="INSUFFICIENT_DATA" title={evidence.state === "off" ? "The test is off" : "The test waits"}>
        <p>{evidenceSentence(evidence)}</p>
      </Notice>
    );
  }
  return (
    <section aria-label="Evidence">
      <FailedLine what="The evidence" question={question} />
      <div className="evidence-answer">
        <p className="drift-sentence">{evidenceSentence(evidence)}</p>
        <p className="quiet small">{facts(evidence)}</p>
      </div>
      <EvidenceTable model={model} evidence={evidence} />
    </section>
  );
}

function facts(evidence: RunningEvidence): string {
  const began = evidence.since ? `Since ${moment(at(evidence.since))}:` : "So far";
  const updated = evidence.updated ? `, last looked at ${clock(at(evidence.updated))}` : "";
  const budget = exact(evidence.falseAlertsPer1000Days);
  return `${began} ${exact(evidence.rows)} rows${updated}. At most ${budget} false ${budget === "1" ? "alert" : "alerts"} in 1,000 days, however often it looks.`;
}

function EvidenceTable({ model, evidence }: { model: ModelDetail; evidence: RunningEvidence }) {
  const search = useSearch();
  const kept = withSearch(search, { tab: null, segment: null });
  return (
    <table className="plain-table evidence-table">
      <thead>
        <tr>
          <th scope="col">State</th>
          <th scope="col">Column</th>
          <th scope="col">
            <span className="hidden">How near</span>
          </th>
          <th scope="col" className="number">
            Evidence
          </th>
          <th scope="col" className="number">
            Asked for
          </th>
          <th scope="col" className="number">
            Rows
          </th>
          <th scope="col" className="number">
            Counted since
          </th>
        </tr>
      </thead>
      <tbody>
        {evidence.columns.map((column) => (
          <tr key={`${column.role} ${column.column}`}>
            <td>
              <LevelWord level={column.level} />
            </td>
            <td>
              <Link to={featurePath(model.id, column.role, column.column) + kept} className="strong-link">
                <Name name={column.column} limit={36} />
              </Link>
            </td>
            <td>
              <Near column={column} />
            </td>
            <td className="number">{column.evidence}</td>
            <td className="number quiet">{column.asked}</td>
            <td className="number" title={`${exact(column.rows)} rows`}>
              {compact(column.rows)}
            </td>
            <td className="number quiet">{moment(at(column.since))}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const WIDTH = 120;

/** How much of the way to certain is gone, on the scale of the logarithm of the odds. */
function Near({ column }: { column: RunningEvidence["columns"][number] }) {
  const asked = Math.log(oddsOf(column.asked));
  const share = Math.min(1, Math.max(0, (asked + column.margin) / asked));
  return (
    <svg width={WIDTH} height="10" aria-hidden="true">
      <rect width={WIDTH} height="10" className="ranking-ground" />
      <rect width={share * WIDTH} height="10" className={column.margin >= 0 ? "certain-bar" : "within-bar"} />
    </svg>
  );
}

/** `1 : 50,000` as 50,000, `1 : 26 billion` as 2.6e10; e when it cannot be read, so that nothing divides by zero. */
function oddsOf(text: string): number {
  const [, odds = ""] = text.split(" : ");
  const value = Number(odds.replace(/[^0-9.]/g, "")) * (odds.endsWith("billion") ? 1e9 : 1);
  return value > 1 ? value : Math.E;
}

function EvidenceSkeleton() {
  return (
    <div className="evidence-loading" aria-busy="true" aria-label="Reading the evidence">
      {[420, 560, 560, 560].map((width, index) => (
        <Skeleton key={index} width={width} />
      ))}
    </div>
  );
}
