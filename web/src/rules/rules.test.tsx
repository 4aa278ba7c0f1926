import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";

import { openDashboard } from "../../mock/openDashboard";

import { bodyOf, lacking, NEW_CONDITION, NEW_RULE } from "./draft";

const DRAFT = { ...NEW_RULE, name: "High PSI", model: "fraud" };

describe("the body of a rule", () => {
  it("is what the interface takes", () => {
    const condition = { ...NEW_CONDITION, feature: "amount", threshold: "0.25" };
    expect(bodyOf({ ...DRAFT, conditions: [condition], channels: "slack, email" })).toEqual({
      rule_name: "High PSI",
      model_id: "fraud",
      condition: { metric: "psi", feature: "amount", operator: "greater_than", threshold: 0.25 },
      for: { k: 1, n: 1 },
      min_rows: 200,
      severity: "warning",
      channels: ["slack", "email"],
      enabled: true,
    });
  });

  it("joins conditions, of values and of decisions", () => {
    const change = { ...NEW_CONDITION, metric: "mae", change: "percent" as const, windowsAgo: "7", threshold: "10" };
    const level = { ...NEW_CONDITION, by: "level" as const, metric: "performance" };
    expect(bodyOf({ ...DRAFT, joined: "any", conditions: [change, level] })).toMatchObject({
      any: [
        { metric: "mae", threshold: 10, change: "percent", windows_ago: 7 },
        { subject: "performance", level: "warning" },
      ],
    });
  });

  it("says what is lacking", () => {
    expect(lacking(DRAFT)).toBe("Give a threshold");
    expect(lacking({ ...DRAFT, model: "" })).toBe("Choose a model, or every model");
    expect(lacking({ ...DRAFT, conditions: [{ ...NEW_CONDITION, operator: "outside_chance" }] })).toBe("");
  });
});

describe("the page of rules", () => {
  it("tells built-in rules from one's own, and why one cannot be judged", async () => {
    openDashboard("/rules", "few");
    await screen.findByText("3 rules fire; 4 rules hold without anyone writing one, 2 rules of your own");
    const own = screen.getByRole("table", { name: "Your rules" });
    expect(within(own).getByText("psi of transaction_amount > 0.25")).toBeTruthy();
    expect(within(own).getByText("churn-prepaid: 112 of 200 rows")).toBeTruthy();
  });

  it("tries a rule on the past before it is saved", async () => {
    openDashboard("/rules", "few");
    await userEvent.click(await screen.findByRole("button", { name: "New rule" }));
    const form = screen.getByRole("form", { name: "Rule" });
    await userEvent.selectOptions(within(form).getByLabelText("Of"), "every");
    await userEvent.type(within(form).getByLabelText("Threshold"), "0.1");
    await within(form).findByText("This rule would have fired 14 times in the last 90 days");
    await userEvent.type(within(form).getByLabelText("Name"), "Drift");
    await userEvent.click(within(form).getByRole("button", { name: "Save" }));
    await screen.findByRole("button", { name: "Drift" });
  });

  it("lets built-in rules be changed and not deleted", async () => {
    openDashboard("/rules", "empty");
    await userEvent.click(await screen.findByRole("button", { name: "Fairness" }));
    const form = screen.getByRole("form", { name: "Built-in rule" });
    expect(within(form).queryByRole("button", { name: "Delete" })).toBeNull();
    await userEvent.selectOptions(within(form).getByLabelText("Severity"), "critical");
    await userEvent.click(within(form).getByRole("button", { name: "Save" }));
    const row = (await screen.findByRole("button", { name: "Fairness" })).closest("tr");
    expect(row && within(row).getByText("Critical")).toBeTruthy();
  });
});
