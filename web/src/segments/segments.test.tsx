import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";

import { openDashboard } from "../../mock/openDashboard";
import { forgetSettings } from "../../mock/settings.ts";

const params = () => new URLSearchParams(window.location.search);

describe("the performance of segments", () => {
  it("is held against all rows, and small segments are not judged", async () => {
    forgetSettings();
    openDashboard("/models/flight-delay?tab=segments", "one");
    const part = await screen.findByRole("region", { name: "Performance by segment" });
    await within(part).findByText("1 of 4 segments is certainly worse than the rest: origin=JFK.");
    const rows = within(part).getAllByRole("row").slice(1);
    expect(rows[0].textContent).toMatch(/origin=JFK2,24035\.9.*0\.641.*Certainly worse/);
    expect(rows[1].textContent).toMatch(/<img src=x onerror=alert\(1\)>31.*Too few rows/);
    await userEvent.selectOptions(within(part).getByRole("combobox", { name: "Metric" }), "Accuracy");
    expect(params().get("measure")).toBe("accuracy");
  }, 15_000);

  it("says why there is none", async () => {
    forgetSettings();
    openDashboard("/models/churn-prepaid?tab=segments", "few");
    await screen.findByText("Nothing cuts this model.");
  });
});

describe("where a model is worst", () => {
  it("is searched when asked for, and says how much was looked at", async () => {
    forgetSettings();
    openDashboard("/models/flight-delay?tab=segments", "one");
    await userEvent.click(await screen.findByRole("button", { name: "Find worst segments" }));
    expect(params().get("worst")).toBe("yes");
    const part = screen.getByRole("region", { name: "Worst segments" });
    await within(part).findByText(/^9,412 segments of 78,400 labelled rows of 90 days were searched/);
    expect(part.textContent).toContain("3 were left out");
    expect(part.textContent).toContain("It says where the model is worse, not why.");
    expect(part.querySelector("img")).toBeNull();
  }, 15_000);

  it("tells what may be behind a change as evidence", async () => {
    forgetSettings();
    openDashboard("/models/flight-delay?tab=segments", "one");
    await userEvent.click(await screen.findByRole("button", { name: "Look for causes" }));
    const part = screen.getByRole("region", { name: "What may be behind a change" });
    await within(part).findByText(/error rate is 23\.1.*in the reference it is 18\.3/);
    expect(part.textContent).toContain("evidence, not proof");
    expect(part.textContent).toContain("This is where the change is, not what caused it.");
    expect(part.textContent).toContain("Whether it did is not shown.");
  }, 15_000);
});
