import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";

import { openDashboard } from "../mock/openDashboard";

const params = () => new URLSearchParams(window.location.search);

describe("the fleet", () => {
  it("answers in a sentence, lists every model, and follows a row", async () => {
    openDashboard("/", "few");
    expect((await screen.findByRole("heading", { level: 1 })).textContent).toBeTruthy();
    await screen.findByText("3 models need you now, 2 of them since yesterday");
    const table = screen.getByRole("table", { name: "Models" });
    expect(table.getAttribute("aria-rowcount")).toBe("32");
    await userEvent.click(within(table).getByRole("link", { name: "flight-delay" }));
    expect(window.location.pathname).toBe("/models/flight-delay");
    await screen.findByRole("application");
  });

  it("shows hostile names as text", async () => {
    openDashboard("/", "few");
    expect(await screen.findByText("<script>alert(1)</script>")).toBeTruthy();
    expect(document.querySelector("td script, td img")).toBeNull();
    expect(screen.getByText("../../x").closest("a")?.getAttribute("href")).toBe("/models/..%2F..%2Fx");
    expect(screen.getByText("U+202E")).toBeTruthy();
    expect(screen.getByText("(empty name)").closest("a")?.getAttribute("href")).toBe("/models/~");
  });

  it("keeps filters and sorting in the address", async () => {
    openDashboard("/", "few");
    await userEvent.click(await screen.findByRole("button", { name: /^Warning 6/ }));
    expect(params().get("state")).toBe("warning");
    await userEvent.type(screen.getByRole("searchbox"), "eta");
    expect(params().get("q")).toBe("eta");
    expect(screen.getByRole("table", { name: "Models" }).getAttribute("aria-rowcount")).toBe("2");
    await userEvent.click(screen.getByRole("button", { name: "For" }));
    expect(params().get("sort")).toBe("for");
    await userEvent.clear(screen.getByRole("searchbox"));
    await userEvent.type(screen.getByRole("searchbox"), "nothing at all");
    await userEvent.click(screen.getByRole("button", { name: "Remove the filters" }));
    expect(params().get("state")).toBeNull();
  });

  it("moves by J and K, and by slash into the filter", async () => {
    openDashboard("/", "few");
    await screen.findByText("fraud-detection", { selector: "a *" });
    await userEvent.keyboard("jj");
    await waitFor(() => {
      expect(document.activeElement?.textContent).toBe("demand-forecast-eu");
    });
    await userEvent.keyboard("/");
    expect(document.activeElement).toBe(screen.getByRole("searchbox"));
  });

  it("draws only rows in sight of 1,000 models", async () => {
    openDashboard("/", "many");
    const table = await screen.findByRole("table", { name: "Models" });
    await waitFor(() => {
      expect(table.getAttribute("aria-rowcount")).toBe("1002");
    });
    expect(within(table).getAllByRole("row").length).toBeLessThan(80);
  });

  it("keeps old data when the server fails, and says so", async () => {
    const server = openDashboard("/", "few");
    await screen.findByText("3 models need you now, 2 of them since yesterday");
    server.scenario = "error";
    expect(await screen.findByText(/could not be read/, {}, { timeout: 7_000 })).toBeTruthy();
    expect(screen.getByText("3 models need you now, 2 of them since yesterday")).toBeTruthy();
    server.scenario = "few";
    await userEvent.click(screen.getByRole("button", { name: "Retry now" }));
    await waitFor(() => {
      expect(screen.queryByText(/could not be read/)).toBeNull();
    });
  }, 12_000);
});

describe("an empty product", () => {
  it("tells what to paste and what is awaited", async () => {
    openDashboard("/", "empty");
    await screen.findByRole("heading", { name: "Send your first prediction" });
    expect(document.querySelector("pre")?.textContent).toContain('mw.Client("http://127.0.0.1:8470")');
    await userEvent.click(screen.getByRole("tab", { name: "curl" }));
    expect(document.querySelector("pre")?.textContent).toContain("/api/v1/predictions");
    expect(screen.getByText("Waiting for the first prediction")).toBeTruthy();
  });

  it("shows how far a model without a reference is", async () => {
    openDashboard("/models/flight-delay", "held");
    await screen.findByRole("heading", { name: /312 of 1,000 rows/ });
  });
});

