import { expect, it } from "vitest";

import type { OutcomeWindow, PerformanceLine } from "../data/performance";

import { classRows } from "./classRows";
import { shadeOf, shareOf } from "./confusion";
import { delayBlocks, delayMarks } from "./delays";
import { halves, outcomeAxis } from "./outcomeAxis";

const window = (mature: boolean, coverage = 0.9) => ({ mature, coverage, final: 0.9 }) as OutcomeWindow;

const line = (changes: Partial<PerformanceLine>) =>
  ({
    baseline: 0.7,
    thresholdWarning: 0.68,
    thresholdCritical: 0.65,
    lows: [],
    highs: [],
    estimated: [],
    estimatedLows: [],
    estimatedHighs: [],
    ...changes,
  }) as PerformanceLine;

it("is not stretched by windows whose labels are still coming", () => {
  const axis = outcomeAxis(line({ values: [0.69, 0.05] }), [window(true), window(false, 0.1)], undefined, 200);
  expect(axis.low).toBeGreaterThan(0.6);
  const whole = outcomeAxis(line({ values: [0.69, 0.05] }), [window(true), window(true)], undefined, 200);
  expect(whole.low).toBeLessThan(0.05);
});

it("takes what is half there where nothing is whole, and stays inside the metric's own bounds", () => {
  const windows = [window(false, 0.5), window(false, 0.1)];
  const axis = outcomeAxis(line({ values: [0.99, 0.05] }), windows, { low: 0, high: 1 }, 200);
  expect(axis.high).toBe(1);
  expect(axis.low).toBeGreaterThan(0.5);
  expect(outcomeAxis(undefined, [], { low: 0, high: 1 }, 200).ticks.length).toBeGreaterThan(1);
});

it("gives each window the room up to its neighbours, never over a gap", () => {
  expect(halves([0, 10, 100], 6)).toEqual([
    { left: -6, right: 5 },
    { left: 5, right: 16 },
    { left: 94, right: 106 },
  ]);
});

it("reads shares of a confusion matrix by label", () => {
  const matrix = {
    labels: ["a", "b"],
    counts: [
      [3, 1],
      [0, 0],
    ],
  };
  expect(shareOf(matrix, "a", "b")).toBe(0.25);
  expect(shareOf(matrix, "b", "b")).toBeNull();
  expect(shareOf(matrix, "none", "a")).toBeNull();
  expect([0, 0.1, 0.5, 1].map(shadeOf)).toEqual([0, 2, 4, 7]);
});

it("lists classes by what they lost, the empty name among them", () => {
  const of = (label: string, value: number, rows: number) => ({
    metric: "f1",
    title: "F1",
    label,
    value,
    low: null,
    high: null,
    rows,
    baseline: 0.9,
    level: null,
    single: null,
    text: "",
  });
  const { rows, columns } = classRows([of("a", 0.9, 5), of("", 0.7, 3), of("b", 0.9, 9)]);
  expect(rows.map((row) => row.label)).toEqual(["", "b", "a"]);
  expect(columns).toEqual([{ metric: "f1", title: "F1" }]);
});

it("draws an open delay as a doubling, and none of no labels", () => {
  expect(delayBlocks([{ above: 8, upTo: null, labels: 2 }])).toEqual([{ from: 8, until: 16, share: 1 }]);
  expect(delayBlocks([])).toEqual([]);
  expect(delayMarks(50, 4_000).map((mark) => mark.text)).toEqual(["1 min", "10 min", "1 h"]);
});
