"""A plan and its rows -> one number for each window, and how far it may be from that of many such rows.

The interval is that of the delta method: the influence of a row on the result is the sum of its influences on the
aggregates, each times the slope of the result, and the result varies as their squares add up (Deville 1999, "Variance
estimation for complex statistics and estimators"; the number of rows is taken as random, too). It holds for
independent rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from modelwatch.monitors.custom.aggregates import NORMAL_95
from modelwatch.monitors.custom.columns import ColumnInfo
from modelwatch.monitors.custom.compute import InTime, Rows, Taken, always, compute, taken
from modelwatch.monitors.custom.metric import Lack
from modelwatch.monitors.custom.plan import Plan, Reduce
from modelwatch.monitors.custom.values import Bools, Floats, Kind, Values

STEP: Final = 0.5
"""Standard errors of an aggregate over which the result's slope is taken."""
MIN_EFFECTIVE: Final = 10.0
"""Rows that have to carry the result, counted as if all had the same influence. With fewer it is not near normal."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """The number, None when it is null; the 95 % interval, None where none can be given; the rows of the window.

    `alike` are the rows that carry a result from which none differs: those of the narrowest filter, or all that it
    leaves out.
    """

    value: float | None
    interval: tuple[float, float] | None
    rows: int
    lack: Lack | None = None
    alike: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """What one aggregate is taken of in one window: views of all rows' arrays, weights None where all are 1."""

    reduce: Reduce
    x: Floats
    y: Floats
    kept: Bools
    weights: Floats | None

    def rows(self) -> tuple[Floats, Floats, Floats | None]:
        """x, y and weights of the rows that are kept; copies, which are not held for all aggregates at once."""
        x = self.x[self.kept]
        y = x if self.y is self.x else self.y[self.kept]
        return x, y, None if self.weights is None else self.weights[self.kept]

    def value(self) -> float:
        """The aggregate; NaN is null."""
        x, y, weights = self.rows()
        if len(x) == 0:
            empty = self.reduce.aggregate.empty
            return np.nan if empty is None else empty
        return self.reduce.aggregate.value(x, y, weights, self.reduce.fraction)

    def influence(self, value: float) -> Floats:
        """The influence of each row of the window, 0 for those that are not kept."""
        result = np.zeros(len(self.kept))
        x, y, weights = self.rows()
        of = self.reduce.aggregate.influence
        if of is not None and len(x) and np.isfinite(value):
            result[self.kept] = of(x, y, weights, self.reduce.fraction, value)
        return result


def measure(plan: Plan, rows: Rows, windows: Sequence[slice], in_time: InTime = always) -> list[Estimate]:
    """The metric of each window, which is a slice of the rows; `in_time` raises when it is too late to go on."""
    arguments = [taken(reduce, rows, in_time) for reduce in plan.reduces]
    certain = all(reduce.aggregate.influence is not None for reduce in plan.reduces)
    with np.errstate(all="ignore"):
        found = []
        for window in windows:
            in_time()
            found.append(_estimate(plan, rows, arguments, window, certain))
        return found


def _estimate(plan: Plan, rows: Rows, arguments: Sequence[Taken], window: slice, certain: bool) -> Estimate:
    parts = [_part(reduce, one, rows.weights, window) for reduce, one in zip(plan.reduces, arguments, strict=True)]
    values = np.array([part.value() for part in parts])
    value = float(_results(plan, values[:, None])[0])
    count = window.stop - window.start
    if np.isnan(value):
        return Estimate(None, None, count)
    error = _standard_error(plan, parts, values) if certain and np.isfinite(value) else None
    if isinstance(error, Lack):
        kept = min((int(part.kept.sum()) for part in parts if part.kept.any()), default=count)
        return Estimate(value, None, count, error, kept if error is Lack.FLAT else 0)
    if error is None or not np.isfinite(value - NORMAL_95 * error) or not np.isfinite(value + NORMAL_95 * error):
        return Estimate(value, None, count)
    return Estimate(value, (value - NORMAL_95 * error, value + NORMAL_95 * error), count)


def _part(reduce: Reduce, arguments: Taken, weights: Floats | None, window: slice) -> _Part:
    x = arguments.x[window]
    y = x if arguments.y is arguments.x else arguments.y[window]
    return _Part(reduce, x, y, arguments.kept[window], None if weights is None else weights[window])


def _results(plan: Plan, values: Floats) -> Floats:
    """The result for each column of aggregates [aggregates x columns]; NaN is null."""
    sources: dict[ColumnInfo | int, Values] = {
        number: Values(Kind.NUMBER, row, ~np.isnan(row)) for number, row in enumerate(values)
    }
    found = compute(plan.result, sources)
    return np.broadcast_to(np.where(found.valid, found.values, np.nan), values.shape[1:])


def _standard_error(plan: Plan, parts: Sequence[_Part], values: Floats) -> float | Lack | None:
    """The result's standard error, or why there is none: too few rows carry it, or it has no slope."""
    squares = [float(np.sum(part.influence(value) ** 2)) for part, value in zip(parts, values, strict=True)]
    steps = STEP * np.sqrt(squares)
    moved = np.hstack([values[:, None] + np.diag(steps), values[:, None] - np.diag(steps)])
    above, below = np.split(_results(plan, moved), 2)
    slopes = np.where(steps > 0, (above - below) / np.where(steps > 0, 2 * steps, 1.0), 0.0)
    influence = np.zeros(len(parts[0].kept))
    for part, value, slope in zip(parts, values, slopes, strict=True):
        influence += slope * part.influence(value)
    influence *= influence
    total = float(influence.sum())
    if not np.isfinite(total):
        return None
    if total <= 0:
        return Lack.FLAT
    if MIN_EFFECTIVE * float(((influence / total) ** 2).sum()) > 1:
        return Lack.THIN
    return float(np.sqrt(total))
