import { Whisker } from "../charts/Whisker";
import type { ModelKey } from "../data/model";
import { useWorstSegments, type WorstSegments as Found } from "../data/rootCause";
import { exact, measured, percent } from "../format/number";
import { unbroken } from "../format/prose";
import { useChangeSearch, useSearch } from "../navigation/location";
import { Name } from "../pieces/Name";

import { Looked } from "./Looked";
import { lossDifference, lossIn, span } from "./performance";

/** A search over all parts of one column and all crossings of two, on request: it reads rows and takes seconds. */
export function WorstSegments({ modelKey }: { modelKey: ModelKey }) {
  const asked = useSearch().get("worst") !== null;
  const change = useChangeSearch();
  const question = useWorstSegments(modelKey, asked);
  const found = question.data?.model?.worstSegments;
  return (
    <section className="segment-part" aria-label="Worst segments">
      <h2>
        Worst segments <span className="quiet">parts of one column, and of two at once</span>
      </h2>
      <Looked
        what="The search"
        action="Find worst segments"
        help="Searches the labelled rows of up to 90 days for rows on which the model is certainly worse than elsewhere. Takes some seconds."
        question={question}
        asked={asked}
        onAsk={() => {
          change({ worst: "yes" });
        }}
      >
        {found && <Answer found={found} />}
      </Looked>
    </section>
  );
}

function Answer({ found }: { found: Found }) {
  const lossTitle = found.lossTitle.charAt(0).toUpperCase() + found.lossTitle.slice(1);
  const ends = found.segments.flatMap((each) => [each.low, each.high]);
  const axis = { low: Math.min(0, ...ends), high: Math.max(1e-9, ...ends) };
  return (
    <>
      <p className="drift-sentence">{unbroken(found.told)}</p>
      <p className="quiet small">
        {span(found.start, found.end)}. Looked at <Columns found={found} />.
      </p>
      {found.segments.length > 0 && (
        <table className="plain-table worst-table">
          <thead>
            <tr>
              <th scope="col">Segment</th>
              <th scope="col" className="number">
                Rows
              </th>
              <th scope="col" className="number">
                {lossTitle}
              </th>
              <th scope="col" className="number">
                Elsewhere
              </th>
              <th scope="col" className="number">
                Worse by{found.loss === "error" ? ", points" : ""}
              </th>
              <th scope="col">Between, all searched counted</th>
            </tr>
          </thead>
          <tbody>
            {found.segments.map((each) => (
              <tr key={each.text}>
                <td className="worst-said">
                  <b>
                    <Name name={each.text} limit={72} />
                  </b>
                  <span className="second small">
                    <Name name={unbroken(each.sentence)} limit={10_000} />
                  </span>
                </td>
                <td className="number" data-label="Rows" title={`${percent(each.share)} of all`}>
                  {exact(each.rows)}
                </td>
                <td className="number" data-label={lossTitle}>
                  {lossIn(found.loss, each.loss)}
                </td>
                <td className="number second" data-label="Elsewhere">
                  {lossIn(found.loss, each.rest)}
                </td>
                <td className="number" data-label="Worse by">
                  <b>{lossDifference(found.loss, each.excess)}</b>
                </td>
                <td
                  className="segment-interval"
                  title={`${lossDifference(found.loss, each.low)} to ${lossDifference(found.loss, each.high)}`}
                >
                  <Whisker value={each.excess} low={each.low} high={each.high} axis={axis} against={0} width={160} />
                  <span className="hidden">
                    {measured(each.low)} to {measured(each.high)}
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

const NAMED = 8;

function Columns({ found }: { found: Found }) {
  const more = found.columns.length - NAMED;
  return (
    <>
      {found.columns.slice(0, NAMED).map((name, index) => (
        <span key={name}>
          {index > 0 && ", "}
          <Name name={name} limit={24} />
        </span>
      ))}
      {found.columns.length === 0 && "no column"}
      {more > 0 && ` and ${exact(more)} more`}
      {found.columnsLeftOut > 0 && `; ${exact(found.columnsLeftOut)} were left out`}
    </>
  );
}
