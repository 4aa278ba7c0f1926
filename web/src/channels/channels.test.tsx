import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";

import { openDashboard } from "../../mock/openDashboard";

import { globsOf } from "./words";

describe("globs", () => {
  it("takes commas and lines, and every model for nothing", () => {
    expect(globsOf("fraud-*, churn\nloan")).toEqual(["fraud-*", "churn", "loan"]);
    expect(globsOf(" , ")).toEqual(["*"]);
  });
});

describe("the page of channels", () => {
  it("says how channels are doing, and what was not delivered", async () => {
    openDashboard("/channels", "few");
    await screen.findByText("1 channel of 4 has a fault");
    const list = screen.getByRole("table", { name: "Channels" });
    expect(within(list).getByText("The receiver refuses the key: 400 Invalid routing key")).toBeTruthy();
    const lost = await screen.findByRole("table", { name: "Not delivered" });
    expect(within(lost).getAllByRole("row")).toHaveLength(3);
    await userEvent.click(within(lost).getAllByRole("button", { name: "Drop" })[0]);
    await screen.findByText(/^Tried 4 times/);
    expect(screen.queryByText("Given up after 1 try")).toBeNull();
  });

  it("sends a test and shows what the receiver said", async () => {
    openDashboard("/channels", "few");
    const [first, , third] = await screen.findAllByRole("button", { name: "Send a test" });
    await userEvent.click(first);
    await screen.findByText("Delivered in 0.4 s");
    await userEvent.click(third);
    await screen.findByText(/^Not delivered: HTTP 400: Invalid routing key\. Trying again will not help/);
  });

  it("asks for what the kind needs, and never shows a secret", async () => {
    openDashboard("/channels", "few");
    await userEvent.click(await screen.findByRole("button", { name: "New channel" }));
    const form = screen.getByRole("form", { name: "Channel" });
    await userEvent.selectOptions(within(form).getByLabelText("Kind"), "pagerduty");
    await userEvent.type(within(form).getByLabelText("Name"), "night");
    const save = within(form).getByRole("button", { name: "Save" });
    expect(save).toHaveProperty("disabled", true);
    expect(within(form).getByLabelText("Integration key").getAttribute("type")).toBe("password");
    await userEvent.type(within(form).getByLabelText("Integration key"), "secret");
    await userEvent.click(save);
    await screen.findByRole("button", { name: "night" });
    await userEvent.click(screen.getByRole("button", { name: "night" }));
    const again = screen.getByRole("form", { name: "Channel" });
    expect(within(again).getByLabelText("Integration key")).toHaveProperty("value", "");
    expect(within(again).getByLabelText("Integration key").getAttribute("placeholder")).toBe(
      "Set; leave empty to keep it",
    );
  });

  it("shows what the next digest would say", async () => {
    openDashboard("/channels", "few");
    await userEvent.click(await screen.findByRole("button", { name: "Next digest" }));
    const panel = screen.getByRole("complementary", { name: "Next digest" });
    await within(panel).findByText("label coverage 0.41 < 0.5 (Late labels)");
    expect(within(panel).getByText(/^churn-prepaid 4: tenure/)).toBeTruthy();
  });

  it("offers a first channel where there is none", async () => {
    openDashboard("/channels", "empty");
    await screen.findByText("Nobody is told yet");
    await screen.findByText("Alerts are kept, and nobody is sent one");
  });
});
