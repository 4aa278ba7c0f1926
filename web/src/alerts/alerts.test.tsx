import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";

import { alertsOf, forgetAlerts } from "../../mock/alerts.ts";
import { openDashboard } from "../../mock/openDashboard";
import { keepWho } from "./who";

const params = () => new URLSearchParams(window.location.search);
const found = (id: string) => alertsOf("few").find((each) => each.id === id);

beforeEach(() => {
  forgetAlerts();
});

describe("the inbox", () => {
  it("answers in a sentence, the worst that nobody has seen first", async () => {
    openDashboard("/alerts", "few");
    await screen.findByRole("heading", { level: 1, name: /^9 alerts are firing, 3 critical; newest 1\d.min ago$/ });
    const rows = await screen.findAllByRole("row");
    expect(rows[1].textContent).toMatch(/Critical.*amount_eur most/);
    expect(rows.at(-1)?.textContent).toMatch(/Pending/);
    expect(screen.getByRole("link", { name: /Alerts 9 firing, some critical/ })).toBeTruthy();
  });

  it("says of each alert who has it, until when it is silent, and that a check could not judge", async () => {
    openDashboard("/alerts", "few");
    const row = async (name: string) => (await screen.findByText(name, { selector: "td *" })).closest("tr");
    expect((await row("credit-scoring"))?.textContent).toMatch(/Acknowledged.*risk-team.*Check failed/s);
    expect((await row("demand-forecast-eu"))?.textContent).toMatch(/Silenced, 2[01].h left/);
    expect((await row("fraud-card-present"))?.textContent).toMatch(/channel=web.*No data/s);
    expect((await row("modelwatch itself"))?.textContent).toMatch(/could not be delivered/);
  });

  it("keeps its filters in the address and takes them from there", async () => {
    openDashboard("/alerts?group=12", "few");
    await waitFor(() => {
      expect(screen.getByRole("table", { name: "Alerts" }).getAttribute("aria-rowcount")).toBe("3");
    });
    await userEvent.click(screen.getByRole("button", { name: "Remove the filter told together in group 12" }));
    expect(params().get("group")).toBeNull();
    await userEvent.selectOptions(screen.getByLabelText("Level"), "Critical");
    expect(params().get("level")).toBe("critical");
    await userEvent.click(screen.getByRole("tab", { name: /^Acknowledged/ }));
    expect(params().get("status")).toBe("acknowledged");
    await waitFor(() => {
      expect(screen.getByRole("table", { name: "Alerts" }).getAttribute("aria-rowcount")).toBe("2");
    });
    await userEvent.type(screen.getByRole("searchbox"), "nothing at all");
    await userEvent.click(await screen.findByRole("button", { name: "Remove the filters" }));
    expect(window.location.search).toBe("?status=acknowledged");
  });

  it("asks once who acts, then changes many at once and takes it back", async () => {
    openDashboard("/alerts", "few");
    await screen.findByRole("link", { name: "fraud-detection" });
    await userEvent.keyboard("jxjjjxa");
    await userEvent.type(await screen.findByLabelText("Your name", { selector: "input" }), "on-call{Enter}");
    await screen.findByText("Acknowledged 2 alerts");
    expect([found("4182")?.acknowledgedBy, found("4181")?.acknowledgedBy]).toEqual(["on-call", "on-call"]);
    expect(localStorage.getItem("modelwatch.who")).toBe("on-call");
    await userEvent.click(screen.getByRole("button", { name: "Undo" }));
    await waitFor(() => {
      expect(found("4182")?.status).toBe("FIRING");
    });
  });

  it("silences the row under the keys until tomorrow morning", async () => {
    keepWho("on-call");
    openDashboard("/alerts", "few");
    await screen.findByRole("link", { name: "fraud-detection" });
    await userEvent.keyboard("js");
    await screen.findByRole("heading", { name: "Silence this alert" });
    await userEvent.keyboard("3");
    await waitFor(() => {
      expect(found("4182")?.status).toBe("SILENCED");
    });
    const until = new Date(found("4182")?.silencedUntil ?? 0);
    expect([until.getHours(), until.getMinutes()]).toEqual([9, 0]);
  });

  it("says why nothing was done", async () => {
    keepWho("on-call");
    openDashboard("/alerts?status=pending", "few");
    await screen.findByRole("link", { name: "eta-courier-berlin" });
    await userEvent.keyboard("a");
    await screen.findByText("No alert is chosen: J and K move, X selects.");
    await userEvent.keyboard("jr");
    await screen.findByText("This alert is pending: it passes or fires by itself.");
  });

  it("reads every open alert of an incident and draws only those in sight", async () => {
    openDashboard("/alerts", "many");
    await waitFor(() => {
      expect(screen.getByRole("table", { name: "Alerts" }).getAttribute("aria-rowcount")).toBe("630");
    });
    expect(screen.getAllByRole("row").length).toBeLessThan(80);
  });

  it("is never blank", async () => {
    openDashboard("/alerts", "quiet");
    await screen.findByRole("heading", { level: 1, name: "Nothing is firing" });
    await screen.findByRole("heading", { name: "31 models are watched" });
  });

  it("tells an empty product what will stand here", async () => {
    openDashboard("/alerts", "empty");
    await screen.findByRole("heading", { name: "Nothing to watch yet" });
  });
});

