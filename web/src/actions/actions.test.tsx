import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";

import { openDashboard } from "../../mock/openDashboard";

import { bodyOf, draftOf } from "./words";

describe("the body of an action", () => {
  it("is a dry run that waits for approval unless told otherwise", () => {
    const draft = { ...draftOf(null), name: "retrain", url: "https://a.example/x" };
    expect(bodyOf(draft, null)).toMatchObject({
      on: ["concept_drift"],
      models: ["*"],
      at_least: { alerts: 3, within_hours: 24 },
      lasting_hours: null,
      webhook: { url: "https://a.example/x" },
      dry_run: true,
      approval: true,
    });
  });
});

describe("the page of actions", () => {
  it("asks for approval first, and takes it", async () => {
    openDashboard("/actions", "few");
    await screen.findByText("1 action waits for approval");
    const runs = screen.getByRole("table", { name: "Runs" });
    await userEvent.click(within(runs).getByRole("button", { name: "Approve" }));
    await screen.findByText("2 actions are on, 1 as dry runs");
    expect(within(runs).queryByRole("button", { name: "Approve" })).toBeNull();
  });

  it("shows every step, and whether it helped", async () => {
    openDashboard("/actions", "few");
    const runs = await screen.findByRole("table", { name: "Runs" });
    expect(within(runs).getByText("Helped")).toBeTruthy();
    await userEvent.click(within(runs).getAllByRole("button", { name: "retrain" })[1]);
    await within(runs).findByText(/HTTP 202: queued/);
  });

  it("makes an action", async () => {
    openDashboard("/actions", "few");
    await userEvent.click(await screen.findByRole("button", { name: "New action" }));
    const form = screen.getByRole("form", { name: "Action" });
    expect(within(form).getByLabelText("Dry run")).toHaveProperty("checked", true);
    await userEvent.type(within(form).getByLabelText("Name"), "tell me");
    await userEvent.type(within(form).getByLabelText("Address"), "https://a.example/x");
    await userEvent.click(within(form).getByRole("button", { name: "Save" }));
    await screen.findByRole("button", { name: "tell me" });
  });

  it("says so when there is none", async () => {
    openDashboard("/actions", "empty");
    await screen.findByText("Nothing is done by itself");
  });
});
