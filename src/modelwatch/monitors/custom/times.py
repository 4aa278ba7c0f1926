"""Functions of times, which are microseconds of UTC."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from modelwatch.monitors.custom.values import Kind, Values, numbers

SECOND: Final = 1_000_000
DAY: Final = 86_400 * SECOND


def _part(of: Callable[[NDArray[np.int64]], NDArray[Any]]) -> Callable[[Sequence[Values]], Values]:
    def compute(arguments: Sequence[Values]) -> Values:
        return numbers(of(arguments[0].values), arguments[0].valid)

    return compute


def _year(time: NDArray[np.int64]) -> NDArray[Any]:
    return time.astype("M8[us]").astype("M8[Y]").astype(np.int64) + 1970


def _month(time: NDArray[np.int64]) -> NDArray[Any]:
    months: NDArray[np.int64] = time.astype("M8[us]").astype("M8[M]").astype(np.int64)
    return months % 12 + 1


def _day(time: NDArray[np.int64]) -> NDArray[Any]:
    days = time.astype("M8[us]").astype("M8[D]")
    since: NDArray[np.int64] = (days - days.astype("M8[M]").astype("M8[D]")).astype(np.int64)
    return since + 1


def _weekday(time: NDArray[np.int64]) -> NDArray[Any]:
    """0 for Sunday; 1970 began on a Thursday."""
    return (time // DAY + 4) % 7


_PARTS: Final[dict[str, Callable[[NDArray[np.int64]], NDArray[Any]]]] = {
    "year": _year,
    "month": _month,
    "day": _day,
    "hour": lambda time: time // (3_600 * SECOND) % 24,
    "minute": lambda time: time // (60 * SECOND) % 60,
    "second": lambda time: time // SECOND % 60,
    "dow": _weekday,
    "dayofweek": _weekday,
    "isodow": lambda time: (_weekday(time) + 6) % 7 + 1,
    "epoch": lambda time: time / SECOND,
}
TIMES: Final = {name: ((Kind.TIME,), Kind.NUMBER, _part(of)) for name, of in _PARTS.items()}
