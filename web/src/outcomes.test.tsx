import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";

import { openDashboard } from "../mock/openDashboard";
import { forgetSettings } from "../mock/settings.ts";

const params = () => new URLSearchParams(window.location.search);

describe("the performance of a model", () => {
  it("answers in words, and says which labels are awaited", async () => {
    openDashboard("/models/flight-delay?tab=performance", "one");
    await screen.findByText(/^Balanced accuracy is .* worse than the baseline's 0\.623\. ROC AUC is /);
    expect(screen.getByText(/The newest 5 windows wait for labels and are not judged/)).toBeTruthy();
    expect(screen.getByText(/^Before labels: ROC AUC is expected to be about/)).toBeTruthy();
    const tiles = screen.getByRole("group", { name: /^Metrics of the window/ });
    expect(within(tiles).getByRole("button", { name: /ROC AUC.*Critical.*baseline 0\.706/ })).toBeTruthy();
    expect(screen.getByRole("img", { name: /^Reliability curve/ })).toBeTruthy();
    expect(screen.getByRole("img", { name: /^ROC curve/ })).toBeTruthy();
    expect(screen.getByRole("region", { name: "Confusion matrix" })).toBeTruthy();
    await userEvent.click(screen.getByRole("link", { name: "see concept drift" }));
    await screen.findByRole("heading", { name: "Changes found" });
  });

  it("chooses another window with the arrows, and another metric, in the address", async () => {
    openDashboard("/models/flight-delay?tab=performance", "one");
    const chart = await screen.findByRole("slider", { name: "Window under study" });
    chart.focus();
    await userEvent.keyboard("{End}");
    expect(params().get("end")).toMatch(/^2013-12-31/);
    expect(chart.getAttribute("aria-valuetext")).toMatch(/12\.0\u2009% labelled, about 93\.0\u2009% in the end/);
    await screen.findByText(/figures so far can mislead, and are not judged/);
    await userEvent.click(screen.getByRole("button", { name: "Back to the newest with labels" }));
    expect(params().get("end")).toBeNull();
    await userEvent.selectOptions(screen.getByRole("combobox", { name: /Another metric/ }), "Recall");
    expect(params().get("measure")).toBe("recall");
    await screen.findByRole("heading", { name: "Recall over time" });
  });

  it("is shown for one segment, chosen beside the others or in the menu", async () => {
    forgetSettings();
    openDashboard("/models/flight-delay?tab=performance", "one");
    await userEvent.click(await screen.findByRole("button", { name: "origin=JFK" }));
    expect(params().get("segment")).toBe("origin=JFK");
    await screen.findByText(/Nobody is alerted of a segment/);
    await screen.findByText(/^As good as the baseline/);
    await userEvent.selectOptions(screen.getByRole("combobox", { name: "Segment" }), "All segments");
    expect(params().get("segment")).toBeNull();
  });

  it("shows the chart's numbers as a table too, marking what is not whole", async () => {
    openDashboard("/models/flight-delay?tab=performance", "one");
    const section = await screen.findByRole("region", { name: "ROC AUC over time" });
    await userEvent.click(within(section).getByText("As a table", { exact: false }));
    const cells = within(within(section).getByRole("table")).getAllByRole("cell");
    expect(cells[1].textContent).toMatch(/so far$/);
  });

  it("tells how to send labels where there are none, and shows the estimate meanwhile", async () => {
    openDashboard("/models/churn-prepaid?tab=performance", "few");
    await screen.findByRole("heading", { name: "No labels yet" });
    expect(document.querySelector("pre")?.textContent).toMatch(/log_actual\(model_id="churn-prepaid"/);
    expect(await screen.findByText(/^est\. 0\.6/)).toBeTruthy();
  });

  it("has a table of classes, whatever their names, and no reference with truth", async () => {
    openDashboard("/models/kyc-document-match?tab=performance", "few");
    const classes = await screen.findByRole("region", { name: "Metrics by class" });
    expect(within(classes).getAllByRole("rowheader")[0].textContent).toBe("residence permit");
    expect(within(classes).getByText("(empty name)")).toBeTruthy();
    expect(within(classes).getByText("<b>other</b>")).toBeTruthy();
    expect(screen.getByText(/this version's own first weeks/)).toBeTruthy();
  });

  it("shows errors of a regression, and curves of none", async () => {
    openDashboard("/models/demand-forecast-eu?tab=performance", "few");
    await screen.findByRole("img", { name: /^Histogram of errors/ });
    expect(screen.queryByRole("img", { name: /^ROC curve/ })).toBeNull();
  });

  it.each([
    ["loan-early-repay", "Performance is not counted yet"],
    ["returns-propensity", "Outcomes are being counted"],
  ])("says why %s shows nothing yet", async (id, title) => {
    openDashboard(`/models/${id}?tab=performance`, "few");
    await screen.findByRole("heading", { name: title });
    expect(screen.queryByRole("slider")).toBeNull();
  });

  it("is not judged while labels come, nor on few of them", async () => {
    openDashboard("/models/eta-courier-berlin?tab=performance", "few");
    await screen.findByText(/^Labels are still coming, so nothing is judged yet/);
    expect(screen.queryByText("Critical", { selector: ".metric-tile *" })).toBeNull();
  });

  it("keeps the page when the server fails", async () => {
    const server = openDashboard("/models/flight-delay?tab=performance", "one");
    await screen.findByRole("slider", { name: "Window under study" });
    await screen.findByRole("img", { name: /^ROC curve/ });
    server.scenario = "error";
    await userEvent.keyboard("{Tab}");
    screen.getByRole("slider", { name: "Window under study" }).focus();
    await userEvent.keyboard("{Home}");
    await waitFor(
      () => {
        expect(screen.getAllByText(/could not be read/).length).toBeGreaterThan(0);
      },
      { timeout: 7_000 },
    );
    expect(screen.getByRole("slider", { name: "Window under study" })).toBeTruthy();
  }, 12_000);
});

describe("concept drift", () => {
  it("says since when, and who agreed", async () => {
    openDashboard("/models/flight-delay?tab=concept", "one");
    await screen.findByText(/^The model errs more since about 27 Nov 2013/);
    const [newest] = within(screen.getByRole("region", { name: "Changes found" })).getAllByRole("listitem");
    expect(newest.textContent).toMatch(
      /Errors rose.*15\.1\u2009% → 18\.9\u2009%.*DDM, Page-Hinkley, ADWIN.*standard errors/,
    );
    expect(screen.getByRole("img", { name: /^Share of mistakes from/ })).toBeTruthy();
  });

  it.each([
    ["churn-prepaid", "Waiting for labels"],
    ["ad-click-ranker", "Concept drift is not watched"],
  ])("says what %s waits for", async (id, title) => {
    openDashboard(`/models/${id}?tab=concept`, "few");
    await screen.findByRole("heading", { name: title });
  });

  it("learns before it judges", async () => {
    openDashboard("/models/credit-scoring?tab=concept", "few");
    await screen.findByText(/^Too few labels so far to find a change\. 312 labels/);
    expect(screen.getByText("None so far.")).toBeTruthy();
  });
});
