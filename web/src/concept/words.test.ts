import { describe, expect, it } from "vitest";

import type { ConceptDrift, ConceptFinding } from "../data/concept";

import { stepsOf, stretchOf } from "./steps";
import { changeWord, conceptSentence, errorText } from "./words";

const finding = (since: string, before: number, after: number): ConceptFinding => ({
  level: "WARNING",
  worse: after > before,
  at: since.replace("T00", "T06"),
  since,
  before,
  after,
  labelsBefore: 900,
  labelsAfter: 400,
  label: 1300,
  detectors: ["ADWIN"],
  certainty: 6,
  recurs: 0,
  text: "",
});

const concept = (changes: Partial<ConceptDrift>): ConceptDrift => ({
  state: "watching",
  reason: "Every new label is looked at",
  metric: "error_rate",
  labels: 5_000,
  waiting: 0,
  error: 0.1,
  labelLagS: 60,
  updated: null,
  level: "OK",
  driftSince: null,
  findings: [],
  ...changes,
});

const ROSE = finding("2013-10-01T00:00:00Z", 0.05, 0.1);
const FELL = finding("2013-11-01T00:00:00Z", 0.1, 0.06);

describe("the answer", () => {
  it("says since when the model errs more, and by how much", () => {
    expect(conceptSentence(concept({ driftSince: ROSE.since, findings: [ROSE] }))).toBe(
      "The model errs more since about 1 Oct 2013 00:00: share of mistakes 5.0\u2009% → 10.0\u2009%.",
    );
    expect(changeWord("error_rate", ROSE)).toBe("+\u20095.0 points");
    expect(changeWord("mean_absolute_error", { before: 10, after: 15 })).toBe("+\u200950\u2009%");
    expect(errorText("mean_absolute_error", 1284.3)).toBe("1,284");
  });

  it("says what is waited for, and that nothing was found", () => {
    expect(conceptSentence(concept({ state: "waiting", reason: "No label yet" }))).toBe("No label yet.");
    expect(conceptSentence(concept({ state: "learning", reason: "Too few labels", labels: 1 }))).toBe(
      "Too few labels. 1 label has been looked at.",
    );
    expect(conceptSentence(concept({}))).toBe("No change of the errors in 5,000 labels.");
    expect(conceptSentence(concept({ findings: [FELL, ROSE] }))).toMatch(
      /^No harmful change stands now\..*errors fell/,
    );
  });
});

describe("the steps of the timeline", () => {
  it("begin before the oldest change and end with the error of now", () => {
    const [from, until] = [Date.UTC(2013, 8, 1), Date.UTC(2013, 11, 1)];
    expect(stepsOf([FELL, ROSE], 0.07, from, until).map((step) => step.error)).toEqual([0.05, 0.1, 0.07]);
    expect(stepsOf([], 0.07, from, until)).toEqual([{ from, until, error: 0.07 }]);
    expect(stepsOf([], null, from, until)).toEqual([]);
  });

  it("leave room before a change that is older than all that is known", () => {
    const now = Date.UTC(2013, 10, 1);
    const { from } = stretchOf([ROSE], Date.UTC(2013, 9, 15), now);
    expect(from).toBeLessThan(Date.parse(ROSE.since));
    expect(stretchOf([ROSE], Date.UTC(2013, 0, 1), now).from).toBe(Date.UTC(2013, 0, 1));
  });
});
