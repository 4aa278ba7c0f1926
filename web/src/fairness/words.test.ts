import { describe, expect, it } from "vitest";

import type { Attribute, Disparity, Fairness, Group } from "../data/fairness";
import type { Level } from "../graphql/graphql";

import { axisOf, fairnessFacts, fairnessSentence, levelOf, listed, shortLabel, tooSmall } from "./words";

const group = (key: string, more: Partial<Group> = {}): Group => ({
  label: key,
  key,
  isReference: false,
  level: "OK",
  rows: 100,
  figures: [],
  ...more,
});

const said = (groupKey: string, level: Level | null, figure = "selection_rate") =>
  ({ groupKey, level, figure }) as Disparity;

const attribute = (name: string, level: Level | null, more: Partial<Attribute> = {}): Attribute => ({
  name,
  key: name,
  crossed: false,
  level,
  against: null,
  groups: [],
  disparities: [],
  spreads: [],
  ...more,
});

describe("the fairness page in words", () => {
  it("names what breaks a rule first, then what does not", () => {
    expect(fairnessSentence([attribute("sex", "CRITICAL"), attribute("race", "WARNING"), attribute("age", "OK")])).toBe(
      "Groups are not treated alike by sex (critical) and race (warning). By age no rule is broken.",
    );
    expect(fairnessSentence([attribute("sex", "OK"), attribute("age", "NOTICE")])).toBe(
      "No rule is broken by sex and age.",
    );
    expect(fairnessSentence([attribute("sex", "INSUFFICIENT_DATA"), attribute("age", null)])).toBe(
      "No group can be judged yet.",
    );
  });

  it("counts groups of which nothing can be said, and only those", () => {
    const some = attribute("sex", "OK", {
      groups: [group("a"), group("b"), group("c", { isReference: true })],
      disparities: [said("a", "INSUFFICIENT_DATA"), said("b", "INSUFFICIENT_DATA"), said("b", "OK", "accuracy")],
    });
    expect(tooSmall([some])).toBe(1);
    expect(fairnessSentence([some])).toBe("No rule is broken by sex. 1 group is too small to be judged.");
  });

  it("says which window is shown, and how many labels have come", () => {
    const window = (end: string, mature: boolean) =>
      ({ end, mature, seen: 1000, coverage: 0.96 }) as Fairness["windows"][number];
    const fairness: Fairness = {
      version: "1",
      state: "ready",
      reason: "",
      attributes: [],
      favourable: "yes",
      newest: 0,
      windows: [window("2013-12-01T00:00:00Z", true), window("2013-12-08T00:00:00Z", false)],
    };
    expect(fairnessFacts(fairness)).toBe(
      "Selected is who is predicted \u201cyes\u201d. Selection rates are of the window to 8 Dec 2013 00:00 UTC, 1,000 predictions. What needs labels is of the newest window whose labels have come, to 1 Dec 2013 00:00 UTC: 96.0\u2009% of 1,000 are labelled.",
    );
    expect(fairnessFacts({ ...fairness, newest: 1 })).toMatch(/1,000 predictions, 96\.0\u2009% of them labelled\.$/);
    expect(fairnessFacts({ ...fairness, newest: null, favourable: "" })).not.toMatch(/needs labels/);
    const means = { figure: "mean_prediction", title: "", value: 1, low: 0, high: 2, rows: 9, end: "" };
    const numbers = [attribute("sex", "OK", { groups: [group("a", { figures: [means] })] })];
    expect(fairnessFacts({ ...fairness, attributes: numbers })).toMatch(/^Mean predictions are of the window/);
  });

  it("takes the worst level of a figure, and leaves what was not judged", () => {
    const all = [said("a", "OK"), said("a", "WARNING"), said("a", null), said("b", "CRITICAL")];
    expect(levelOf(all, "a", "selection_rate")).toBe("WARNING");
    expect(levelOf(all, "a", "accuracy")).toBeNull();
  });

  it("lets no group without enough rows stretch the scale", () => {
    const figures = (low: number, high: number) => [
      { figure: "selection_rate", title: "", value: low, low, high, rows: 9, end: "" },
    ];
    const groups = [group("a", { figures: figures(0.08, 0.26) }), group("b", { figures: figures(0, 1) })];
    expect(axisOf(groups, "selection_rate", true, (each) => each.key === "b")).toEqual({ low: 0, high: 0.3 });
    expect(axisOf([], "selection_rate", true, () => false)).toEqual({ low: 0, high: 1 });
    const high = [group("a", { figures: figures(0.84, 0.93) })];
    expect(axisOf(high, "selection_rate", true, () => false)).toEqual({ low: 0.8, high: 0.95 });
  });

  it("calls a group by its value inside its attribute", () => {
    expect(shortLabel("sex=Female", "sex")).toBe("Female");
    expect(shortLabel("race=a and sex=b", "race and sex")).toBe("race=a and sex=b");
    expect(listed(["a", "b", "c", "d", "e", "f"])).toBe("a, b, c, d and 2 more");
  });
});
