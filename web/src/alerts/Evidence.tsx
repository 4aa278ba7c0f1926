import { ErrorTimeline } from "../concept/ErrorTimeline";
import type { AlertDetail } from "../data/alerts";
import { useConcept } from "../data/concept";

import { ColumnEvidence } from "./ColumnEvidence";
import { CustomEvidence } from "./CustomEvidence";
import { EvidenceSection, type EvidenceProps } from "./EvidenceSection";
import { GroupEvidence } from "./GroupEvidence";
import { PerformanceEvidence } from "./PerformanceEvidence";
import { TargetEvidence } from "./TargetEvidence";
import type { AlertContext } from "./useAlertContext";
import "../feature/feature.css";
import "../performance/performance.css";
import "../concept/concept.css";
import "../fairness/fairness.css";

/** The worst finding over time, from well before the alert until it was last checked. */
export function Evidence({ alert, context }: { alert: AlertDetail; context: AlertContext }) {
  const { worst: item } = context;
  if (!item || alert.system) return null;
  if (!context.settled) return <EvidenceSkeleton />;
  return <OfSubject alert={alert} item={item} context={context} />;
}

function OfSubject(props: EvidenceProps) {
  switch (props.item.figure?.subject) {
    case undefined:
      return <ColumnEvidence {...props} />;
    case "performance":
    case "estimated_performance":
      return <PerformanceEvidence {...props} />;
    case "target_drift":
      return <TargetEvidence {...props} />;
    case "fairness":
      return <GroupEvidence {...props} />;
    case "custom_metric":
      return <CustomEvidence {...props} />;
    case "concept_drift":
      return <ConceptEvidence {...props} />;
    default:
      return null;
  }
}

function ConceptEvidence({ alert, context }: EvidenceProps) {
  const concept = useConcept(context.modelKey, true).data?.model?.conceptDrift;
  if (!context.model || !concept) return <EvidenceSkeleton />;
  return (
    <EvidenceSection alert={alert} context={context} title="The model’s errors">
      {concept.findings.length > 0 ? (
        <ErrorTimeline concept={concept} model={context.model} />
      ) : (
        <p className="second">The stream of errors has begun anew since; its past is not kept.</p>
      )}
    </EvidenceSection>
  );
}

function EvidenceSkeleton() {
  return (
    <section className="alert-section" aria-label="Evidence" aria-busy="true">
      <div className="alert-section-head">
        <h2>Evidence</h2>
      </div>
      <div className="loading-block is-tall" />
    </section>
  );
}