describe("a server with a key", () => {
  it("asks for it, keeps it for the tab, and opens", async () => {
    openDashboard("/", "key");
    await userEvent.type(await screen.findByLabelText("API key", { selector: "input" }), "mock");
    await userEvent.click(screen.getByRole("button", { name: "Open the dashboard" }));
    await screen.findByText("3 models need you now, 2 of them since yesterday");
    expect(sessionStorage.getItem("modelwatch.key")).toBe("mock");
  });
});

describe("the heat map", () => {
  it("is one tab stop whose arrows choose and read out a cell", async () => {
    openDashboard("/models/flight-delay", "one");
    const map = await screen.findByRole("application");
    expect(map.querySelectorAll("[tabindex='0'], a, button")).toHaveLength(0);
    map.focus();
    await userEvent.keyboard("{ArrowDown}{ArrowLeft}");
    expect(params().get("feature")).toBe("dewp");
    expect(params().get("end")).toMatch(/^2013-12-31/);
    expect(await screen.findByText(/^dewp, PSI .*rows$/)).toBeTruthy();
    await userEvent.keyboard("{+}");
    expect(params().get("range")).toMatch(/^2013-.*Z\/.*Z$/);
    await userEvent.keyboard("{Enter}");
    expect(window.location.pathname).toBe("/models/flight-delay/columns/feature/dewp");
  });

  it("has its numbers as a table too", async () => {
    openDashboard("/models/flight-delay?view=table", "one");
    expect(await screen.findByRole("link", { name: "temp" })).toBeTruthy();
  });
});

describe("a feature", () => {
  it("compares, explains, and goes on to its neighbours", async () => {
    openDashboard("/models/flight-delay/columns/feature/dewp", "one");
    await screen.findByRole("img", { name: /numeric distribution/ });
    expect(screen.getByRole("slider", { name: "Window under study" }).getAttribute("aria-valuetext")).toMatch(/PSI/);
    await userEvent.keyboard("]");
    expect(window.location.pathname).toBe("/models/flight-delay/columns/feature/sched_air_time");
  });

  it("chooses another window with the arrows, in the address", async () => {
    openDashboard("/models/flight-delay/columns/feature/temp", "one");
    (await screen.findByRole("slider")).focus();
    await userEvent.keyboard("{Home}");
    expect(params().get("end")).toMatch(/^2013-04-01/);
    await userEvent.click(await screen.findByRole("button", { name: "Back to the newest" }));
    expect(params().get("end")).toBeNull();
  });

  it("draws categories as pairs", async () => {
    openDashboard("/models/flight-delay/columns/feature/carrier", "one");
    expect(await screen.findByRole("rowheader", { name: "UA" })).toBeTruthy();
  });
});

describe("an alert", () => {
  it("is acknowledged by its key and says so", async () => {
    openDashboard("/alerts/019ab-2", "one");
    await screen.findByRole("heading", { level: 1, name: "wind_gust and humid drifted" });
    await userEvent.keyboard("a");
    expect(await screen.findByText("Acknowledged", { selector: ".chip" })).toBeTruthy();
  });
});

it("finds a model by Ctrl K from anywhere", async () => {
  openDashboard("/nowhere", "few");
  await screen.findByText("There is no page at this address");
  await userEvent.keyboard("{Control>}k{/Control}");
  await userEvent.type(await screen.findByRole("combobox"), "churn-pre");
  await screen.findByRole("option", { name: /churn-prepaid/ });
  await userEvent.keyboard("{Enter}");
  expect(window.location.pathname).toBe("/models/churn-prepaid");
});
