import { describe, expect, it } from "vitest";

import { boundsOf, defaultRange, PRESETS, readRange, writeRange, type TimeRange } from "./timeRange";

const read = (text: string) => readRange(new URLSearchParams(text));
const APRIL = Date.UTC(2013, 3, 1);
const JULY = Date.UTC(2013, 6, 1, 14, 30);

describe("the time range in the address", () => {
  const ranges: TimeRange[] = [...PRESETS.map((preset) => preset.range), { kind: "between", start: APRIL, end: JULY }];
  it.each(ranges)("is read as it was written: %j", (range) => {
    expect(readRange(new URLSearchParams({ range: writeRange(range) }))).toEqual(range);
  });

  it("understands start and end from outside links", () => {
    expect(read("start=2013-04-01T00:00Z&end=2013-07-01T14:30Z")).toEqual({ kind: "between", start: APRIL, end: JULY });
  });

  it.each(["", "range=never", "range=2013-07-01Z/2013-04-01Z", "range=a/b", "start=2013-04-01", "end=2013-04-01"])(
    "names no range in %j",
    (text) => {
      expect(read(text)).toBeNull();
    },
  );

  it("shows a replay whole and a live model for 30 days", () => {
    expect(defaultRange(false)).toEqual({ kind: "all" });
    expect(defaultRange(true)).toEqual({ kind: "last", days: 30 });
  });

  it("asks the same question until the grid moves on", () => {
    const grid = 3_600_000;
    const at = (now: number) => boundsOf({ kind: "last", days: 7 }, APRIL, now, grid);
    expect(at(JULY)).toEqual(at(JULY + 20 * 60_000));
    expect(at(JULY)).not.toEqual(at(JULY + grid));
    expect(at(JULY)).toEqual({ start: "2013-06-24T14:00:00.000Z", end: null });
    expect(boundsOf({ kind: "all" }, APRIL, JULY, grid)).toEqual({ start: "2013-04-01T00:00:00.000Z", end: null });
  });
});
