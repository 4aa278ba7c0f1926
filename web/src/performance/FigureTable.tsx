import type { Figure, MetricFacts } from "../data/performance";
import { LevelMark } from "../levels/LevelMark";

import { changeText, intervalText, valueText } from "./words";

type Props = { figures: readonly Figure[]; metrics: readonly MetricFacts[]; settled: boolean };

/** Every metric of the window over all rows, with its interval and its baseline. */
export function FigureTable({ figures, metrics, settled }: Props) {
  // A class may have an empty name; its figures stand with those of the other classes.
  const ofClasses = new Set(figures.filter((each) => each.label !== "").map((each) => each.metric));
  const shown = figures.filter((each) => each.label === "" && each.value !== null && !ofClasses.has(each.metric));
  return (
    <figure className={shown.length > 9 ? "close-up-block is-tall" : "close-up-block"}>
      <h3>All metrics</h3>
      <table className="close-up-table">
        <thead>
          <tr>
            <th scope="col">Metric</th>
            <th scope="col" className="number">
              Value
            </th>
            <th scope="col" className="number figure-interval">
              95{"\u2009"}% interval
            </th>
            <th scope="col" className="number">
              Baseline
            </th>
            <th scope="col" className="number figure-change">
              Change
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((figure) => {
            const facts = metrics.find((each) => each.metric === figure.metric);
            return (
              <tr key={figure.metric} title={figure.text || undefined} className={facts?.headline ? "" : "is-calm"}>
                <th scope="row">
                  <span className="figure-name">
                    {settled && figure.level !== null && figure.level !== "OK" && (
                      <LevelMark level={figure.level} named />
                    )}
                    {figure.title}
                  </span>
                </th>
                <td className="number">{valueText(facts, figure.value)}</td>
                <td className="number quiet figure-interval">{intervalText(facts, figure.low, figure.high)}</td>
                <td className="number second">{valueText(facts, figure.baseline)}</td>
                <td className="number second figure-change">{changeText(facts, figure.value, figure.baseline)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </figure>
  );
}
