/** The dashboard's addresses: what each path means and how it is written. Every name is one encoded segment. */

export type Place =
  | { page: "fleet" }
  | { page: "model"; id: string }
  | { page: "feature"; id: string; role: string; name: string }
  | { page: "alerts" }
  | { page: "alert"; id: string }
  | { page: Kept }
  | { page: "missing" };

/** The pages on which is kept who is told what, and when. */
export const KEPT = ["rules", "channels", "silences", "actions"] as const;
export type Kept = (typeof KEPT)[number];

/** Reads a path. Segments that are not valid encodings lead nowhere rather than to an exception. */
export function placeOf(path: string): Place {
  const segments = path.split("/").slice(1);
  if (segments.length > 1 && segments[segments.length - 1] === "") segments.pop();
  let names: string[];
  try {
    names = segments.map(readSegment);
  } catch {
    return { page: "missing" };
  }
  const [first, id, third, role, name] = names;
  if (names.length === 1 && segments[0] === "") return { page: "fleet" };
  if (first === "models" && names.length === 2) return { page: "model", id };
  if (first === "models" && third === "columns" && names.length === 5) return { page: "feature", id, role, name };
  if (first === "alerts" && names.length === 1) return { page: "alerts" };
  if (first === "alerts" && names.length === 2) return { page: "alert", id };
  const kept = KEPT.find((each) => each === first);
  if (kept && names.length === 1) return { page: kept };
  return { page: "missing" };
}

export function modelPath(id: string): string {
  return `/models/${writeSegment(id)}`;
}

export function featurePath(id: string, role: string, name: string): string {
  return `${modelPath(id)}/columns/${role.toLowerCase()}/${writeSegment(name)}`;
}

export function alertPath(id: string): string {
  return `/alerts/${writeSegment(id)}`;
}

/** `.`, `..` and the empty name would be swallowed by the browser as path syntax, so a tilde goes before them. */
export function writeSegment(name: string): string {
  const escaped = name === "" || name === "." || name === ".." || name.startsWith("~") ? `~${name}` : name;
  return encodeURIComponent(escaped.toWellFormed());
}

function readSegment(segment: string): string {
  const name = decodeURIComponent(segment);
  return name.startsWith("~") ? name.slice(1) : name;
}
