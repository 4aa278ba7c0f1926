/** Which groups of people a model is looked at by: what the form holds and what is sent. Pure. */

import type { ModelDetail } from "../data/model";
import type { Changes, Settings } from "../data/settings";

type Column = ModelDetail["columns"][number];

/** Texts as typed: `bands` are edges of numbers, `reference` is empty for the largest group. */
export type AttributeDraft = { name: string; role: string; numeric: boolean; bands: string; reference: string };
export type FairnessDraft = { attributes: AttributeDraft[]; crossed: string; favourable: string };

/** Tags and features that can be groups, tags first, without those that are chosen already. */
export function protectable(columns: readonly Column[], chosen: readonly AttributeDraft[]): Column[] {
  const fit = columns.filter(
    ({ name, role, kind }) =>
      (role === "TAG" || role === "FEATURE") &&
      (kind === "CATEGORY" || kind === "BOOLEAN" || kind === "NUMERIC") &&
      !chosen.some((each) => each.name === name && each.role === role.toLowerCase()),
  );
  const place = ({ role, kind }: Column) => (role === "TAG" ? 0 : 2) + (kind === "NUMERIC" ? 1 : 0);
  return [...fit].sort((a, b) => place(a) - place(b));
}

export function attributeOf(column: Column): AttributeDraft {
  const numeric = column.kind === "NUMERIC";
  return { name: column.name, role: column.role.toLowerCase(), numeric, bands: "", reference: "" };
}

type Said = { name?: unknown; role?: unknown; bands?: unknown; reference?: unknown };

export function fairnessDraft(held: Settings["fairness"]): FairnessDraft {
  const said = held ?? {};
  const attributes = Array.isArray(said["attributes"]) ? (said["attributes"] as Said[]) : [];
  const crossed = said["intersections"];
  const favourable = said["favourable"];
  return {
    attributes: attributes.map(({ name, role, bands, reference }) => ({
      name: typeof name === "string" ? name : "",
      role: role === "feature" ? "feature" : "tag",
      numeric: Array.isArray(bands),
      bands: Array.isArray(bands) ? bands.map(String).join(", ") : "",
      reference: typeof reference === "string" ? reference : "",
    })),
    crossed: crossed === undefined || crossed === true ? "2" : crossed === false ? "1" : String(crossed as number),
    favourable: typeof favourable === "string" ? favourable : "",
  };
}

/** One attribute as it is sent; edges that are no numbers go as text, and the server says what it wants. */
export function attributeSent(draft: AttributeDraft): Record<string, unknown> {
  const edges = draft.bands
    .split(/[\s,;]+/)
    .filter(Boolean)
    .map((text) => (Number.isNaN(Number(text)) ? text : Number(text)));
  return {
    [draft.role]: draft.name,
    ...(edges.length > 0 ? { bands: edges } : {}),
    ...(draft.reference.trim() === "" ? {} : { reference: draft.reference.trim() }),
  };
}

/** The whole setting when something is different: what the form does not show stays as it was. */
export function fairnessChanges(draft: FairnessDraft, held: Settings["fairness"]): Changes {
  const before = fairnessDraft(held);
  if (JSON.stringify(draft) === JSON.stringify(before)) return {};
  if (draft.attributes.length === 0) return held === null ? {} : { fairness: null };
  const rest = Object.entries(held ?? {}).filter(([name]) => name !== "favourable" && name !== "intersections");
  return {
    fairness: {
      ...Object.fromEntries(rest),
      attributes: draft.attributes.map(attributeSent),
      ...(draft.crossed === "2" ? {} : { intersections: Number(draft.crossed) }),
      ...(draft.favourable.trim() === "" ? {} : { favourable: draft.favourable.trim() }),
    },
  };
}
