import { describe, expect, it } from "vitest";

import { evidenceSentence } from "./words";

const column = {
  column: "amount",
  role: "FEATURE",
  level: "OK",
  evidence: "1 : 40",
  asked: "1 : 50,000",
  margin: -7.1,
  rows: 812,
  since: "2026-11-26T20:00:00Z",
} as const;

describe("the running evidence", () => {
  it("names who comes nearest", () => {
    expect(evidenceSentence({ state: "running", reason: "", columns: [column] })).toBe(
      "Nothing is certain. amount comes nearest: evidence 1 : 40, asked for 1 : 50,000.",
    );
  });

  it("says what is certain", () => {
    const certain = { ...column, margin: 0.1 };
    expect(evidenceSentence({ state: "running", reason: "", columns: [certain, column] })).toBe(
      "A change is certain in amount.",
    );
  });

  it("says why it waits", () => {
    expect(evidenceSentence({ state: "waiting", reason: "a reference must stand first", columns: [] })).toBe(
      "A reference must stand first.",
    );
  });
});
