import { describe, expect, it } from "vitest";

import { costInWords, rateInWords, reckonedFor } from "./cost";

const alarms = { alertsPer1000Days: 1, notices: 40, looksPerDay: 12, columns: 17, rows: 6480 };

describe("the cost of a setting", () => {
  it.each([
    [3, "3 a month"],
    [41.7, "42 a month"],
    [0.96, "0.96 a month"],
    [0.9, "1 a month"],
    [0.25, "1 in 4 months"],
    [0.03, "1 in 2.7 years"],
    [1e-9, "fewer than 1 in 1,000 years"],
    [0, "none"],
  ])("says %s alerts a month as %s", (rate, words) => {
    expect(rateInWords(rate)).toBe(words);
  });

  it("is one sentence, of about and at most", () => {
    expect(costInWords({ ...alarms, alertsAbout: 0.0273, alertsAtMost: 0.03 })).toBe(
      "When nothing changes: about 1 false alert in 3 years, and at most 1 in 2.7 years.",
    );
    expect(costInWords({ ...alarms, alertsAbout: 1e-12, alertsAtMost: 0.03 })).toBe(
      "When nothing changes: fewer than 1 false alert in 1,000 years, and at most 1 in 2.7 years.",
    );
    expect(costInWords({ ...alarms, alertsAbout: 30, alertsAtMost: 30 })).toBe(
      "When nothing changes: about 30 false alerts a month.",
    );
  });

  it("says for which windows", () => {
    expect(reckonedFor({ ...alarms, alertsAbout: 0, alertsAtMost: 0 })).toBe(
      "Reckoned for 17 columns, windows of 6,480 rows and 12 looks a day.",
    );
  });
});
