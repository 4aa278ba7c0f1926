import { describe, expect, it } from "vitest";

import { compact, counted, exact, measured, percent, percentDigits, probability, signed, statistic } from "./number";

describe("numbers are written as the design language says", () => {
  it.each([
    [0, "0"],
    [416, "416"],
    [9_180, "9,180"],
    [9_999.4, "9,999"],
    [9_999.6, "10.0\u2009k"],
    [38_412, "38.4\u2009k"],
    [99_949, "99.9\u2009k"],
    [99_950, "100\u2009k"],
    [412_000, "412\u2009k"],
    [999_400, "999\u2009k"],
    [999_900, "1.00\u2009M"],
    [4_820_000, "4.82\u2009M"],
    [7.31e9, "7.31\u2009G"],
    [-38_412, "\u221238.4\u2009k"],
    [NaN, "–"],
  ])("compact(%d) is %s", (value, text) => {
    expect(compact(value)).toBe(text);
  });

  it("gives every digit where asked", () => {
    expect(exact(80_789)).toBe("80,789");
    expect(exact(-1_000)).toBe("\u22121,000");
  });

  it.each([
    [3.12, "3.12"],
    [0.41, "0.41"],
    [0.0996, "0.10"],
    [0.048, "0.048"],
    [0.0004, "0.000"],
    [-0.0001, "0.000"],
    [-0.02, "\u22120.020"],
    [null, "–"],
  ])("statistic(%s) is %s", (value, text) => {
    expect(statistic(value)).toBe(text);
  });

  it.each([
    [0, "0\u2009%"],
    [0.0001, "<.1\u2009%"],
    [0.021, "2.1\u2009%"],
    [0.142, "14.2\u2009%"],
    [1, "100\u2009%"],
    [null, "–"],
  ])("percent(%s) is %s", (share, text) => {
    expect(percent(share)).toBe(text);
  });

  it("drops the unit where the head names it", () => {
    expect(percentDigits(0.142)).toBe("14.2");
  });

  it("always signs a difference, with a true minus", () => {
    expect(signed(0.2)).toBe("+\u20090.2");
    expect(signed(-0.3)).toBe("\u2212\u20090.3");
    expect(signed(-0.01)).toBe("+\u20090.0");
  });

  it.each([
    [17.34, "17.3"],
    [1017.9, "1,018"],
    [0.00412, "0.00412"],
    [-10, "\u221210"],
    [12_345_678, "1.2×10⁷"],
    [Infinity, "infinite"],
    [NaN, "NaN"],
  ])("measured(%d) is %s", (value, text) => {
    expect(measured(value)).toBe(text);
  });

  it("bounds tiny probabilities", () => {
    expect(probability(0.031)).toBe("0.031");
    expect(probability(3.1e-13)).toBe("< 10⁻¹²");
    expect(probability(0)).toBe("< 10⁻⁹⁹");
  });

  it("counts in words", () => {
    expect(counted(1, "model")).toBe("1 model");
    expect(counted(1_000, "model")).toBe("1,000 models");
  });
});
