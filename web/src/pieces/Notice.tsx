import type { ReactNode } from "react";

import type { Level } from "../graphql/graphql";
import { LevelMark } from "../levels/LevelMark";

import "./notice.css";

type Props = { title: ReactNode; level?: Level; children: ReactNode; action?: ReactNode; heading?: "h1" | "h2" };

/** What, why, one action: where a page or a chart has nothing else to show. */
export function Notice({ title, level, children, action, heading: Heading = "h2" }: Props) {
  return (
    <div className="notice">
      <Heading className="notice-title">
        {level && <LevelMark level={level} />}
        {title}
      </Heading>
      <div className="notice-text">{children}</div>
      {action && <div className="notice-action">{action}</div>}
    </div>
  );
}
