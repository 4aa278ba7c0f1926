import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";

import { openDashboard } from "../mock/openDashboard";
import { forgetSettings, settingsOf } from "../mock/settings.ts";

const params = () => new URLSearchParams(window.location.search);

describe("the fleet", () => {
  it("answers in a sentence, lists every model, and follows a row", async () => {
    openDashboard("/", "few");
    expect((await screen.findByRole("heading", { level: 1 })).textContent).toBeTruthy();
    await screen.findByText("3 models need you now, 2 of them since yesterday");
    await screen.findByText("At most 1 false alert a month from 31 models");
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

describe("the settings of a model", () => {
  const open = (scenario: "few" | "reader" = "few") => {
    forgetSettings();
    openDashboard("/models/flight-delay?tab=settings", scenario);
    return screen.findByRole("form", { name: "Settings" });
  };

  it("say what a change costs before it is saved, then save it", async () => {
    await open();
    const cost = screen.getByRole("complementary", { name: "What this costs" });
    expect(within(cost).queryByRole("columnheader", { name: "With the change" })).toBeNull();
    await userEvent.type(screen.getByLabelText("False alerts allowed"), "2000{Backspace}");
    await within(cost).findByRole("columnheader", { name: "With the change" });
    await waitFor(() => {
      expect(within(cost).getByText(/^When nothing changes: about 1\.2 false alerts a month/)).toBeTruthy();
    });
    expect(screen.getByText("1 change not saved")).toBeTruthy();
    await userEvent.click(screen.getByRole("button", { name: "Save" }));
    await screen.findByText("Saved");
    expect(settingsOf("flight-delay").alertsPer1000Days).toBe(200);
    await userEvent.click(screen.getByRole("button", { name: "False alerts allowed: back to 1" }));
    await userEvent.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => {
      expect(settingsOf("flight-delay").alertsPer1000Days).toBeNull();
    });
  }, 15_000);

  it("show the server's complaint at its field, in the field's own unit", async () => {
    await open();
    await userEvent.type(screen.getByLabelText("Unusable rows, warning from"), "200");
    expect((await screen.findByRole("alert")).textContent).toBe("Must lie between 0.01 and 100.");
    expect(screen.getByLabelText("Unusable rows, warning from").getAttribute("aria-invalid")).toBe("true");
    await userEvent.click(screen.getByRole("button", { name: "Undo" }));
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("send k and n together, and complaints about several fields stand at the foot", async () => {
    await open();
    await userEvent.type(screen.getByLabelText("Windows that must agree", { selector: "input" }), "1");
    await userEvent.keyboard("{Enter}");
    await waitFor(() => {
      expect([settingsOf("flight-delay").k, settingsOf("flight-delay").n]).toEqual([1, 3]);
    });
    await userEvent.type(await screen.findByLabelText("PSI, critical from"), "0.05");
    expect((await screen.findByRole("alert")).textContent).toMatch(/warning must not be above critical/);
  });

  it("show what another reference would be, before it is chosen", async () => {
    await open();
    await userEvent.selectOptions(screen.getByLabelText("Reference"), "moving");
    await userEvent.type(screen.getByLabelText("Days"), "14");
    await waitFor(() => {
      expect(screen.getByText(/^The newest window would be compared with/).textContent).toMatch(
        /the 14 days before: 12,950 rows, .*Windows of the last 30 days are compared again/,
      );
    });
    await userEvent.selectOptions(screen.getByLabelText("Reference"), "first_rows");
    expect((await screen.findByRole("alert")).textContent).toBe(
      "The model has no reference of first rows. It has: uploaded.",
    );
    await userEvent.selectOptions(screen.getByLabelText("Reference"), "window");
    await userEvent.type(screen.getByLabelText("First day"), "2013-05-01");
    await userEvent.type(screen.getByLabelText("Last day"), "2013-05-31");
    await userEvent.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => {
      expect(settingsOf("flight-delay").reference).toEqual({ kind: "window", start: "2013-05-01", end: "2013-06-01" });
    });
  });

  it("cut the model into segments by tags and categories", async () => {
    await open();
    await userEvent.selectOptions(screen.getByLabelText("Add a column to cut by"), "dest");
    await userEvent.click(screen.getByRole("button", { name: "Do not cut by origin" }));
    await userEvent.type(screen.getByLabelText("Segments at most"), "5");
    await userEvent.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => {
      expect(settingsOf("flight-delay").segments).toMatchObject({
        columns: [{ role: "FEATURE", name: "dest" }],
        limit: 5,
      });
    });
    await userEvent.click(await screen.findByRole("button", { name: "Do not cut by dest" }));
    await userEvent.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => {
      expect(settingsOf("flight-delay").segments).toMatchObject({ columns: [] });
    });
  });

  it("tell who may not write why", async () => {
    await open("reader");
    expect(screen.getByText("You may look, not change.")).toBeTruthy();
    expect(screen.getByLabelText("PSI, warning from").hasAttribute("disabled")).toBe(true);
  });
});

describe("the segments of a model", () => {
  it("are listed with their state, and one is chosen in the address", async () => {
    forgetSettings();
    openDashboard("/models/flight-delay?tab=segments", "one");
    await screen.findByText(/of 3 segments/);
    await userEvent.click(screen.getByRole("link", { name: "origin=JFK" }));
    expect(params().get("segment")).toBe("origin=JFK");
    const picker = await screen.findByRole("combobox", { name: "Segment" });
    await screen.findByRole("application");
    await userEvent.selectOptions(picker, "All segments");
    expect(params().get("segment")).toBeNull();
  });

  it("are ranked by what they carry of a feature's drift", async () => {
    forgetSettings();
    openDashboard("/models/flight-delay/columns/feature/carrier", "one");
    const where = await screen.findByRole("region", { name: "Where" });
    const first = within(where).getAllByRole("rowheader")[0];
    expect(first.textContent).toBe("origin=JFK");
    expect(where.textContent).toMatch(/moved against its own reference: \d+/);
    await userEvent.click(within(first).getByRole("button"));
    expect(params().get("segment")).toBe("origin=JFK");
    await userEvent.click(await screen.findByRole("button", { name: "Leave the segment origin=JFK" }));
    expect(params().get("segment")).toBeNull();
  });

  it("say what they would do where there are none", async () => {
    openDashboard("/models/churn-prepaid?tab=segments", "few");
    await screen.findByRole("heading", { name: "This model is not cut into segments" });
    await userEvent.click(screen.getByRole("button", { name: "Choose columns" }));
    await screen.findByRole("form", { name: "Settings" });
  });
});

describe("the evidence of a critical model", () => {
  it("is asked for in the settings, then has a tab of its own", async () => {
    forgetSettings();
    openDashboard("/models/flight-delay?tab=evidence", "one");
    await userEvent.click(await screen.findByRole("button", { name: "Make this model critical" }));
    await userEvent.click(await screen.findByRole("checkbox", { name: "Critical model" }));
    await userEvent.click(screen.getByRole("button", { name: "Save" }));
    await userEvent.click(await screen.findByRole("tab", { name: "Evidence" }));
    await screen.findByText(/^A change is certain in /);
    const [, second] = screen.getAllByRole("row").slice(1);
    expect(second.textContent).toMatch(/1 : 41.*1 : 1,530,000/);
    forgetSettings();
  });
});

describe("the heat map's metric", () => {
  it("is one of the usual four, or one of the menu", async () => {
    openDashboard("/models/flight-delay", "one");
    await screen.findByRole("application");
    await userEvent.selectOptions(screen.getByRole("combobox", { name: "More metrics" }), "Out of range");
    expect(params().get("metric")).toBe("outside");
    await userEvent.click(screen.getByRole("button", { name: "KS" }));
    expect(params().get("metric")).toBe("ks");
  });
});

describe("the quality of a model", () => {
  it("answers in a sentence, the worst column first, and explains a cell", async () => {
    openDashboard("/models/flight-delay?tab=quality", "one");
    await screen.findByText(/2 of 19 columns have more unusable rows than chance allows\. seats another type/);
    const first = screen.getAllByRole("rowheader")[0];
    expect(first.textContent).toContain("seats");
    await userEvent.click(screen.getByRole("button", { name: /^seats, Another type: 6\.4/ }));
    expect(params().get("kind")).toBe("mistyped");
    const panel = screen.getByRole("complementary", { name: "Chosen cell" });
    expect(panel.textContent).toMatch(/none of the reference.*Critical since .*more than 5 points above the reference/);
    await userEvent.keyboard("{ArrowLeft}{ArrowDown}");
    expect(params().get("feature")).toBe("tailnum_age");
    expect(params().get("kind")).toBe("infinite");
    await userEvent.click(screen.getByRole("link", { name: "Open feature" }));
    expect(window.location.pathname).toBe("/models/flight-delay/columns/feature/tailnum_age");
  });

  it("is one tab stop, and lists schema changes below", async () => {
    openDashboard("/models/flight-delay?tab=quality", "one");
    await screen.findByText(/more unusable rows/);
    expect(screen.getByRole("heading", { name: "Schema changes" })).toBeTruthy();
    const cells = within(screen.getAllByRole("table")[0]).getAllByRole("button");
    expect(cells.filter((cell) => cell.tabIndex === 0)).toHaveLength(1);
  });

  it("waits for a reference as drift does", async () => {
    openDashboard("/models/flight-delay?tab=quality", "held");
    await screen.findByRole("heading", { name: /312 of 1,000 rows/ });
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
