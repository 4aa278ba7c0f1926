import { describe, expect, it } from "vitest";

import { heatMove, zoomed } from "./heatKeys";

const middle = { row: 3, column: 5 };
const press = (key: string, cursor = middle, big = false) => heatMove(key, cursor, 8, 12, big);

describe("keys on the heat map", () => {
  it("move one cell", () => {
    expect(press("ArrowDown")).toEqual({ kind: "move", cursor: { row: 4, column: 5 } });
    expect(press("ArrowUp")).toEqual({ kind: "move", cursor: { row: 2, column: 5 } });
    expect(press("ArrowLeft")).toEqual({ kind: "move", cursor: { row: 3, column: 4 } });
    expect(press("ArrowRight")).toEqual({ kind: "move", cursor: { row: 3, column: 6 } });
  });

  it("stop at the edges", () => {
    expect(press("ArrowUp", { row: 0, column: 0 })).toEqual({ kind: "move", cursor: { row: 0, column: 0 } });
    expect(press("ArrowRight", { row: 7, column: 11 }, true)).toEqual({ kind: "move", cursor: { row: 7, column: 11 } });
    expect(press("PageDown")).toEqual({ kind: "move", cursor: { row: 7, column: 5 } });
    expect(press("Home")).toEqual({ kind: "move", cursor: { row: 3, column: 0 } });
    expect(press("End")).toEqual({ kind: "move", cursor: { row: 3, column: 11 } });
  });

  it("zoom, open, show the whole, and leave other keys to the browser", () => {
    expect(press("+")).toEqual({ kind: "zoom", factor: 0.5 });
    expect(press("-")).toEqual({ kind: "zoom", factor: 2 });
    expect(press("Enter")).toEqual({ kind: "open" });
    expect(press("0")).toEqual({ kind: "whole" });
    for (const key of ["Tab", "Escape", "a"]) expect(press(key)).toBeNull();
  });
});

describe("zooming", () => {
  it("keeps the time under the line where it is", () => {
    const { start, end } = zoomed(0, 100, 25, 0.5, 1);
    expect(end - start).toBe(50);
    expect((25 - start) / (end - start)).toBeCloseTo(0.25);
  });

  it("never gets shorter than asked", () => {
    const { start, end } = zoomed(0, 100, 50, 0.01, 20);
    expect(end - start).toBeCloseTo(20);
  });
});