describe("an alert", () => {
  it("tells what, where, since when, how sure and how bad, with its evidence", async () => {
    openDashboard("/alerts/2", "few");
    await screen.findByRole("heading", { level: 1, name: /wind_gust most/ });
    await screen.findByRole("img", { name: /^PSI of wind_gust over time; firing since 2 Dec 2013/ });
    const facts = [...document.querySelectorAll(".alert-facts dt")].map((each) => each.textContent);
    expect(facts).toEqual(["What", "Where", "Since when", "How sure", "How bad"]);
    expect(screen.getByRole("region", { name: "What to do" }).textContent).toMatch(/Look at origin=JFK alone/);
    const timeline = screen.getByRole("region", { name: "Timeline" });
    expect(timeline.textContent).toMatch(/Not sent: replayed history wakes nobody/);
    const table = within(screen.getByRole("region", { name: "In this alert" }));
    expect(table.getByRole("link", { name: "humid" }).getAttribute("href")).toMatch(
      /^\/models\/flight-delay\/columns\/feature\/humid\?version=2\.1\.0&end=2013-12-31/,
    );
  });

  it.each([
    ["3", /^ROC AUC over time/],
    ["4", /^Selection rate of sex=Female over time/],
    ["5", /^Share of mistakes from/],
    ["6", /^PSI of what came true over time/],
  ])("draws the figure that it is about: alert %s", async (id, name) => {
    openDashboard(`/alerts/${id}`, "few");
    expect(await screen.findByRole("img", { name })).toBeTruthy();
  });

  it("is acknowledged, assigned, commented on and resolved by its keys", async () => {
    keepWho("on-call");
    openDashboard("/alerts/4182", "few");
    await screen.findByRole("heading", { level: 1, name: /amount_eur/ });
    await userEvent.keyboard("a");
    expect((await screen.findByRole("button", { name: /Acknowledged .* by on-call/ })).className).toBe("chip");
    await userEvent.keyboard("i");
    await userEvent.click(await screen.findByRole("button", { name: "on-call" }));
    await screen.findByRole("button", { name: /Assigned to on-call/ });
    await userEvent.keyboard("mAsked the weather feed team.{Enter}");
    await screen.findByText("“Asked the weather feed team.”");
    (document.activeElement as HTMLElement).blur();
    await userEvent.keyboard("r");
    await userEvent.type(await screen.findByLabelText("Reason", { selector: "input" }), "known{Enter}");
    await screen.findByText(/^Resolved/, { selector: ".chip" });
    expect(found("4182")?.status).toBe("RESOLVED");
  });

  it("opens the question for how long from a message's link, once", async () => {
    keepWho("on-call");
    openDashboard("/alerts/4182?silence=1", "few");
    await userEvent.click(await screen.findByRole("menuitem", { name: /4 hours/ }));
    await screen.findByText(/^Silenced/, { selector: ".chip" });
    expect(params().get("silence")).toBeNull();
    expect(screen.queryByRole("heading", { name: "Silence this alert" })).toBeNull();
  });

  it("says that it could not be judged, and that this is no health", async () => {
    openDashboard("/alerts/4181", "few");
    await screen.findByText(/No predictions for 2 h.* The alert is neither confirmed nor over\./);
  });

  it("goes on to its neighbours in the inbox that it came from, and back", async () => {
    openDashboard("/alerts/4182?level=critical", "few");
    await screen.findByText("1 of 4");
    await userEvent.keyboard("j");
    expect(window.location.pathname + window.location.search).toBe("/alerts/4175?level=critical");
    await screen.findByText("2 of 4");
    await userEvent.keyboard("k");
    expect(window.location.pathname).toBe("/alerts/4182");
    await userEvent.keyboard("u");
    expect(window.location.pathname + window.location.search).toBe("/alerts?level=critical");
  });

  it("lets who may not write look", async () => {
    openDashboard("/alerts/4182", "reader");
    await screen.findByText("This key may look, not decide.");
    expect(screen.queryByRole("button", { name: /Acknowledge/ })).toBeNull();
    expect(screen.queryByLabelText("Comment")).toBeNull();
  });
});
