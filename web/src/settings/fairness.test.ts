import { describe, expect, it } from "vitest";

import type { ModelDetail } from "../data/model";

import { attributeOf, attributeSent, fairnessChanges, fairnessDraft, protectable } from "./fairness";

const held = {
  attributes: [
    { name: "sex", role: "tag", reference: "Male" },
    { name: "age", role: "feature", bands: [25, 45.5], quantiles: 3 },
  ],
  min_rows: 50,
};

describe("protected attributes in the form", () => {
  it("send nothing while nothing is different", () => {
    expect(fairnessChanges(fairnessDraft(held), held)).toEqual({});
    expect(fairnessChanges(fairnessDraft(null), null)).toEqual({});
  });

  it("keep what the form does not show", () => {
    const draft = { ...fairnessDraft(held), crossed: "3", favourable: "approved" };
    expect(fairnessChanges(draft, held)).toEqual({
      fairness: {
        attributes: [
          { tag: "sex", reference: "Male" },
          { feature: "age", bands: [25, 45.5] },
        ],
        min_rows: 50,
        intersections: 3,
        favourable: "approved",
      },
    });
  });

  it("are null when none is left", () => {
    expect(fairnessChanges({ ...fairnessDraft(held), attributes: [] }, held)).toEqual({ fairness: null });
  });

  it("send edges as numbers, and what is none as it was typed", () => {
    const age = { name: "age", role: "tag", numeric: true, bands: "25; 45 sixty", reference: " " };
    expect(attributeSent(age)).toEqual({ tag: "age", bands: [25, 45, "sixty"] });
  });

  it("are picked from tags and features, tags first, each once", () => {
    const columns = [
      { name: "age", role: "FEATURE", kind: "NUMERIC" },
      { name: "score", role: "PREDICTION_SCORE", kind: "NUMERIC" },
      { name: "sex", role: "TAG", kind: "CATEGORY" },
    ] as ModelDetail["columns"];
    expect(protectable(columns, []).map((each) => each.name)).toEqual(["sex", "age"]);
    expect(protectable(columns, [attributeOf(columns[2])]).map((each) => each.name)).toEqual(["age"]);
  });
});
