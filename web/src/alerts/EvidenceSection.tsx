import type { ReactNode } from "react";

import type { AlertDetail, AlertItem } from "../data/alerts";
import { at, zone } from "../format/time";
import { Link } from "../navigation/Link";
import { Name } from "../pieces/Name";

import { evidenceLink } from "./evidenceLink";
import type { AlertContext } from "./useAlertContext";

export type EvidenceProps = { alert: AlertDetail; item: AlertItem; context: AlertContext };

type SectionProps = { alert: AlertDetail; context: AlertContext; title: ReactNode; children: ReactNode };

/** The head of the evidence: what is drawn, in whose time, and the page that shows all of it. */
export function EvidenceSection({ alert, context, title, children }: SectionProps) {
  const link = context.worst && evidenceLink(alert, context.worst);
  return (
    <section className="alert-section" aria-label="Evidence">
      <div className="alert-section-head">
        <h2>Evidence</h2>
        <span className="quiet small">
          {title}; {zone(at(alert.openedAt))}
        </span>
        {link && (
          <Link to={link.to} className="text-link">
            {link.text}
          </Link>
        )}
      </div>
      {children}
    </section>
  );
}

/** ` in origin = JFK`, nothing for the whole model. */
export function InSegment({ segment }: { segment: string | null }) {
  return segment === null ? null : (
    <>
      {" in "}
      <Name name={segment} limit={30} />
    </>
  );
}
