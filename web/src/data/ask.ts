/** One question to the server: a typed GraphQL document in, its answer or a `Failure` out. */

import type { TypedDocumentString } from "../graphql/graphql";

import { readKey } from "./key";

type Extensions = { field?: string; hint?: string };

/** Why there is no answer; `field` names the part of the question that was refused, `hint` what would be taken. */
export class Failure extends Error {
  constructor(
    readonly kind: "unreachable" | "unauthorized" | "refused",
    message: string,
    readonly field = "",
    readonly hint = "",
  ) {
    super(message);
  }
}

export async function ask<Answer, Variables>(
  question: TypedDocumentString<Answer, Variables>,
  variables: Variables,
  signal?: AbortSignal,
): Promise<Answer> {
  const key = readKey();
  const response = await fetch("/graphql", {
    method: "POST",
    headers: { "Content-Type": "application/json", ...(key ? { Authorization: `Bearer ${key}` } : {}) },
    body: JSON.stringify({ query: String(question), variables }),
    ...(signal ? { signal } : {}),
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new Failure("unreachable", "The server does not answer.");
  });
  if (response.status === 401) throw new Failure("unauthorized", "The server asks for an API key.");
  const answer = (await response.json().catch(() => null)) as {
    data?: Answer | null;
    errors?: { message: string; extensions?: Extensions }[];
    detail?: string;
  } | null;
  if (answer?.errors?.length) {
    const { field, hint } = answer.errors[0].extensions ?? {};
    throw new Failure("refused", answer.errors.map((each) => each.message).join(" "), field, hint);
  }
  if (!response.ok || !answer?.data) {
    throw new Failure("refused", answer?.detail ?? `The server answered with status ${String(response.status)}.`);
  }
  return answer.data;
}
