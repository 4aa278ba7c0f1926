import type { ColumnDetail } from "../data/column";
import { unbroken } from "../format/prose";
import { Icon } from "../pieces/Icon";
import { Methods } from "../model/Methods";

import { FurtherMethods } from "./FurtherMethods";
import { movedInWords } from "./movedInWords";

/** Why was this raised, how sure is it, and what every method says. */
export function WhyPanel({ column, isNewest }: { column: ColumnDetail; isNewest: boolean }) {
  const raised = column.level === "CRITICAL" || column.level === "WARNING";
  const { distribution } = column;
  return (
    <aside className="side-panel why-panel" aria-label="Why and how sure">
      <div className="side-scroll">
        {!isNewest && distribution && (
          <>
            <h2>In this window</h2>
            <p className="why-sentence">{movedInWords(distribution)}</p>
          </>
        )}
        {isNewest && column.why.length > 0 && (
          <>
            <h2>{raised ? "Why was this raised" : "What is known"}</h2>
            {column.why.map((sentence, index) => (
              <p key={index} className="why-sentence">
                {unbroken(sentence)}
              </p>
            ))}
          </>
        )}
        {isNewest && column.sure.length > 0 && column.level !== "OK" && (
          <section>
            <h2>How sure</h2>
            <ul className="sure">
              {column.sure.map((check) => (
                <li key={check.title} className={check.holds ? "holds" : "fails"}>
                  <Icon name={check.holds ? "check" : "cross"} size={14} />
                  <h3>
                    {check.title}
                    {!check.holds && <span className="quiet"> does not hold</span>}
                  </h3>
                  <p>{unbroken(check.detail)}</p>
                </li>
              ))}
            </ul>
          </section>
        )}
        <section>
          <h2>All methods</h2>
          <Methods methods={column.methods} />
          <FurtherMethods methods={column.onRequest} />
        </section>
      </div>
    </aside>
  );
}
