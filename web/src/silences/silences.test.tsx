import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";

import { openDashboard } from "../../mock/openDashboard";

import { matcherParts, spanInWords, weekdaysInWords } from "./words";

describe("words", () => {
  it("writes days that follow each other as a stretch", () => {
    expect(weekdaysInWords(["mon", "tue", "wed", "thu", "fri"])).toBe("Mon – Fri");
    expect(weekdaysInWords(["sun", "sat"])).toBe("Sat, Sun");
    expect(weekdaysInWords(["mon", "wed", "thu", "fri", "sun"])).toBe("Mon, Wed – Fri, Sun");
    expect(weekdaysInWords(["mon", "tue", "wed", "thu", "fri", "sat", "sun"])).toBe("every day");
  });

  it("says when hours end on the next day", () => {
    expect(spanInWords({ weekdays: ["mon"], start: "18:00", end: "08:00" })).toBe("Mon, 18:00 – 08:00 the next day");
    expect(spanInWords({ weekdays: ["sat", "sun"], start: "00:00", end: "24:00" })).toBe("Sat, Sun, all day");
  });

  it("names what is given and nothing else", () => {
    const none = { model: "a", environment: "", version: "", kind: "", feature: "", atLeast: null, atMost: null };
    expect(matcherParts(none)).toEqual([]);
    expect(matcherParts({ ...none, kind: "data_drift", atMost: "WARNING" })).toEqual(["data drift", "warning or less"]);
  });
});

describe("the page of silences", () => {
  it("answers in a sentence and lists what is silenced", async () => {
    openDashboard("/silences", "few");
    await screen.findByText("1 silence holds 1 alert back; 1 mute time now");
    const table = screen.getByRole("table", { name: "Silences" });
    expect(within(table).getAllByRole("row")).toHaveLength(3);
  });

  it("shows what a silence would mute before it is made, and makes it", async () => {
    openDashboard("/silences", "few");
    await userEvent.click(await screen.findByRole("button", { name: "New silence" }));
    const form = screen.getByRole("form", { name: "New silence" });
    expect(within(form).getByRole("button", { name: "Silence" })).toHaveProperty("disabled", true);
    await userEvent.type(within(form).getByLabelText("Model"), "flight-delay");
    await within(form).findByText(/^Mutes \d+ alert/);
    await userEvent.type(within(form).getByLabelText("Your name"), "on-call");
    await userEvent.click(within(form).getByRole("button", { name: "Silence" }));
    await screen.findByText(/^2 silences hold/);
    expect(screen.queryByRole("form")).toBeNull();
  });

  it("says so when nothing is silenced", async () => {
    openDashboard("/silences", "empty");
    await screen.findByText("Nothing is silenced", { selector: "h1" });
    await screen.findByText("None: every hour is told alike.");
  });

  it("does not offer changes to who may only look", async () => {
    openDashboard("/silences", "reader");
    const button = await screen.findByRole("button", { name: "New silence" });
    expect(button).toHaveProperty("disabled", true);
    expect(screen.queryByRole("button", { name: "End now" })).toBeNull();
  });
});
