import type { ReactNode } from "react";

import { useConcept, type ConceptDrift } from "../data/concept";
import type { ModelDetail, ModelKey } from "../data/model";
import { exact } from "../format/number";
import { at, moment, zone } from "../format/time";
import { LevelWord } from "../levels/LevelWord";
import { actualLines } from "../performance/actualLines";
import { FailedLine, FailedPage } from "../pieces/Failed";
import { Notice } from "../pieces/Notice";
import { Skeleton } from "../pieces/Skeleton";

import { ErrorTimeline } from "./ErrorTimeline";
import { FindingList } from "./FindingList";
import { conceptSentence, errorText, errorWord, lagText, stateWord } from "./words";
import "../feature/feature.css";
import "./concept.css";

/** Whether the model began to err more: the answer, how far the detectors are, and what they found. */
export function ConceptView({ model, modelKey }: { model: ModelDetail; modelKey: ModelKey }) {
  const question = useConcept(modelKey, true);
  const concept = question.data?.model?.conceptDrift;
  if (question.isError && !concept) return <FailedPage what="Concept drift" question={question} />;
  if (!concept) return <ConceptSkeleton />;
  return (
    <section aria-label="Concept drift">
      <FailedLine what="Concept drift" question={question} />
      {concept.state === "off" ? (
        <Notice level="NO_DATA" title="Concept drift is not watched">
          <p>{conceptSentence(concept)}</p>
        </Notice>
      ) : concept.state === "waiting" ? (
        <Waiting model={model} concept={concept} />
      ) : (
        <>
          <div className="concept-answer">
            <p className="concept-state">
              <LevelWord level={concept.level} />
              <span className="drift-sentence">{conceptSentence(concept)}</span>
            </p>
            <p className="quiet small">
              Each new label says how wrong one prediction was. Three detectors watch that stream, and a test of the
              labels themselves must confirm what they say.
            </p>
          </div>
          <Facts concept={concept} />
          <ErrorTimeline concept={concept} model={model} />
          <FindingList concept={concept} />
        </>
      )}
    </section>
  );
}

function Waiting({ model, concept }: { model: ModelDetail; concept: ConceptDrift }) {
  return (
    <Notice level="NO_DATA" title="Waiting for labels">
      <p>
        {conceptSentence(concept)}{" "}
        {concept.waiting > 0 ? `${exact(concept.waiting)} wait to be joined.` : "Send what came true:"}
      </p>
      {concept.waiting === 0 && (
        <pre className="held-code">
          <code>{actualLines(model.id, model.task)}</code>
        </pre>
      )}
      <p>From 500 labels on, a lasting rise of errors is found, and since when.</p>
    </Notice>
  );
}

function Facts({ concept }: { concept: ConceptDrift }) {
  const updated = concept.updated === null ? null : at(concept.updated);
  return (
    <dl className="concept-facts">
      <Fact name="Detectors" note={concept.state === "learning" ? "need 500 labels" : "every new label"}>
        {stateWord(concept.state)}
      </Fact>
      <Fact
        name={`${errorWord(concept.metric)} now`}
        note={concept.findings.length > 0 ? "since the last change" : "of all labels so far"}
      >
        {errorText(concept.metric, concept.error)}
      </Fact>
      <Fact name="Label lag" note="median, prediction to label">
        {lagText(concept.labelLagS)}
      </Fact>
      <Fact
        name="Labels looked at"
        note={concept.waiting > 0 ? `${exact(concept.waiting)} wait to be joined` : "none waits"}
      >
        {exact(concept.labels)}
      </Fact>
      <Fact name="Last looked at" note={updated === null ? "" : zone(updated)}>
        {updated === null ? "–" : moment(updated)}
      </Fact>
    </dl>
  );
}

function Fact({ name, note, children }: { name: string; note: string; children: ReactNode }) {
  return (
    <div>
      <dt className="second small">{name}</dt>
      <dd>
        <span className="concept-figure">{children}</span>
        <span className="quiet small">{note}</span>
      </dd>
    </div>
  );
}

function ConceptSkeleton() {
  return (
    <div className="concept-loading" aria-busy="true" aria-label="Reading concept drift">
      <Skeleton width={420} />
      <Skeleton width={320} />
      <div className="loading-block" />
      <div className="loading-block is-tall" />
    </div>
  );
}
