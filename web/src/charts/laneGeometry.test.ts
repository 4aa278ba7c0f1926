import { describe, expect, it } from "vitest";

import { areaBetween } from "./laneGeometry";

const same = (value: number) => value;

describe("the area between two lines", () => {
  it("goes over and comes back under", () => {
    expect(areaBetween([0, 1], [0, 1], [4, 5], same)).toBe("M0.0 4.0L1.0 5.0L1.0 1.0L0.0 0.0Z");
  });

  it("has a gap where a value is missing, or where time jumps", () => {
    const piece = (from: number) =>
      `M${from.toFixed(1)} 2.0L${(from + 1).toFixed(1)} 2.0L${(from + 1).toFixed(1)} 1.0L${from.toFixed(1)} 1.0Z`;
    expect(areaBetween([0, 1, 2, 3, 4], [1, 1, null, 1, 1], [2, 2, 2, 2, 2], same)).toBe(piece(0) + piece(3));
    expect(areaBetween([0, 1, 9, 10], [1, 1, 1, 1], [2, 2, 2, 2], same, 3)).toBe(piece(0) + piece(9));
  });

  it("is nothing for a single point", () => {
    expect(areaBetween([0], [1], [2], same)).toBe("");
    expect(areaBetween([0, 1], [null, null], [null, 2], same)).toBe("");
  });
});
