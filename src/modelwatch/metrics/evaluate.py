"""A custom metric and labelled rows -> its value, for all of the rows or for each window of event time."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from modelwatch.errors import InvalidRequest
from modelwatch.metrics.functions import GROUP, Function, called, registered
from modelwatch.metrics.labelled import columns_of, named, rows_of, times_of
from modelwatch.monitors.custom.check import plan
from modelwatch.monitors.custom.columns import ColumnInfo
from modelwatch.monitors.custom.measure import Estimate, measure
from modelwatch.monitors.custom.metric import Metric, MetricKind, MetricValue

Functions = Mapping[str, Function]
SECONDS: Final = 30.0
"""How long a SQL expression may take."""


def check_metric(metric: Metric, columns: Sequence[ColumnInfo], functions: Functions | None = None) -> None:
    """Raises InvalidRequest, with a hint, when the metric cannot be computed of such columns.

    `functions` None are those of the installed packages; the same holds below.
    """
    if metric.kind is MetricKind.SQL:
        plan(metric.expression, columns)
        return
    known = registered() if functions is None else functions
    if metric.expression not in known:
        near = get_close_matches(metric.expression, known, 1)
        hint = f"did you mean {near[0]}?" if near else f"a package registers it in the entry point group {GROUP}"
        raise InvalidRequest(f"no function is registered as {metric.expression[:64]!r}", hint=hint)


def evaluate(
    metric: Metric,
    table: pa.Table,
    columns: Sequence[ColumnInfo] | None = None,
    functions: Functions | None = None,
    seconds: float = SECONDS,
) -> MetricValue:
    """The metric of all rows of the table. What goes wrong is in `error`; nothing is raised.

    `columns` are those of the model, None those of the table: one of the model's that the table lacks is null in all
    its rows. A SQL expression is given up after `seconds`; a function cannot be stopped.
    """
    return _evaluate(metric, table, None, [slice(0, table.num_rows)], columns, functions, seconds)[0]


def evaluate_windows(
    metric: Metric,
    table: pa.Table,
    starts_us: Sequence[int],
    length_us: int,
    columns: Sequence[ColumnInfo] | None = None,
    functions: Functions | None = None,
    seconds: float = SECONDS,
) -> list[MetricValue]:
    """The metric of each window [start, start + length), in that order; windows may overlap and be empty.

    Rows need no order. Their columns are read and computed once for all windows, which share the `seconds`.
    """
    times = times_of(table)
    if times is None:
        return [MetricValue(None, None, 0, "the rows have no timestamp")] * len(starts_us)
    order = None if (times[1:] >= times[:-1]).all() else np.argsort(times, kind="stable")
    ordered = times if order is None else times[order]
    starts = np.asarray(starts_us, np.int64)
    low, high = np.searchsorted(ordered, starts), np.searchsorted(ordered, starts + length_us)
    windows = [slice(first, last) for first, last in zip(low.tolist(), high.tolist(), strict=True)]
    return _evaluate(metric, table, order, windows, columns, functions, seconds)


def _evaluate(
    metric: Metric,
    table: pa.Table,
    order: NDArray[np.int64] | None,
    windows: Sequence[slice],
    columns: Sequence[ColumnInfo] | None,
    functions: Functions | None,
    seconds: float,
) -> list[MetricValue]:
    if metric.kind is MetricKind.PYTHON:
        rows = named(table) if order is None else named(table).take(pa.array(order))
        known = registered() if functions is None else functions
        return [_of_function(metric.expression, rows[window], known) for window in windows]
    try:
        made = plan(metric.expression, columns_of(table.schema) if columns is None else columns)
        estimates = measure(made, rows_of(table, made.reads, order), windows, _deadline(seconds))
    except (InvalidRequest, TimeoutError) as error:
        return [MetricValue(None, None, window.stop - window.start, str(error)) for window in windows]
    return [_of_estimate(one) for one in estimates]


def _deadline(seconds: float) -> Callable[[], None]:
    """Raises TimeoutError once that long has passed since now."""
    end = time.monotonic() + seconds

    def in_time() -> None:
        if time.monotonic() > end:
            raise TimeoutError(f"the expression was given up after {seconds:g} s; write a shorter one")

    return in_time


def _of_estimate(estimate: Estimate) -> MetricValue:
    if estimate.value is not None and math.isinf(estimate.value):
        error = "the result is infinite: filter (where isfinite(...)) leaves infinite values out"
        return MetricValue(None, None, estimate.rows, error)
    return MetricValue(estimate.value, estimate.interval, estimate.rows, lack=estimate.lack, alike=estimate.alike)


def _of_function(name: str, rows: pa.Table, functions: Functions) -> MetricValue:
    value, error = called(name, rows, functions)
    return MetricValue(value, None, rows.num_rows, error)
