import { describe, expect, it } from "vitest";

import { bandPath, pointsPath, runsOf, unitScales } from "./unitPlotGeometry";

const same = (value: number) => value;

describe("a band between two lines", () => {
  it("goes along the upper line and back along the lower one", () => {
    expect(bandPath([0, 10], [1, 2], [3, 4], same)).toBe("M0.0 3.0L10.0 4.0L10.0 2.0L0.0 1.0Z");
  });

  it("has a gap where an end is missing, and where time makes a leap", () => {
    expect(bandPath([0, 1, 2], [1, null, 1], [2, 2, 2], same)).toBe("M0.0 2.0L0.0 1.0ZM2.0 2.0L2.0 1.0Z");
    expect(bandPath([0, 50], [1, 1], [2, 2], same, 20)).toBe("M0.0 2.0L0.0 1.0ZM50.0 2.0L50.0 1.0Z");
    expect(bandPath([], [], [], same)).toBe("");
  });
});

it("finds the stretches for which something holds", () => {
  expect(runsOf([true, false, true, true])).toEqual([
    { first: 0, last: 1 },
    { first: 2, last: 4 },
  ]);
  expect(runsOf([false])).toEqual([]);
});

it("keeps a plot of 0 to 1 inside its frame", () => {
  const { x, y, left, right, top, bottom } = unitScales(300, 240);
  expect([x(0), x(1), y(0), y(1)]).toEqual([left, right, bottom, top]);
  expect(pointsPath([{ x: 0, y: 1 }], x, y)).toBe(`M${left.toFixed(1)} ${top.toFixed(1)}`);
});
