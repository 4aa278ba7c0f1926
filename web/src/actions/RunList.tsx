import { useState } from "react";

import { useWho } from "../alerts/who";
import type { Run, useActionAct } from "../data/actions";
import { at, moment } from "../format/time";
import { alertPath } from "../navigation/address";
import { Link } from "../navigation/Link";
import { Name } from "../pieces/Name";

import { helpedWord, stateWord } from "./words";

type Props = { runs: readonly Run[]; mayWrite: boolean; act: ReturnType<typeof useActionAct> };

/** What was done or waits: for which alert, who decided, whether it helped; every step on request. */
export function RunList({ runs, mayWrite, act }: Props) {
  const who = useWho() || "dashboard";
  const [open, setOpen] = useState<string | null>(null);
  return (
    <table className="manage-list" aria-label="Runs">
      <thead>
        <tr>
          <th scope="col">Run</th>
          <th scope="col">Of</th>
          <th scope="col">State</th>
          <th scope="col">Did it help?</th>
          <th scope="col">
            <span className="hidden">Decision</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => (
          <tr key={run.id}>
            <td>
              <button
                type="button"
                className="manage-open"
                aria-expanded={open === run.id}
                onClick={() => {
                  setOpen(open === run.id ? null : run.id);
                }}
              >
                <Name name={run.action} limit={30} />
              </button>
              <span className="small">
                <Link to={alertPath(run.alertId)} className="text-link">
                  Alert {run.alertId}
                </Link>
                , {run.why}
              </span>
              {open === run.id && <Steps run={run} />}
            </td>
            <td data-label="Of">
              <Name name={run.modelId} limit={30} />
            </td>
            <td data-label="State">
              {stateWord(run.state)}
              <span className="small">
                {run.state === "PROPOSED" && run.expiresAt
                  ? `until ${moment(at(run.expiresAt))}`
                  : moment(at(run.doneAt ?? run.createdAt))}
              </span>
            </td>
            <td data-label="Helped?">
              {helpedWord(run)}
              {run.helped && <span className="small">{run.helped.text}</span>}
            </td>
            <td className="manage-acts">
              {mayWrite && run.state === "PROPOSED" && (
                <>
                  <button
                    type="button"
                    className="button primary"
                    disabled={act.isPending}
                    onClick={() => {
                      act.mutate({ do: "approve", id: run.id, by: who });
                    }}
                  >
                    Approve
                  </button>
                  <button
                    type="button"
                    className="button"
                    disabled={act.isPending}
                    onClick={() => {
                      act.mutate({ do: "reject", id: run.id, by: who });
                    }}
                  >
                    Reject
                  </button>
                </>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The audit trail, and what was or would be sent. */
function Steps({ run }: { run: Run }) {
  return (
    <div className="form-result run-steps">
      <ol>
        {run.history.map((step, place) => (
          <li key={place}>
            <time className="quiet">{moment(at(step.at))}</time>
            <span>
              {stateWord(step.state)}
              {step.text && `: ${step.text}`}
              {step.by && <span className="quiet"> by {step.by}</span>}
            </span>
          </li>
        ))}
      </ol>
      <pre className="mono run-request">{JSON.stringify(run.request, null, 2)}</pre>
    </div>
  );
}
