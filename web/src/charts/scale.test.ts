import { describe, expect, it } from "vitest";

import { laneAxis, linePath } from "./laneGeometry";
import { linear, logarithmic, nearest, powersOfTen, ticks } from "./scale";
import { timeTicks } from "./timeTicks";

describe("scales", () => {
  it("map ends to ends", () => {
    expect(linear(2, 4, 10, 20)(3)).toBe(15);
    const y = logarithmic(0.001, 1, 90, 0);
    expect(y(0.001)).toBeCloseTo(90);
    expect(y(1)).toBeCloseTo(0);
    expect(y(0.01)).toBeCloseTo(60);
    expect(y(0)).toBeCloseTo(90);
  });

  it("tick on round numbers inside the range", () => {
    expect(ticks(0, 60, 6)).toEqual([0, 10, 20, 30, 40, 50, 60]);
    expect(ticks(0, 0.07, 3)).toEqual([0, 0.025, 0.05]);
    expect(ticks(5, 5, 3)).toEqual([5]);
    expect(powersOfTen(0.0008, 1.2)).toEqual([0.001, 0.01, 0.1, 1]);
  });

  it("find the nearest of a sorted list, by the same answer as looking at all", () => {
    const sorted = [1, 2, 4, 8, 16];
    for (let value = -1; value < 20; value += 0.37) {
      const best = Math.min(...sorted.map((each) => Math.abs(each - value)));
      expect(Math.abs(sorted[nearest(sorted, value)] - value)).toBeCloseTo(best);
    }
    expect(nearest([], 3)).toBe(-1);
  });
});

describe("time ticks", () => {
  const DAY = 86_400_000;
  const start = Date.UTC(2013, 3, 1);
  it.each([0.2, 1, 5, 30, 90, 275, 900, 4000])("are few, ascending and inside a range of %d days", (days) => {
    const end = start + days * DAY;
    const found = timeTicks(start, end, 6);
    expect(found.length).toBeGreaterThan(0);
    expect(found.length).toBeLessThan(16);
    found.forEach((tick, index) => {
      expect(tick.time).toBeGreaterThanOrEqual(index ? found[index - 1].time + 1 : start);
      expect(tick.time).toBeLessThanOrEqual(end);
    });
  });

  it("are months over the flights' year", () => {
    expect(timeTicks(start, Date.UTC(2014, 0, 2), 8).map((tick) => tick.text)).toContain("2014");
  });
});

describe("lanes", () => {
  const data = { values: [0.001, null, 0.4], chance: [0.002, 0.002, 0.002], warning: 0.1, critical: 0.25 };

  it("keep band, thresholds and values inside their height on a log axis", () => {
    const { y } = laneAxis(data, true, 100);
    for (const value of [0.001, 0.002, 0.1, 0.25, 0.4]) {
      expect(y(value)).toBeGreaterThanOrEqual(0);
      expect(y(value)).toBeLessThanOrEqual(100);
    }
    expect(y(0.25)).toBeLessThan(y(0.1));
  });

  it("show shares from zero", () => {
    expect(laneAxis(data, false, 100).low).toBe(0);
  });

  it("leave gaps as gaps, in values and in time", () => {
    const flat = () => 1;
    expect(linePath([0, 1, 2], [1, null, 1], flat).match(/M/g)).toHaveLength(2);
    expect(linePath([0, 1, 9], [1, 1, 1], flat, 3).match(/M/g)).toHaveLength(2);
    expect(linePath([0, 1, 2], [1, 1, 1], flat, 3).match(/M/g)).toHaveLength(1);
  });
});
