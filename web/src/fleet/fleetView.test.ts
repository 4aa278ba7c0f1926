import { describe, expect, it } from "vitest";

import { few, many } from "../../mock/fleet.ts";
import type { FleetModel } from "../data/fleet";
import { levelRank } from "../levels/level";

import { arrange, countLevels, matching, readView, SORTS } from "./fleetView";
import { fleetSentence } from "./sentence";
import { sharedCause } from "./WhatChanged";

const view = (text: string) => readView(new URLSearchParams(text));
const models: FleetModel[] = few();

describe("the fleet's view in the address", () => {
  it("reads filters and sorting, and forgets what it does not know", () => {
    expect(view("state=critical,no-data,nonsense&q=eta&sort=-traffic&env=staging")).toEqual({
      levels: ["CRITICAL", "NO_DATA"],
      words: "eta",
      environment: "staging",
      sort: "traffic",
      reversed: true,
    });
    expect(view("sort=nonsense").sort).toBe("state");
  });

  it("puts the worst first", () => {
    const ranks = arrange(models, view("")).map((model) => levelRank(model.level));
    expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
  });

  it.each(SORTS)("shows the same models however they are sorted: %s", (sort) => {
    const names = (text: string) => arrange(models, view(text)).map((model) => model.id);
    expect([...names(`sort=${sort}`)].sort()).toEqual([...names("")].sort());
    expect(names(`sort=${sort}`)).toEqual(
      arrange([...models].reverse(), view(`sort=${sort}`)).map((model) => model.id),
    );
  });

  it("finds by model, version and raised feature", () => {
    const found = (words: string) => arrange(models, view(`q=${words}`)).map((model) => model.id);
    expect(found("country_code")).toEqual(expect.arrayContaining(["fraud-card-present", "loan-early-repay"]));
    expect(found("FRAUD 3.4.1")).toEqual(["fraud-detection"]);
    expect(found("no such model")).toEqual([]);
  });

  it("counts in the strip what a press of a tile will show", () => {
    const counts = countLevels(matching(models, view("q=eta")));
    expect(arrange(models, view("q=eta&state=warning"))).toHaveLength(counts.WARNING);
  });

  it("arranges 1,000 models in an instant", () => {
    const fleet = many();
    const before = performance.now();
    arrange(fleet, view("q=e"));
    expect(performance.now() - before).toBeLessThan(200);
  });
});

describe("the sentence", () => {
  const of = (levels: string, more: Partial<FleetModel> = {}): FleetModel[] =>
    [...levels].map((letter) => ({
      ...models[0],
      live: false,
      since: null,
      openAlerts: 0,
      level: ({ c: "CRITICAL", w: "WARNING", o: "OK", n: "NOTICE", i: "INSUFFICIENT_DATA", e: "ERROR" } as const)[
        letter as "c"
      ],
      ...more,
    }));

  it.each([
    ["c", "1 model needs you now"],
    ["ccw", "2 models need you now"],
    ["wo", "Nothing is critical; 1 model is at warning"],
    ["oooon", "Nothing is raised; 1 model is at notice"],
    ["ooo", "All 3 models are inside what chance allows"],
    ["o", "The one model is inside what chance allows"],
    ["oi", "No drift in the 1 model that could be judged; 1 could not"],
    ["ie", "No model could be judged yet"],
  ])("of %s is %s", (levels, sentence) => {
    expect(fleetSentence(of(levels))).toBe(sentence);
  });

  it("does not call a fleet quiet in which alerts of segments or outcomes are open", () => {
    expect(fleetSentence(of("on", { openAlerts: 1 }))).toBe("No model is raised as a whole; 2 alerts are open");
  });

  it("says what is new, for live models only", () => {
    const now = "2026-11-24T00:00:00Z";
    const fresh = { now, since: "2026-11-23T20:00:00Z" };
    expect(fleetSentence(of("cc", { ...fresh, live: true }))).toBe("2 models need you now, 2 of them since yesterday");
    expect(fleetSentence(of("c", { ...fresh, live: false }))).toBe("1 model needs you now");
  });

  it("suspects one cause from three models on", () => {
    const raised = [
      {
        column: "country_code",
        role: "FEATURE" as const,
        metric: "PSI" as const,
        value: 0.2,
        level: "WARNING" as const,
      },
    ];
    expect(sharedCause(of("ww", { raised }))).toBeNull();
    expect(sharedCause(of("www", { raised }))).toEqual({ column: "country_code", count: 3 });
  });
});
