import { expect, it } from "vitest";

import { rowsInSight } from "./useWindowedRows";

it("draws what is in sight and a few around, never outside the list", () => {
  expect(rowsInSight(1000, 32, 0, 640, 5)).toEqual({ first: 0, last: 25 });
  expect(rowsInSight(1000, 32, 3200, 3840, 5)).toEqual({ first: 95, last: 125 });
  expect(rowsInSight(10, 32, 9_000, 9_640, 5)).toEqual({ first: 10, last: 10 });
  expect(rowsInSight(0, 32, 0, 640)).toEqual({ first: 0, last: 0 });
});
