import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";

import { openDashboard } from "../../mock/openDashboard";
import { forgetSettings, settingsOf } from "../../mock/settings.ts";

const params = () => new URLSearchParams(window.location.search);

describe("the fairness of a model", () => {
  it("begins with the attribute that breaks a rule, and says what stood already", async () => {
    forgetSettings();
    openDashboard("/models/flight-delay?tab=fairness", "one");
    await screen.findByText(/^Groups are not treated alike by sex \(critical\)/);
    const first = screen.getByRole("region", { name: "By sex" });
    expect(document.querySelector(".attribute")).toBe(first);
    const female = within(first).getByText("Female", { selector: "th *" }).closest("tr");
    expect(female?.textContent).toMatch(/8\.3.*95.*interval.*0\.32/);
    expect(within(first).getAllByText("Stood already in the reference").length).toBeGreaterThan(0);
  }, 15_000);

  it("shows small groups as such, and names as text", async () => {
    forgetSettings();
    openDashboard("/models/flight-delay?tab=fairness", "one");
    const race = await screen.findByRole("region", { name: "By race" });
    const table = within(race).getByRole("region", { name: "Groups of race" });
    const hostile = within(table).getByLabelText("<img src=x onerror=alert(1)>").closest("tr");
    expect(hostile?.className).toBe("is-few");
    expect(hostile?.textContent).toContain("Too few rows");
    expect(hostile?.querySelector(".level-critical, .level-warning")).toBeNull();
    expect(race.querySelector("img")).toBeNull();
    expect(within(table).getByText("U+202E")).toBeTruthy();
  });

  it("keeps the figure over time in the address; more than eight groups leave others", async () => {
    forgetSettings();
    openDashboard("/models/flight-delay?tab=fairness", "one");
    const race = await screen.findByRole("region", { name: "By race" });
    await within(race).findByText("2 others");
    await userEvent.selectOptions(
      within(race).getByRole("combobox", { name: "Figure over time, by race" }),
      "Ratio of selection rates",
    );
    expect(params().get("figure")).toBe("demographic_parity_ratio");
    await within(race).findByRole("img", { name: /^Ratio of selection rates of race=Black over time/ });
  }, 15_000);

  it("says what can be said without labels", async () => {
    forgetSettings();
    openDashboard("/models/credit-scoring?tab=fairness", "few");
    await screen.findByText("Without labels only selection rates can be compared.");
    const sex = screen.getByRole("region", { name: "By sex" });
    expect(within(sex).queryByRole("columnheader", { name: /True positive rate/ })).toBeNull();
  });

  it("compares means where numbers are predicted", async () => {
    forgetSettings();
    openDashboard("/models/demand-forecast-eu?tab=fairness", "few");
    const sex = await screen.findByRole("region", { name: "By sex" });
    expect(within(sex).getByText("Female", { selector: "th *" }).closest("tr")?.textContent).toMatch(/33\.8.*2\.9/);
    expect(within(sex).queryByText("Ratio to reference")).toBeNull();
    await within(sex).findByRole("img", { name: /^Mean prediction of sex=Female over time/ });
  });

  it("takes a first attribute where none is named, with bands for numbers", async () => {
    forgetSettings();
    openDashboard("/models/churn-prepaid?tab=fairness", "few");
    const form = await screen.findByRole("form", { name: "Name a protected attribute" });
    const save = within(form).getByRole("button", { name: "Watch its groups" });
    expect(save.hasAttribute("disabled")).toBe(true);
    await userEvent.selectOptions(within(form).getByRole("combobox"), "age, tag, in bands");
    expect(save.hasAttribute("disabled")).toBe(true);
    await userEvent.type(within(form).getByLabelText("Edges of the bands of age"), "25, 45, old");
    await userEvent.click(save);
    expect((await within(form).findByRole("alert")).textContent).toMatch(/bands must be 1 to 19 edges/i);
    await userEvent.selectOptions(within(form).getByRole("combobox"), "sex, tag");
    await userEvent.click(save);
    await screen.findByRole("region", { name: "By sex" });
    expect(settingsOf("churn-prepaid").fairness).toEqual({ attributes: [{ name: "sex", role: "tag" }] });
    forgetSettings();
  });

  it("tells who may not write why", async () => {
    forgetSettings();
    openDashboard("/models/churn-prepaid?tab=fairness", "reader");
    await screen.findByText("Naming one needs an API key that may write.");
  });
});

describe("the settings of outcomes", () => {
  it("take task, positive label, horizon, check interval and protected attributes", async () => {
    forgetSettings();
    openDashboard("/models/flight-delay?tab=settings", "few");
    await screen.findByRole("form", { name: "Settings" });
    await userEvent.selectOptions(screen.getByLabelText("What it predicts"), "Several classes");
    await userEvent.clear(screen.getByLabelText("Positive label"));
    await userEvent.type(screen.getByLabelText("Labels are awaited for"), "7");
    await userEvent.type(screen.getByLabelText("Changes are collected for"), "60");
    await userEvent.click(screen.getByRole("button", { name: "Do not protect race" }));
    await userEvent.clear(screen.getByLabelText("Edges of the bands of age"));
    await userEvent.type(screen.getByLabelText("Edges of the bands of age"), "30 50");
    await userEvent.selectOptions(screen.getByLabelText("Intersections"), "None");
    await userEvent.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => {
      expect(settingsOf("flight-delay")).toMatchObject({
        task: "multiclass",
        positiveLabel: null,
        labelHorizonDays: 7,
        checkIntervalSeconds: 60,
        fairness: {
          attributes: [
            { name: "sex", role: "tag", reference: "Male" },
            { name: "age", role: "tag", bands: [30, 50] },
          ],
          intersections: 1,
        },
      });
    });
    forgetSettings();
  }, 15_000);
});
