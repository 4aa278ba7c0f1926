import type { ComponentProps, ReactNode } from "react";

import { FailedLine, FailedPage } from "../pieces/Failed";
import { Skeleton } from "../pieces/Skeleton";
import { Page } from "../shell/Page";

import { saidOf } from "./failure";
import "./manage.css";

type Props = {
  /** What the page lists: "Rules". */
  what: string;
  question: ComponentProps<typeof FailedLine>["question"] & { isError: boolean };
  /** What was changed from the list, and may have failed. */
  act: { error: Error | null };
  /** How things are, in one sentence; unknown until they are read. */
  sentence: string | undefined;
  controls?: ReactNode;
  about?: string;
  side?: ReactNode;
  children: ReactNode;
};

/** A page on which people set things: how they are in one sentence, what failed, and the lists. */
export function ManagePage({ what, question, act, sentence, controls, about, side, children }: Props) {
  const isRead = sentence !== undefined;
  return (
    <Page crumbs={[{ text: what }]} side={side}>
      <FailedLine what={what} question={question} />
      {question.isError && !isRead ? (
        <FailedPage what={what} question={question} />
      ) : (
        <>
          <header className="manage-head">
            <h1>{isRead ? sentence : `Reading the ${what.toLowerCase()}`}</h1>
            {controls}
          </header>
          {about && <p className="manage-about">{about}</p>}
          {act.error && (
            <p className="manage-failed" role="alert">
              {saidOf(act.error)}
            </p>
          )}
          {!isRead && (
            <div className="manage-skeleton" aria-busy="true">
              {[420, 380, 440].map((width) => (
                <Skeleton key={width} width={width} height={10} />
              ))}
            </div>
          )}
          {children}
        </>
      )}
    </Page>
  );
}
