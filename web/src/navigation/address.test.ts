import { describe, expect, it } from "vitest";

import { alertPath, featurePath, modelPath, placeOf } from "./address";

const HOSTILE = [
  "flight-delay",
  "",
  ".",
  "..",
  "../../x",
  "~",
  "~..",
  "a/b?c#d",
  "100%",
  "%2F",
  "<script>",
  "\u202etxt",
  "'; DROP TABLE",
  "日本",
];

describe("addresses", () => {
  it.each(HOSTILE)("carry the name %j there and back, through a browser's own parsing", (name) => {
    const model = new URL(modelPath(name), "http://host").pathname;
    expect(placeOf(model)).toEqual({ page: "model", id: name });
    const feature = new URL(featurePath(name, "FEATURE", name), "http://host").pathname;
    expect(placeOf(feature)).toEqual({ page: "feature", id: name, role: "feature", name });
    expect(placeOf(new URL(alertPath(name), "http://host").pathname)).toEqual({ page: "alert", id: name });
  });

  it("know the pages and nothing else", () => {
    expect(placeOf("/")).toEqual({ page: "fleet" });
    expect(placeOf("/alerts")).toEqual({ page: "alerts" });
    expect(placeOf("/alerts/")).toEqual({ page: "alerts" });
    for (const path of ["/models", "/models/a/b", "/models/a/columns/feature", "/x", "/models/%E0%A4%A"]) {
      expect(placeOf(path)).toEqual({ page: "missing" });
    }
  });
});
