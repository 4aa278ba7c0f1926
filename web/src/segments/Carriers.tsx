import type { Ranking } from "../data/column";
import { percentDigits, statistic } from "../format/number";
import { unbroken } from "../format/prose";
import type { Level } from "../graphql/graphql";
import { useChangeSearch } from "../navigation/location";
import { Name } from "../pieces/Name";

import "./segments.css";

type Props = { rankings: readonly Ranking[]; level: Level; limit?: number; narrow?: boolean };

const BAR = 120;

/** Which segments carry the drift: one ranking per column that cuts the model. Nothing where it is not cut, or where nothing drifts. */
export function Carriers({ rankings, level, limit = 8, narrow = false }: Props) {
  const some = rankings.filter(
    (ranking) => ranking.carriers.length > 0 && (level !== "OK" || ranking.carriers.some((each) => each.named)),
  );
  if (some.length === 0) return null;
  return (
    <section className={narrow ? "carriers is-narrow" : "carriers feature-section"} aria-label="Where">
      {some.map((ranking) => (
        <OneRanking key={`${ranking.role} ${ranking.name}`} ranking={ranking} limit={limit} narrow={narrow} />
      ))}
    </section>
  );
}

function OneRanking({ ranking, limit, narrow }: { ranking: Ranking; limit: number; narrow: boolean }) {
  const change = useChangeSearch();
  const shown = ranking.carriers.slice(0, limit);
  const widest = Math.max(1e-6, ...shown.map((each) => Math.abs(each.within) + Math.abs(each.mix)));
  const rest = ranking.carriers.length - shown.length;
  const Heading = narrow ? "h3" : "h2";
  return (
    <div className="ranking">
      <div className={narrow ? "" : "section-head"}>
        <Heading>
          Where{" "}
          <span className="quiet">
            by <Name name={ranking.name} limit={20} />, PSI {statistic(ranking.total)}
          </span>
        </Heading>
        {!narrow && (
          <span className="legend">
            <span>
              <svg width="10" height="10" aria-hidden="true">
                <rect width="10" height="10" className="within-bar" />
              </svg>
              moved inside {statistic(ranking.within)}
            </span>
            <span>
              <svg width="10" height="10" aria-hidden="true">
                <rect x=".5" y=".5" width="9" height="9" className="mix-bar" />
              </svg>
              share of rows changed {statistic(ranking.mix)}
            </span>
          </span>
        )}
      </div>
      <table className="ranking-table">
        <thead className="hidden">
          <tr>
            <th scope="col">Segment</th>
            <th scope="col">Part of PSI</th>
            <th scope="col">Part, number</th>
            {!narrow && <th scope="col">Share of rows, reference to window</th>}
            {!narrow && <th scope="col">What that is</th>}
          </tr>
        </thead>
        <tbody>
          {shown.map((carrier) => {
            const label = carrier.label;
            return (
              <tr
                key={carrier.key ?? "others"}
                className={carrier.named ? "is-named" : "is-calm"}
                title={narrow ? carrier.text : undefined}
              >
                <th scope="row">
                  {label === null ? (
                    "all others"
                  ) : (
                    <button
                      type="button"
                      className="plain-link"
                      onClick={() => {
                        change({ segment: label });
                      }}
                    >
                      <Name name={label} limit={narrow ? 16 : 28} />
                    </button>
                  )}
                </th>
                <td className="ranking-bar">
                  <Bar within={carrier.within} mix={carrier.mix} widest={widest} width={narrow ? 80 : BAR} />
                </td>
                <td className="number">{statistic(carrier.part)}</td>
                {!narrow && (
                  <td className="number second">
                    {percentDigits(carrier.referenceShare)} → {percentDigits(carrier.share)}
                    {"\u2009"}% of rows
                  </td>
                )}
                {!narrow && <td className="second ranking-text">{unbroken(carrier.text)}</td>}
              </tr>
            );
          })}
        </tbody>
      </table>
      {(rest > 0 || ranking.incomplete) && (
        <p className="quiet small">
          {rest > 0 ? `${String(rest)} more, smaller. ` : ""}
          {ranking.incomplete ? "Some segments are still being counted." : ""}
        </p>
      )}
    </div>
  );
}

/** What moved inside, then what the share of rows changed; sizes only, since a part may also take drift away. */
function Bar({ within, mix, widest, width }: { within: number; mix: number; widest: number; width: number }) {
  const inside = (Math.abs(within) / widest) * width;
  const share = (Math.abs(mix) / widest) * width;
  return (
    <svg width={width} height="12" aria-hidden="true">
      <rect y="1" width={width} height="10" className="ranking-ground" />
      <rect y="1" width={inside} height="10" className="within-bar" />
      {share >= 1 && <rect x={inside + 0.5} y="1.5" width={Math.max(0, share - 1)} height="9" className="mix-bar" />}
    </svg>
  );
}
