import type { CloseUp, MetricFacts } from "../data/performance";
import { compact, exact } from "../format/number";
import { useChangeSearch } from "../navigation/location";
import { Name } from "../pieces/Name";

import { intervalText, valueText } from "./words";

type Props = { segments: CloseUp["segments"]; metrics: readonly MetricFacts[] };

/** The first headline metric in each watched segment or group, the worst first. */
export function SegmentFigures({ segments, metrics }: Props) {
  const change = useChangeSearch();
  const facts = metrics.find((each) => each.headline);
  if (segments.length === 0 || !facts) return null;
  return (
    <figure className="close-up-block">
      <h3>
        Where it is worst{" "}
        <span className="quiet small">
          {facts.title}, 95{"\u2009"}% interval; not judged
        </span>
      </h3>
      <table className="close-up-table">
        <thead>
          <tr>
            <th scope="col">Segment</th>
            <th scope="col" className="number">
              {facts.title}
            </th>
            <th scope="col" className="number figure-interval">
              Interval
            </th>
            <th scope="col" className="number">
              Baseline
            </th>
            <th scope="col" className="number">
              Rows
            </th>
          </tr>
        </thead>
        <tbody>
          {segments.slice(0, 12).map((segment) => (
            <tr key={segment.key}>
              <th scope="row">
                <button
                  type="button"
                  className="plain-link"
                  onClick={() => {
                    change({ segment: segment.label, end: null });
                  }}
                >
                  <Name name={segment.label} limit={26} mono />
                </button>
              </th>
              <td className="number">{valueText(facts, segment.value)}</td>
              <td className="number quiet figure-interval">{intervalText(facts, segment.low, segment.high)}</td>
              <td className="number second">{valueText(facts, segment.baseline)}</td>
              <td className="number second" title={`${exact(Math.round(segment.rows))} labelled rows`}>
                {compact(Math.round(segment.rows))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {segments.length > 12 && <p className="quiet small">{exact(segments.length - 12)} more, better ones.</p>}
    </figure>
  );
}
