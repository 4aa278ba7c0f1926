import type { ModelDetail, ModelKey } from "../data/model";
import { useFairness, type Fairness } from "../data/fairness";
import { at, moment } from "../format/time";
import { LevelMark } from "../levels/LevelMark";
import type { Stretch } from "../model/useBounds";
import { useChangeSearch } from "../navigation/location";
import { FailedLine, FailedPage } from "../pieces/Failed";
import { Notice } from "../pieces/Notice";
import { Skeleton } from "../pieces/Skeleton";

import { AttributeSection, IntersectionSection } from "./AttributeSection";
import { NoAttribute } from "./NoAttribute";
import { fairnessFacts, fairnessSentence, predictsNumbers } from "./words";
import "./fairness.css";

type Props = { model: ModelDetail; modelKey: ModelKey; stretch: Stretch };

/** Whether groups of people are treated alike, the attribute that breaks a rule first. */
export function FairnessView({ model, modelKey, stretch }: Props) {
  const question = useFairness(modelKey, stretch.bounds, stretch.now, stretch.now !== "");
  const held = question.data?.model;
  if (question.isError && !held) return <FailedPage what="Fairness" question={question} />;
  if (!held) return <FairnessSkeleton />;
  const { fairness, settings } = held;
  return (
    <section className="fairness" aria-label="Fairness">
      <FailedLine what="Fairness" question={question} />
      {!settings.fairness ? (
        <NoAttribute model={model} mayWrite={question.data?.system.mayWrite ?? false} />
      ) : fairness.attributes.length === 0 ? (
        <Waiting fairness={fairness} />
      ) : (
        <Answer fairness={fairness} modelKey={modelKey} stretch={stretch} />
      )}
    </section>
  );
}

function Answer({ fairness, modelKey, stretch }: { fairness: Fairness; modelKey: ModelKey; stretch: Stretch }) {
  const single = fairness.attributes.filter((each) => !each.crossed);
  const crossed = fairness.attributes.filter((each) => each.crossed);
  const { bounds } = stretch;
  return (
    <>
      <div className="fairness-answer">
        <p className="drift-sentence">{fairnessSentence(fairness.attributes)}</p>
        <p className="quiet small">
          {fairnessFacts(fairness)} A difference is not a cause, and no broken rule is no proof of fairness.
        </p>
        {fairness.newest === null && <NoLabels fairness={fairness} />}
      </div>
      {single.map((each) => (
        <AttributeSection key={each.key} attribute={each} modelKey={modelKey} bounds={bounds} />
      ))}
      {crossed.length > 0 && (
        <section className="intersections" aria-label="Intersections">
          <h2>
            Intersections <span className="quiet">groups that attributes have in common</span>
          </h2>
          {crossed.map((each) => (
            <IntersectionSection key={each.key} attribute={each} modelKey={modelKey} bounds={bounds} />
          ))}
        </section>
      )}
    </>
  );
}

/** What can be said without labels, and when the rest follows. */
function NoLabels({ fairness }: { fairness: Fairness }) {
  const last = fairness.windows.at(-1);
  const numbers = predictsNumbers(fairness.attributes);
  const due = last?.matureAt && fairness.state === "immature" ? ` Looked at again ${moment(at(last.matureAt))}.` : "";
  const why = fairness.reason.charAt(0).toUpperCase() + fairness.reason.slice(1);
  return (
    <p className="fairness-labels">
      <LevelMark level="INSUFFICIENT_DATA" />
      <span>
        {fairness.state === "building" ? (
          <b>Groups are being counted anew. </b>
        ) : (
          <>
            <b>Without labels only {numbers ? "mean predictions" : "selection rates"} can be compared.</b> Whether
            errors fall on groups alike {numbers ? "" : "(true and false positive rates, precision, accuracy) "}follows
            with what came true.{" "}
          </>
        )}
        {why && `${why}.`}
        {due}
      </span>
    </p>
  );
}

const TITLES: Record<string, string> = {
  off: "Outcomes are not counted yet",
  building: "Groups are being counted",
  waiting: "No window to look at",
  no_labels: "No window to look at",
  immature: "The labels have not come yet",
  ready: "No group in this stretch of time",
};

/** Attributes are named, and there is nothing to show yet. */
function Waiting({ fairness }: { fairness: Fairness }) {
  const change = useChangeSearch();
  const why = fairness.reason.charAt(0).toUpperCase() + fairness.reason.slice(1);
  return (
    <Notice
      level="INSUFFICIENT_DATA"
      title={TITLES[fairness.state] ?? "Nothing to show yet"}
      action={
        fairness.state === "ready" || fairness.state === "waiting" ? (
          <button
            type="button"
            className="button"
            onClick={() => {
              change({ range: "all", start: null, end: null });
            }}
          >
            Show everything
          </button>
        ) : undefined
      }
    >
      <p>{why || "No row of the named attributes came in it"}.</p>
    </Notice>
  );
}

function FairnessSkeleton() {
  return (
    <div className="fairness-loading" aria-busy="true" aria-label="Reading the groups">
      {[420, 560, 760, 760, 760, 760].map((width, index) => (
        <Skeleton key={index} width={width} />
      ))}
    </div>
  );
}
