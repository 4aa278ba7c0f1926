import type { ModelDetail, ModelKey } from "../data/model";
import { useRates } from "../data/rates";
import { exact } from "../format/number";
import { at, lengthOf, moment, zone } from "../format/time";
import { HeldBack, NoWindows } from "../model/HeldBack";
import { SchemaChanges } from "../model/SchemaChanges";
import type { Stretch } from "../model/useBounds";
import { useChangeSearch } from "../navigation/location";
import { FailedLine, FailedPage } from "../pieces/Failed";
import { Skeleton } from "../pieces/Skeleton";

import { MoreQuality } from "./MoreQuality";
import { QualityTable } from "./QualityTable";
import { qualitySentence } from "./words";
import "./quality.css";

type Props = { model: ModelDetail; question: ReturnType<typeof useRates> };

/** Which columns have rows that cannot be used, how many the reference had, and what chance allows. */
export function QualityView({ model, question }: Props) {
  const change = useChangeSearch();
  if (!model.reference && model.holdTarget > 0) return <HeldBack model={model} />;
  const rates = question.data?.model?.rates;
  const quality = question.data?.model?.quality;
  if (question.isError && !rates) return <FailedPage what="Quality" question={question} />;
  return (
    <section className="quality" aria-label="Quality">
      <FailedLine what="Quality" question={question} />
      {!rates ? (
        <QualitySkeleton />
      ) : rates.end === null ? (
        <NoWindows
          model={model}
          onWhole={() => {
            change({ range: "all", start: null, end: null });
          }}
        />
      ) : (
        <>
          <div className="quality-answer">
            <p className="drift-sentence">{qualitySentence(rates)}</p>
            <p className="quiet small">
              Window of {lengthOf(model.windowSeconds)} to {moment(at(rates.end))} {zone(at(rates.end))},{" "}
              {exact(rates.rows)} rows; reference {exact(rates.referenceRows)} rows. Each cell: share of rows, below it
              the reference's.
            </p>
          </div>
          <QualityTable rates={rates} />
          {quality && <MoreQuality quality={quality} />}
        </>
      )}
      {model.schemaChanges.length > 0 && (
        <div className="quality-schema">
          <h2>Schema changes</h2>
          <SchemaChanges changes={model.schemaChanges} />
        </div>
      )}
    </section>
  );
}

/** The page's question, asked only while the page is open. */
export function useQuality(key: ModelKey, stretch: Stretch, open: boolean) {
  return useRates(key, stretch.bounds, stretch.now, open && stretch.now !== "");
}

function QualitySkeleton() {
  return (
    <div className="quality-loading" aria-busy="true" aria-label="Reading the quality">
      {Array.from({ length: 9 }, (_, index) => (
        <Skeleton key={index} width={index === 0 ? 380 : 640} />
      ))}
    </div>
  );
}
