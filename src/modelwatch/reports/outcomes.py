"""Expectations held against a window: batch by batch, so that a file need not fit into memory.

`unique` keeps a hash of each value, means and quantiles keep the values of their column, 8 bytes a row; all else keeps
counts.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Final

import numpy as np

from modelwatch.core.frame import no_such_column
from modelwatch.errors import InvalidRequest
from modelwatch.monitors.drift import Method
from modelwatch.monitors.drift.words import THIN, percent
from modelwatch.profiles import CategoryValues, NumericValues, Values, VectorValues
from modelwatch.profiles.values import Bools
from modelwatch.reports.expect import (
    Count,
    Drift,
    Exists,
    Expectation,
    OfColumn,
    OfRows,
    Type,
    Unique,
    bound,
    has_value,
)
from modelwatch.reports.outcome import Outcome
from modelwatch.reports.table import Table
from modelwatch.reports.values import Left, Read, read

EXAMPLES: Final = 3
ABSENT: Final = "the window lacks the column"

Drifts = Mapping[str, Sequence[Method] | None]
"""The metrics of a column by its name in the frames or as it was compared; None when it was not."""


@dataclass(slots=True)
class Seen:
    """What has been seen of one column for one expectation."""

    rows: int = 0
    held: int = 0
    total: int = 0
    examples: list[str] = field(default_factory=list)
    kept: list[np.ndarray[Any, np.dtype[Any]]] = field(default_factory=list)
    problem: str = ""


def outcomes(
    expected: Sequence[Expectation], window: Table, reference_names: Iterable[object], drifts: Drifts
) -> tuple[Outcome, ...]:
    """What came of each; raises `InvalidRequest` for one about a column that neither side has."""
    names = {str(name): name for name in window.names}
    known = {*names, *map(str, reference_names)}
    for each in expected:
        found = each.column is None or each.column in known or (isinstance(each, Drift) and each.column in drifts)
        if not found and not isinstance(each, Exists):
            raise no_such_column(each.column, known, f"{each.kind}: neither side")
    seen = [Seen() for _ in expected]
    asked = [(each, mine) for each, mine in zip(expected, seen, strict=True) if not isinstance(each, (Drift, Exists))]
    if asked:
        sources = {
            each.column: names[each.column] for each, _ in asked if each.column is not None and each.column in names
        }
        for batch in window.batches(list(sources.values())):
            columns = {name: read(batch.get_column(source), named=True) for name, source in sources.items()}
            for each, mine in asked:
                look(each, mine, columns, len(batch))
    return tuple(
        concluded(each, mine, each.column is None or each.column in names or measured(each, known), drifts)
        for each, mine in zip(expected, seen, strict=True)
    )


def measured(each: Expectation, known: Collection[str]) -> bool:
    """True for a column that no frame has: a measure of text, or a prediction by its role."""
    return isinstance(each, Drift) and each.column not in known


def look(each: Expectation, mine: Seen, columns: Mapping[str, Read | Left], rows: int) -> None:
    """Adds one batch to what has been seen."""
    mine.total += rows
    found = columns.get(each.column or "")
    if isinstance(found, Left):
        mine.problem = f"{found.reason} cannot be looked into"
    if not isinstance(found, Read):
        return
    if isinstance(found.values, VectorValues) and each.kind not in ("not_null", "of_type"):
        mine.problem = "the window holds vectors"
        return
    has = has_value(found)
    match each:
        case OfRows():
            counted = has if each.values_only else np.ones(rows, dtype=np.bool_)
            holds = each.holds(found) & counted
            mine.rows += int(counted.sum())
            mine.held += int(holds.sum())
            if each.values_only:
                examples(mine, found, counted & ~holds)
        case Unique():
            mine.kept.append(marks(found)[has])
        case OfColumn() if isinstance(found.values, NumericValues):
            values = found.values.values
            mine.kept.append(values[has & np.isfinite(values)])
        case OfColumn():
            mine.problem = "the window holds no numbers"
        case Type() if found.type is not None and found.type is not each.type:
            mine.problem = f"type {found.type.value}"


def examples(mine: Seen, found: Read, broken: Bools) -> None:
    """Remembers a few values for which it does not hold."""
    for row in np.flatnonzero(broken)[: 20 * EXAMPLES].tolist():
        if len(mine.examples) >= EXAMPLES:
            return
        text = example(found.values, row)
        if text not in mine.examples:
            mine.examples.append(text[:80])


def example(values: Values, row: int) -> str:
    """One value in words."""
    match values:
        case NumericValues():
            return bound(float(values.values[row]))
        case CategoryValues():
            return values.dictionary[int(values.codes[row])]
        case VectorValues():
            return f"a vector of {values.dimension}"


def marks(found: Read) -> np.ndarray[Any, np.dtype[Any]]:
    """A number for each row that is the same for the same value: itself, or a 64-bit hash of its text."""
    values = found.values
    if isinstance(values, NumericValues):
        return values.values + 0.0
    assert isinstance(values, CategoryValues), "vectors are not asked whether they are unique"
    return np.array([*map(hash, values.dictionary), 0], dtype=np.int64)[values.codes]


def concluded(each: Expectation, mine: Seen, there: bool, drifts: Drifts) -> Outcome:
    """What came of one."""
    share: float | None = None
    rows = mine.total
    match each:
        case Exists():
            passed, found = there, "it is there" if there else ABSENT
        case _ if not there or mine.problem:
            passed, found = False, mine.problem or ABSENT
        case Count():
            passed, found = each.low <= mine.total <= each.high, f"{mine.total:,} rows"
        case OfRows() | Unique():
            mine = once(mine) if isinstance(each, Unique) else mine
            rows, share = mine.rows, mine.held / mine.rows if mine.rows else 1.0
            passed, found = share >= each.at_least, in_words(mine, share)
        case OfColumn():
            values = stacked(mine)
            figure = each.figure(values) if len(values) else math.nan
            rows, passed = len(values), each.low <= figure <= each.high
            found = "no value" if math.isnan(figure) else f"{figure:.6g} of {rows:,} values"
        case Type():
            passed, found = True, f"type {each.type.value}"
        case Drift():
            passed, found = drifted(each, drifts.get(each.column))
    return Outcome(each.kind, each.column, passed, each.asked, found, rows, share, tuple(mine.examples), each.level)


def stacked(mine: Seen) -> np.ndarray[Any, np.dtype[Any]]:
    """What was kept of all batches."""
    return np.concatenate(mine.kept) if mine.kept else np.empty(0)


def once(mine: Seen) -> Seen:
    """How many values there are, and how many of them occur once."""
    _, counts = np.unique(stacked(mine), return_counts=True)
    return Seen(rows=int(counts.sum()), held=int((counts == 1).sum()), total=mine.total)


def in_words(mine: Seen, share: float) -> str:
    """For how many rows it holds, with some of the values for which it does not."""
    if not mine.rows:
        return "no value to look at"
    text = f"{percent(share)}{THIN}%, {mine.held:,} of {mine.rows:,} rows"
    return text + (f"; not {', '.join(mine.examples)}" if mine.examples else "")


def drifted(each: Drift, found: Sequence[Method] | None) -> tuple[bool, str]:
    """Whether a metric is below its limit."""
    if found is None:
        return False, "the column was not compared"
    by_name = {method.metric: method.value for method in found}
    if not by_name:
        return False, "there are no rows to compare"
    if each.metric not in by_name:
        near = get_close_matches(each.metric, by_name, 1)
        hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(by_name)}"
        raise InvalidRequest(f"column {each.column!r} has no metric {each.metric!r}", hint=hint)
    value = by_name[each.metric]
    return value < each.limit, f"{each.metric} {value:.4g}"
