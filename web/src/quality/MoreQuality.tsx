import type { Quality } from "../data/rates";
import { exact } from "../format/number";
import { LevelMark } from "../levels/LevelMark";
import { LevelWord } from "../levels/LevelWord";
import { Name } from "../pieces/Name";

import { isRisen, repeatedInWords } from "./words";

/** Prediction ids that came again, and columns with more or fewer different values than the reference lets expect. */
export function MoreQuality({ quality }: { quality: Quality }) {
  const { repeatedIds } = quality;
  const moved = quality.cardinality.filter((line) => isRisen(line.level));
  const judged = quality.cardinality.length;
  return (
    <div className="quality-more">
      {repeatedIds && (
        <section aria-label="Repeated predictions">
          <h2>Repeated prediction ids</h2>
          <p className="quality-fact">
            <LevelMark level={repeatedIds.level} named /> {repeatedInWords(repeatedIds)}
          </p>
        </section>
      )}
      {judged > 0 && (
        <section aria-label="Different values">
          <h2>Different values</h2>
          {moved.length === 0 ? (
            <p className="quality-fact">
              <LevelMark level="OK" named /> Each of {exact(judged)} columns has as many different values as its
              reference lets expect.
            </p>
          ) : (
            <table className="plain-table quality-values">
              <thead>
                <tr>
                  <th scope="col">State</th>
                  <th scope="col">Column</th>
                  <th scope="col" className="number">
                    Different values
                  </th>
                  <th scope="col" className="number">
                    Expected at this many rows
                  </th>
                  <th scope="col" className="number">
                    Reference
                  </th>
                </tr>
              </thead>
              <tbody>
                {moved.map((line) => (
                  <tr key={`${line.role} ${line.name}`}>
                    <td>
                      <LevelWord level={line.level} />
                    </td>
                    <td>
                      <b>
                        <Name name={line.name} limit={30} />
                      </b>
                    </td>
                    <td className="number">{exact(line.distinct)}</td>
                    <td className="number quiet" title={`about ${exact(Math.round(line.expected))}`}>
                      {line.low === line.high ? exact(line.low) : `${exact(line.low)} to ${exact(line.high)}`}
                    </td>
                    <td className="number quiet">{exact(line.reference)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
          {moved.length > 0 && (
            <p className="quiet small quality-note">
              Numbers count the bins that hold a row. 99 % of windows without change lie within what is expected.
            </p>
          )}
        </section>
      )}
    </div>
  );
}
