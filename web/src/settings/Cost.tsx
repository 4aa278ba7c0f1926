import type { FalseAlarms } from "../data/settings";

import { costInWords, noticesInWords, rateInWords, reckonedFor, short } from "./cost";

type Props = { current: FalseAlarms; changed: FalseAlarms | null; waiting: boolean };

const LINES: readonly [string, (alarms: FalseAlarms) => string][] = [
  ["False alerts, about", (alarms) => rateInWords(alarms.alertsAbout)],
  ["False alerts, at most", (alarms) => rateInWords(alarms.alertsAtMost)],
  ["Windows at notice", noticesInWords],
  ["Looks a day", (alarms) => short(alarms.looksPerDay)],
];

/** What the settings cost, now and with the change, before it is saved. */
export function Cost({ current, changed, waiting }: Props) {
  const shown = changed ?? current;
  return (
    <aside className={`cost ${waiting ? "is-waiting" : ""}`} aria-label="What this costs" aria-busy={waiting}>
      <h2>What this costs</h2>
      <p className="cost-sentence" aria-live="polite">
        {costInWords(shown)}
      </p>
      <table className="cost-table">
        <thead>
          <tr>
            <th scope="col">
              <span className="hidden">Figure</span>
            </th>
            <th scope="col" className="number">
              Now
            </th>
            {changed && (
              <th scope="col" className="number">
                With the change
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {LINES.map(([label, text]) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              <td className={changed ? "number quiet" : "number"}>{text(current)}</td>
              {changed && (
                <td className={text(changed) === text(current) ? "number quiet" : "number"}>{text(changed)}</td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="small quiet">
        “About” counts that windows must agree; “at most” holds whatever luck does. A notice is shown, and sent to
        nobody. {reckonedFor(shown)}
      </p>
    </aside>
  );
}
