import { describe, expect, it } from "vitest";

import { between, day, moment, span, spanShort, utc, zone } from "./time";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOVEMBER = Date.UTC(2026, 10, 14, 6, 40);
const TODAY = Date.UTC(2026, 10, 24);

describe("spans", () => {
  it.each([
    [40_000, "40\u2009s"],
    [4 * HOUR, "4\u2009h"],
    [33 * HOUR, "33\u2009h"],
    [9 * DAY + 3 * HOUR, "9\u2009d"],
    [-5, "0\u2009s"],
  ])("one unit in tables: %d", (milliseconds, text) => {
    expect(spanShort(milliseconds)).toBe(text);
  });

  it.each([
    [9 * DAY + 3 * HOUR, "9\u2009d 3\u2009h"],
    [29 * HOUR + 40 * MINUTE, "29\u2009h 40\u2009min"],
    [7 * DAY, "7\u2009d"],
    [14 * HOUR, "14\u2009h"],
    [90_000, "1\u2009min 30\u2009s"],
    [5_000, "5\u2009s"],
  ])("two units elsewhere: %d", (milliseconds, text) => {
    expect(span(milliseconds)).toBe(text);
  });
});

describe("moments", () => {
  it("leave out the year of today and name any other", () => {
    expect(moment(NOVEMBER, TODAY)).toBe("14 Nov 06:40");
    expect(day(Date.UTC(2013, 4, 1), TODAY)).toBe("1 May 2013");
  });

  it("name the year of a range once", () => {
    expect(between(Date.UTC(2026, 9, 24), Date.UTC(2026, 10, 23), TODAY)).toBe("24 Oct – 23 Nov");
    expect(between(Date.UTC(2013, 3, 1), Date.UTC(2013, 11, 31), TODAY)).toBe("1 Apr – 31 Dec 2013");
    expect(between(Date.UTC(2012, 11, 1), Date.UTC(2013, 0, 31), TODAY)).toBe("1 Dec 2012 – 31 Jan 2013");
    expect(between(NOVEMBER, NOVEMBER + HOUR, TODAY)).toBe("06:40 – 07:40, 14 Nov");
  });

  it("say UTC and the zone", () => {
    expect(utc(NOVEMBER)).toBe("14 Nov 2026, 06:40 UTC");
    expect(zone(NOVEMBER)).toBe("UTC");
  });
});
