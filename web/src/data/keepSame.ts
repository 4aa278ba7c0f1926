/** Old data stays on the page while new data of the *same* subject is on its way, never that of another. */

import { hashKey, type Query } from "@tanstack/react-query";

type Previous = Pick<Query, "queryKey"> | undefined;

/** For `placeholderData`: keeps the answer to a question whose key begins alike. */
export function keepSame(beginning: readonly unknown[]) {
  return <Answer>(answer: Answer | undefined, question: Previous): Answer | undefined =>
    question && hashKey(question.queryKey.slice(0, beginning.length)) === hashKey(beginning) ? answer : undefined;
}
