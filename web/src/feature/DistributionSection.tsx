import { useRef, useState } from "react";

import { CategoryPairs } from "../charts/CategoryPairs";
import { DataTable } from "../charts/DataTable";
import { blocksOf, isUneven, type Shape } from "../charts/distribution";
import { DistributionChart } from "../charts/DistributionChart";
import { DistributionLegend } from "../charts/Legend";
import { specialWord } from "../charts/Specials";
import type { Distribution } from "../data/column";
import type { ModelDetail } from "../data/model";
import { exact, measured, percentDigits, signed } from "../format/number";
import { at, lengthOf, moment } from "../format/time";
import { Notice } from "../pieces/Notice";
import { Segmented } from "../pieces/Segmented";
import { useKeys } from "../pieces/useKeys";
import { useSize } from "../pieces/useSize";

const SHAPES: { value: Shape; text: string }[] = [
  { value: "share", text: "Share" },
  { value: "cumulative", text: "Cumulative" },
  { value: "difference", text: "Difference" },
];

type Props = { distribution: Distribution | null; model: ModelDetail; isNewest: boolean };

/** Reference and window over each other, with what stands apart, and the groups that moved most. */
export function DistributionSection({ distribution, model, isNewest }: Props) {
  const [shape, setShape] = useState<Shape>("share");
  const frame = useRef<HTMLDivElement>(null);
  const { width } = useSize(frame, { width: 860, height: 200 });
  useKeys({
    d: () => {
      setShape((now) => SHAPES[(SHAPES.findIndex((each) => each.value === now) + 1) % SHAPES.length].value);
    },
  });
  const numeric = distribution?.kind === "NUMERIC";
  const window = distribution
    ? `window: ${isNewest ? `last ${lengthOf(model.windowSeconds)}` : `to ${moment(at(distribution.windowEnd))}`}, ${exact(distribution.windowRows)} rows`
    : "";
  return (
    <section className="feature-section" aria-label="Distribution">
      <div className="section-head">
        <h2>Distribution</h2>
        {distribution && (
          <DistributionLegend
            reference={`reference: ${distribution.referenceLabel}, ${exact(distribution.referenceRows)} rows`}
            window={window}
          />
        )}
        {numeric && <Segmented label="Shape" choices={SHAPES} value={shape} onChange={setShape} />}
      </div>
      <div ref={frame}>
        {!distribution ? (
          <Notice level="NO_DATA" title="No rows in this window">
            <p>Choose another time in the chart below.</p>
          </Notice>
        ) : numeric ? (
          <>
            <DistributionChart distribution={distribution} shape={shape} width={width} height={208} medians axis />
            {shape === "share" && isUneven(blocksOf(distribution.bars)) && (
              <p className="quiet small">Bars differ in width; their area is the share of rows.</p>
            )}
          </>
        ) : distribution.kind === "VECTOR" ? (
          <VectorFacts distribution={distribution} />
        ) : (
          <CategoryPairs distribution={distribution} />
        )}
      </div>
      {distribution && <Moved moved={distribution.moved} />}
      {distribution && numeric && (
        <DataTable
          label="Share of rows by value, percent"
          heads={["Value", "Reference, %", "Window, %", "Difference, points"]}
          rows={() => tableRows(distribution)}
        />
      )}
    </section>
  );
}

/** A vector has no bars to draw: how many rows are compared, and what stands apart. */
function VectorFacts({ distribution }: { distribution: Distribution }) {
  return (
    <div className="vector-facts">
      <p className="second">
        A vector has no single axis to draw. MMD below says how far the two clouds of {exact(distribution.windowRows)}{" "}
        and {exact(distribution.referenceRows)} rows lie apart, on the scale of PSI; the middle says how far their
        centre has moved, in units of their spread.
      </p>
      {distribution.specials.map((special) => (
        <p key={special.name} className="second">
          {specialWord(special.name)} <b>{percentDigits(special.window)}</b>
          {"\u2009"}% of rows, {percentDigits(special.reference)}
          {"\u2009"}% of the reference
        </p>
      ))}
    </div>
  );
}

/** In words: where the difference comes from. */
function Moved({ moved }: { moved: Distribution["moved"] }) {
  const most = moved.filter((each) => each.part > 0.001).slice(0, 3);
  if (most.length === 0) return null;
  return (
    <p className="moved">
      <span className="quiet">Moved most:</span>
      {most.map((each) => (
        <span key={each.label}>
          <b>{each.label}</b> {percentDigits(each.reference)} → {percentDigits(each.window)}
          {"\u2009"}%
        </span>
      ))}
    </p>
  );
}

function tableRows(distribution: Distribution) {
  const row = (name: string, reference: number, window: number) => [
    name,
    percentDigits(reference),
    percentDigits(window),
    signed((window - reference) * 100),
  ];
  return [
    ...distribution.bars.map((bar) => row(rangeWord(bar.lower, bar.upper), bar.reference, bar.window)),
    ...distribution.specials.map((special) => row(specialWord(special.name), special.reference, special.window)),
  ];
}

function rangeWord(lower: number | null, upper: number | null): string {
  if (lower === null) return `below ${measured(upper)}`;
  return upper === null ? `from ${measured(lower)}` : `${measured(lower)} to ${measured(upper)}`;
}
