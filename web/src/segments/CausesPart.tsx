import { DataTable } from "../charts/DataTable";
import type { ModelKey } from "../data/model";
import { useCauses, type Causes } from "../data/rootCause";
import { plainName } from "../format/name";
import { exact, measured, NOTHING, percent, percentDigits, statistic } from "../format/number";
import { unbroken } from "../format/prose";
import { useChangeSearch, useSearch } from "../navigation/location";
import { Name } from "../pieces/Name";

import { Looked } from "./Looked";
import { lossDifference, lossIn, span } from "./performance";

const BAR = 120;

/** What may be behind a change of the loss since the baseline, on request: where it is, and what moved. */
export function CausesPart({ modelKey }: { modelKey: ModelKey }) {
  const asked = useSearch().get("causes") !== null;
  const change = useChangeSearch();
  const question = useCauses(modelKey, asked);
  const found = question.data?.model?.causes;
  return (
    <section className="segment-part" aria-label="What may be behind a change">
      <h2>
        What may be behind a change <span className="quiet">evidence, not proof</span>
      </h2>
      <Looked
        what="The search"
        action="Look for causes"
        help="Compares the labelled rows of up to 28 days with the baseline: which segments carry the change, and which features moved. Takes some seconds."
        question={question}
        asked={asked}
        onAsk={() => {
          change({ causes: "yes" });
        }}
      >
        {found && <Answer found={found} />}
      </Looked>
    </section>
  );
}

function Answer({ found }: { found: Causes }) {
  return (
    <>
      <p className="drift-sentence">{unbroken(found.told)}</p>
      <p className="quiet small">
        {span(found.start, found.end)}. Below is where the change is and what moved with it; whether one caused the
        other is not shown.
      </p>
      {found.segments.length > 0 && <Segments found={found} />}
      {found.features.length > 0 && <Features found={found} />}
    </>
  );
}

function Segments({ found }: { found: Causes }) {
  const lossTitle = found.lossTitle.charAt(0).toUpperCase() + found.lossTitle.slice(1);
  const widest = Math.max(1e-9, ...found.segments.map((each) => Math.abs(each.within) + Math.abs(each.mix)));
  const unit = found.loss === "error" ? ", points" : "";
  return (
    <div className="cause-part">
      <div className="cause-head">
        <h3>Segments that carry it</h3>
        <span className="legend">
          <span>
            <svg width="10" height="10" aria-hidden="true">
              <rect width="10" height="10" className="within-bar" />
            </svg>
            changed inside
          </span>
          <span>
            <svg width="10" height="10" aria-hidden="true">
              <rect x=".5" y=".5" width="9" height="9" className="mix-bar" />
            </svg>
            share of rows changed
          </span>
        </span>
      </div>
      <table className="plain-table cause-table">
        <thead>
          <tr>
            <th scope="col">Segment</th>
            <th scope="col" className="number">
              Part of the change{unit}
            </th>
            <th scope="col">
              <span className="hidden">Inside and by share</span>
            </th>
            <th scope="col" className="number">
              {lossTitle}
            </th>
            <th scope="col" className="number">
              Share of rows
            </th>
          </tr>
        </thead>
        <tbody>
          {found.segments.map((each) => (
            <tr key={each.text}>
              <td className="worst-said">
                <b>
                  <Name name={each.text} limit={60} />
                </b>
                <span className="second small">
                  <Name name={unbroken(each.sentence)} limit={10_000} />
                </span>
              </td>
              <td className="number" data-label="Part of the change">
                <b>{lossDifference(found.loss, each.part)}</b>
              </td>
              <td className="cause-bar">
                <PartBar within={each.within} mix={each.mix} widest={widest} />
                <span className="hidden">
                  inside {lossDifference(found.loss, each.within)}, by share {lossDifference(found.loss, each.mix)}
                </span>
              </td>
              <td className="number second" data-label={lossTitle}>
                {lossIn(found.loss, each.baselineLoss)} → {lossIn(found.loss, each.loss)}
              </td>
              <td className="number second" data-label="Share of rows">
                {percentDigits(each.baselineShare)} → {percent(each.share)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <DataTable
        label="The change, cut by each column"
        open="The change, cut by each column"
        heads={["Column", `Inside${unit}`, `By share of rows${unit}`, "Segments named"]}
        rows={() =>
          found.columns.map((each) => [
            plainName(each.name),
            lossDifference(found.loss, each.within),
            lossDifference(found.loss, each.mix),
            each.named,
          ])
        }
      />
    </div>
  );
}

/** Sizes only, since a part may also take some of the change away; the number beside it has the sign. */
function PartBar({ within, mix, widest }: { within: number; mix: number; widest: number }) {
  const inside = (Math.abs(within) / widest) * BAR;
  const share = (Math.abs(mix) / widest) * BAR;
  return (
    <svg width={BAR} height="12" aria-hidden="true">
      <rect y="1" width={BAR} height="10" className="ranking-ground" />
      <rect y="1" width={inside} height="10" className="within-bar" />
      {share >= 1 && <rect x={inside + 0.5} y="1.5" width={Math.max(0, share - 1)} height="9" className="mix-bar" />}
    </svg>
  );
}

const SHOWN = 10;

function Features({ found }: { found: Causes }) {
  const widest = Math.max(1e-9, ...found.features.map((each) => each.reach));
  const shown = found.features.slice(0, SHOWN);
  const rest = found.features.length - shown.length;
  return (
    <div className="cause-part">
      <div className="cause-head">
        <h3>
          Features by reach{" "}
          <span className="quiet">how far each may have moved the mean score, in its standard deviations</span>
        </h3>
      </div>
      <table className="plain-table cause-table">
        <thead>
          <tr>
            <th scope="col">Feature</th>
            <th scope="col" className="number">
              Reach
            </th>
            <th scope="col">
              <span className="hidden">Reach, drawn</span>
            </th>
            <th scope="col" className="number">
              PSI beyond chance
            </th>
            <th scope="col" className="number">
              Explains of the score
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((each) => (
            <tr key={each.name}>
              <td className="worst-said">
                <b>
                  <Name name={each.name} limit={40} />
                </b>
                <span className="second small">
                  <Name name={unbroken(each.sentence)} limit={10_000} />
                </span>
              </td>
              <td className="number" data-label="Reach">
                <b>{each.reach > 0 ? `≤ ${measured(Number(each.reach.toPrecision(2)))}` : NOTHING}</b>
              </td>
              <td className="cause-bar">
                <svg width={BAR} height="12" aria-hidden="true">
                  <rect y="1" width={BAR} height="10" className="ranking-ground" />
                  <rect y="1" width={(each.reach / widest) * BAR} height="10" className="rows-bar" />
                </svg>
              </td>
              <td className="number second" data-label="PSI beyond chance">
                {statistic(each.drift)}
              </td>
              <td className="number second" data-label="Explains of the score">
                {percent(each.importance)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {rest > 0 && <p className="quiet small">{exact(rest)} more, with less reach.</p>}
    </div>
  );
}
