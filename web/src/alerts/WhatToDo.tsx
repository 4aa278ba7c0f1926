import type { AlertDetail } from "../data/alerts";
import { unbroken, upper } from "../format/prose";
import { Link } from "../navigation/Link";

import type { AlertContext } from "./useAlertContext";
import { whatToDo } from "./whatToDo";

/** Where to look next, the likeliest first. Nothing where nothing follows from what is known. */
export function WhatToDo({ alert, context }: { alert: AlertDetail; context: AlertContext }) {
  const steps = context.settled && alert.status !== "RESOLVED" ? whatToDo(alert, context) : [];
  if (steps.length === 0) return null;
  return (
    <section className="what-to-do" aria-label="What to do">
      <h2>What to do</h2>
      <ol>
        {steps.map((step, index) => (
          <li key={step.title}>
            <span className="do-number quiet" aria-hidden="true">
              {index + 1}
            </span>
            <div>
              <p className="do-title">{step.to ? <Link to={step.to}>{step.title}</Link> : step.title}</p>
              <p className="small quiet">{unbroken(upper(step.why))}</p>
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}
