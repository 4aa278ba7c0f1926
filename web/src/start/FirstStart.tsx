import { useSystem } from "../data/system";
import { exact } from "../format/number";
import { clock } from "../format/time";

import { FirstLine } from "./FirstLine";
import { Snippets } from "./Snippets";
import { WaitingRing } from "./WaitingRing";
import "./start.css";
import { useState } from "react";

/** An empty product: the lines to paste, a look at what arrives, and what will happen then. */
export function FirstStart() {
  const system = useSystem().data?.system;
  const [since] = useState(() => Date.now());
  const url = system?.url ?? window.location.origin;
  return (
    <div className="start">
      <div className="start-main">
        <h1>Send your first prediction</h1>
        <p className="start-lead">
          Paste these lines where your model predicts. <code>log()</code> returns at once and never raises.
        </p>
        <Snippets url={url} keyRequired={system?.keyRequired ?? false} />
        <p className="start-install">
          <code>pip install modelwatch</code>
          <span className="quiet">
            {system?.keyRequired ? "This server asks for an API key." : "No API key is needed on this address."}
          </span>
        </p>
        <section className="waiting" aria-live="polite">
          <WaitingRing />
          <div>
            <h2>Waiting for the first prediction</h2>
            <p className="second">
              Listening on <code>{url}</code>. {exact(system?.accepted ?? 0)} received, {exact(system?.rejected ?? 0)}{" "}
              rejected.
            </p>
          </div>
        </section>
        {system && system.rejected > 0 && (
          <p className="second">Rejected rows wait in the quarantine with a reason each.</p>
        )}
        <section className="start-demo">
          <h2>Or look around first</h2>
          <p>
            <code className="start-command">modelwatch demo</code>
          </p>
          <p className="second">
            336,776 flights of 2013 with drift that is really there, replayed through the same client.
          </p>
        </section>
      </div>
      <aside className="start-side" aria-label="What happens next">
        <h2>What happens next</h2>
        <ol>
          <Step number={1} title="First prediction" now>
            Listening since {clock(since)}. This page opens the fleet by itself.
          </Step>
          <Step number={2} title="Schema learnt">
            Columns, types and roles, from the first rows.
          </Step>
          <Step number={3} title="Reference set">
            One line with your training data, or the first 1,000 rows stand in.
          </Step>
          <Step number={4} title="First check">
            After 200 rows in a window. Until then the state is “too few rows”, never “ok”.
          </Step>
        </ol>
        <h2>Then this line draws itself</h2>
        <FirstLine />
      </aside>
    </div>
  );
}

function Step({
  number,
  title,
  now = false,
  children,
}: {
  number: number;
  title: string;
  now?: boolean;
  children: React.ReactNode;
}) {
  return (
    <li className={now ? "step is-now" : "step"} aria-current={now ? "step" : undefined}>
      <span className="step-number" aria-hidden="true">
        {number}
      </span>
      <h3>{title}</h3>
      <p>{children}</p>
    </li>
  );
}
