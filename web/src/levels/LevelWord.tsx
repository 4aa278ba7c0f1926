import type { Level } from "../graphql/graphql";

import { levelClass, levelWord } from "./level";
import { LevelMark } from "./LevelMark";

/** Shape, word and colour together: a level is never told by colour alone. */
export function LevelWord({ level }: { level: Level }) {
  return (
    <span className={`level-word ${levelClass(level)}`}>
      <LevelMark level={level} />
      <span>{levelWord(level)}</span>
    </span>
  );
}
