/** How a model is cut into segments: what the form holds and what is sent. Pure. */

import type { Changes, Settings } from "../data/settings";

type Held = Settings["segments"];

export type SegmentDraft = { columns: Held["columns"]; limit: string };

const USUAL_LIMIT = 20;

export function segmentDraft(held: Held): SegmentDraft {
  return { columns: held.columns, limit: held.limit === USUAL_LIMIT ? "" : String(held.limit) };
}

/** Only what is different; no column at all is null, which switches segments off. */
export function segmentChanges(draft: SegmentDraft, held: Held): Changes {
  const changes: Changes = {};
  const sent = draft.columns.map((column) => ({ [column.role.toLowerCase()]: column.name }));
  const before = held.columns.map((column) => ({ [column.role.toLowerCase()]: column.name }));
  if (JSON.stringify(sent) !== JSON.stringify(before)) changes["segments"] = sent.length ? sent : null;
  if (draft.limit.trim() !== segmentDraft(held).limit) {
    const value = Number(draft.limit);
    changes["max_segments"] = draft.limit.trim() === "" ? null : Number.isNaN(value) ? draft.limit : value;
  }
  return changes;
}
