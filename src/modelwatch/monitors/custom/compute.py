"""A plan's steps -> values, for rows (a block at a time, so that memory does not grow with the steps) or results."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from modelwatch.monitors.custom.columns import ColumnInfo
from modelwatch.monitors.custom.plan import Apply, Constant, Read, Reduce, Step
from modelwatch.monitors.custom.texts import compact
from modelwatch.monitors.custom.values import Bools, Floats, Kind, Values, constant

BLOCK: Final = 16_384
"""Rows that are computed at once."""


InTime = Callable[[], None]
"""Raises when it is too late to go on; called before every step of every block."""


def always() -> None:
    """It is never too late."""


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Labelled rows as arrays: the columns that a plan reads, their weights (None: all 1) and their number."""

    columns: Mapping[ColumnInfo, Values]
    weights: Floats | None
    count: int

    def block(self, start: int) -> dict[ColumnInfo | int, Values]:
        """The columns of `BLOCK` rows."""
        part = slice(start, start + BLOCK)
        return {
            info: Values(column.kind, column.values[part], column.valid[part], column.words)
            for info, column in self.columns.items()
        }


def compute(step: Step, sources: Mapping[ColumnInfo | int, Values], in_time: InTime = always) -> Values:
    """The values of a step; they may have fewer dimensions than the sources when they do not depend on them."""
    in_time()
    match step:
        case Constant(value, kind):
            return constant(value, kind)
        case Read(source):
            return sources[source]
        case Apply(scalar, arguments):
            found = []
            for argument in arguments:
                found.append(compute(argument, sources, in_time))  # noqa: PERF401 - a comprehension would nest twice as deep
            return scalar.compute(found)


@dataclass(frozen=True, slots=True, eq=False)
class Taken:
    """What an aggregate is taken of: float64 `x` and `y` [rows], `kept` [rows] where all of it has a value."""

    x: Floats
    y: Floats
    kept: Bools


def taken(reduce: Reduce, rows: Rows, in_time: InTime = always) -> Taken:
    """An aggregate's arguments for all rows; a count has only `kept`, texts are numbered."""
    kept = np.ones(rows.count, bool)
    counts = reduce.aggregate.name == "count"
    into = [] if counts else [np.zeros(rows.count) for _ in reduce.arguments]
    numbers: dict[str, int] = {}
    with np.errstate(all="ignore"):
        for start in range(0, rows.count, BLOCK):
            sources = rows.block(start)
            part = slice(start, start + BLOCK)
            if reduce.where is not None:
                where = compute(reduce.where, sources, in_time)
                kept[part] &= where.valid & where.values
            for place, argument in enumerate(reduce.arguments):
                found = compute(argument, sources, in_time)
                kept[part] &= found.valid
                if not counts:
                    into[place][part] = _numbered(found, numbers) if found.kind is Kind.TEXT else found.values
    x = into[0] if into else np.broadcast_to(0.0, rows.count)
    return Taken(x, into[-1] if into else x, kept)


def _numbered(column: Values, numbers: dict[str, int]) -> NDArray[np.int64]:
    """Texts as numbers that are equal where the texts are, `numbers` being those given so far."""
    column = compact(column)
    table = np.array([numbers.setdefault(word, len(numbers)) for word in column.words] or [0], np.int64)
    return table[np.where(column.valid, column.values, 0)]
