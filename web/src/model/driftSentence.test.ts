import { expect, it } from "vitest";

import { driftOf } from "../../mock/flightModel.ts";

import { driftSentence } from "./driftSentence";
import { ranked, readRank } from "./rank";

const drift = driftOf({ metric: "PSI" });
const june = driftOf({ metric: "PSI", end: "2013-06-20T00:00:00Z" });

it("answers for the newest window and remembers the summer", () => {
  expect(driftSentence(drift)).toMatch(/^None of 19 columns is raised in the newest window\./);
  expect(driftSentence(drift)).toMatch(/\d columns were critical earlier in this range\.$/);
  expect(driftSentence(june)).toMatch(/^\d+ of 19 columns are raised: 2 critical/);
  expect(driftSentence({ ...drift, times: [] })).toBe("No window was checked in this stretch of time.");
});

it("ranks a replay by its worst, a live model by the server's order", () => {
  const none = new URLSearchParams();
  expect(readRank(none, true)).toBe("now");
  expect(readRank(none, false)).toBe("peak");
  expect(ranked(drift, "peak").lines[0].name).toBe("temp");
  expect(ranked(drift, "now")).toBe(drift);
});
