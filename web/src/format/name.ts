/** Names given by users are data: control marks are made visible, long ones are cut in the middle. */

export type NamePart = { kind: "text" | "mark"; text: string };

// C0 and C1 controls, soft hyphen, zero-width and bidirectional marks, line separators, byte-order mark, tags.
const MARK =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

/** The name split into what can be shown as it is and the marks that must be spelt out (`U+202E`). */
export function partsOfName(name: string): NamePart[] {
  const parts: NamePart[] = [];
  let from = 0;
  for (const match of name.matchAll(MARK)) {
    if (match.index > from) parts.push({ kind: "text", text: name.slice(from, match.index) });
    parts.push({ kind: "mark", text: codePoint(match[0]) });
    from = match.index + match[0].length;
  }
  if (from < name.length) parts.push({ kind: "text", text: name.slice(from) });
  return parts;
}

function codePoint(mark: string): string {
  return "U+" + (mark.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
}

/** At most `limit` characters, the middle replaced by one ellipsis: the ends of names tell them apart. */
export function cutInTheMiddle(name: string, limit: number): string {
  const characters = [...name];
  if (characters.length <= limit) return name;
  const head = Math.ceil((limit - 1) * 0.6);
  const tail = limit - 1 - head;
  return characters.slice(0, head).join("") + "…" + characters.slice(characters.length - tail).join("");
}

/** The whole name as one line of plain text, for titles, labels and what is read out. */
export function plainName(name: string): string {
  if (name === "") return "(empty name)";
  return partsOfName(name)
    .map((part) => (part.kind === "mark" ? `[${part.text}]` : part.text))
    .join("");
}
