import type { Level } from "../graphql/graphql";

import { levelClass, levelWord } from "./level";
import "./levels.css";

type Props = { level: Level; named?: boolean };

/** The shape of a level, 12 px. `named` when no word stands beside it. */
export function LevelMark({ level, named = false }: Props) {
  const naming = named ? { role: "img", "aria-label": levelWord(level) } : { "aria-hidden": true };
  return (
    <svg className={`level-mark ${levelClass(level)}`} width="12" height="12" viewBox="0 0 12 12" {...naming}>
      {shape(level)}
    </svg>
  );
}

function shape(level: Level) {
  switch (level) {
    case "CRITICAL":
      return (
        <>
          <rect x="0.5" y="0.5" width="11" height="11" rx="1.5" fill="currentColor" />
          <path d="M6 3v3.6M6 8.4v.9" className="level-cut" strokeWidth="1.5" />
        </>
      );
    case "WARNING":
      return <path d="M6 .8 11.8 11.2H.2z" fill="currentColor" />;
    case "ERROR":
      return <path d="M1.8 1.8l8.4 8.4M10.2 1.8l-8.4 8.4" fill="none" stroke="currentColor" strokeWidth="1.9" />;
    case "NO_DATA":
      return (
        <g fill="none" stroke="currentColor" strokeWidth="1.3">
          <circle cx="6" cy="6" r="4.4" />
          <path d="M2.9 9.1l6.2-6.2" />
        </g>
      );
    case "NOTICE":
      return <path d="M6 1.2 10.8 6 6 10.8 1.2 6z" fill="none" stroke="currentColor" strokeWidth="1.4" />;
    case "INSUFFICIENT_DATA":
      return (
        <circle cx="6" cy="6" r="4.4" fill="none" stroke="currentColor" strokeWidth="1.5" strokeDasharray="1.4 1.36" />
      );
    case "OK":
      return <circle cx="6" cy="6" r="3.2" fill="none" stroke="currentColor" strokeWidth="1.6" />;
  }
}
