import { describe, expect, it } from "vitest";

import { breaksOf, cellClass, heatClass, PSI_BREAKS } from "./heatClass";

describe("heat classes", () => {
  it.each([
    [0, 0],
    [0.0199, 0],
    [0.02, 1],
    [0.05, 2],
    [0.0999, 2],
    [0.1, 3],
    [0.15, 4],
    [0.25, 5],
    [0.5, 6],
    [1, 7],
    [40, 7],
    [-0.01, 0],
  ])("PSI %d is class %d", (value, expected) => {
    expect(heatClass(value, PSI_BREAKS)).toBe(expected);
  });

  it.each([
    ["KS", 0.1, 0.15],
    ["NULLS", 0.031, 0.071],
    ["KL", null, null],
    ["PSI", 0.2, 0.2],
  ] as const)("turn amber at the warning line and red at the critical line of %s", (metric, warning, critical) => {
    const breaks = breaksOf(metric, warning, critical);
    expect([...breaks].sort((a, b) => a - b)).toEqual(breaks);
    expect(new Set(breaks).size).toBe(7);
    if (warning !== null) expect(heatClass(warning, breaks)).toBe(3);
    if (critical !== null && critical > warning) expect(heatClass(critical, breaks)).toBe(5);
  });

  it("stay grey where chance allows the value, however large it is", () => {
    expect(cellClass(0.88, "NOTICE", 6.8, PSI_BREAKS)).toBe(2);
    expect(cellClass(0.88, "OK", null, PSI_BREAKS)).toBe(2);
    expect(cellClass(0.88, "NOTICE", 0.01, PSI_BREAKS)).toBe(6);
    expect(cellClass(0.01, "OK", 6.8, PSI_BREAKS)).toBe(0);
  });

  it("are the documented ones for PSI's own thresholds", () => {
    expect(breaksOf("PSI", 0.1, 0.25)).toEqual([0.02, 0.05, 0.1, 0.15, 0.25, 0.5, 1]);
  });
});
