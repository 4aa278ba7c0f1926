"""What should change no verdict, and what should give a stated one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bench.trust.clusters import clustered
from bench.trust.draw import world
from bench.trust.effort import Effort
from bench.trust.figure import Figure
from bench.trust.verdict import noticed
from bench.workload import REFERENCE_ROWS, WINDOW_ROWS, words
from modelwatch.core.column import ColumnKey
from modelwatch.core.level import ORDER
from modelwatch.core.wire import Role
from modelwatch.monitors.drift import check
from modelwatch.profiles import CategoryValues, NumericValues, Values, fit, profile

Floats = NDArray[np.float64]

SECTION: Final = "Robustness"
ZIPF: Final = "No drift: 1,000 categories a column, 50 columns; checks with any finding of level notice or above"
ROWS: Final = 2_000
KEY: Final = ColumnKey(Role.FEATURE, "x")
EXPONENTS: Final = (0.0, 0.5, 1.0, 1.5, 2.0)


def robustness(effort: Effort, random: np.random.Generator) -> Iterator[Figure]:
    """An outlier, a NaN, constant, empty and all-null columns, and columns of many categories."""
    yield from one_value(random, "one value of 1e6 in 2,000 rows", 1e6)
    yield from one_value(random, "one NaN in 2,000 rows", np.nan)
    yield from stated(random)
    for exponent in EXPONENTS:
        for rows in (REFERENCE_ROWS, 1_000):
            yield from many_categories(effort, random, exponent, rows)


def one_value(random: np.random.Generator, name: str, value: float) -> Iterator[Figure]:
    """The level of 200 windows each of several shifts, with and without the value."""
    before = NumericValues(random.normal(size=REFERENCE_ROWS))
    changed = 0
    shifts = (0.0, 0.1, 0.15, 0.3, 0.5, 1.0)
    for shift in shifts:
        for _ in range(200):
            x = random.normal(shift, 1.0, ROWS)
            struck = x.copy()
            struck[random.integers(ROWS)] = value
            changed += level(before, NumericValues(x)) != level(before, NumericValues(struck))
    measured = f"{changed} of {200 * len(shifts)} verdicts change"
    # at the very edge of a threshold a single row of any kind may tip the scales
    yield Figure(SECTION, name, measured, "none, but at the edge of a threshold", changed <= 12)


def level(before: Values, after: Values) -> str:
    """The verdict on a column, at the thresholds of 50 columns."""
    held = {ColumnKey(Role.FEATURE, str(i)): before for i in range(1)}
    now = dict.fromkeys(held, after)
    binning = fit(held)
    table = check(profile(binning, now), profile(binning, held), binning)
    return str(ORDER[table.levels[0]])


def stated(random: np.random.Generator) -> Iterator[Figure]:
    """The level of columns that hold nothing, or one thing."""
    x = random.normal(size=ROWS)
    nothing, one = np.full(ROWS, np.nan), np.full(ROWS, 7.0)
    null = np.ones(ROWS, dtype=np.bool_)
    word = CategoryValues(np.zeros(ROWS, dtype=np.int32), ("only",))
    unset = CategoryValues(np.full(ROWS, -1, dtype=np.int32), ("only",))
    cases: tuple[tuple[str, Values, Values, str], ...] = (
        ("constant, unchanged", NumericValues(one), NumericValues(one), "ok"),
        ("constant, another constant", NumericValues(one), NumericValues(one + 1), "critical"),
        ("constant becomes a distribution", NumericValues(one), NumericValues(x), "critical"),
        ("a distribution becomes constant", NumericValues(x), NumericValues(one), "critical"),
        ("all null, unchanged", NumericValues(nothing, null), NumericValues(nothing, null), "ok"),
        ("values become all null", NumericValues(x), NumericValues(nothing, null), "critical"),
        ("values become all NaN", NumericValues(x), NumericValues(nothing), "critical"),
        ("all null becomes values", NumericValues(nothing, null), NumericValues(x), "critical"),
        ("one category, unchanged", word, word, "ok"),
        ("one category becomes all null", word, unset, "critical"),
        ("numbers become text", NumericValues(x), word, "critical"),
        ("no rows at all", NumericValues(x), NumericValues(x[:0]), "insufficient_data"),
        ("no rows in the reference", NumericValues(x[:0]), NumericValues(x), "insufficient_data"),
    )
    for name, before, after, wanted in cases:
        found = level(before, after)
        yield Figure(SECTION, name, found, wanted, found == wanted)


def many_categories(effort: Effort, random: np.random.Generator, exponent: float, rows: int) -> Iterator[Figure]:
    """Undrifted columns of 1,000 categories whose shares fall with a power of their rank."""
    columns = [replace(words("x", 1_000, exponent), name=f"word {i}") for i in range(50)]
    worlds = [world(columns, random, rows) for _ in range(max(effort.references // 5, 2))]
    for n in WINDOW_ROWS:
        hits = [
            sum(noticed(check(w.window(random, n), w.reference, w.binning)) for _ in range(effort.checks))
            for w in worlds
        ]
        name = f"shares fall as rank^-{exponent:g}, reference of {rows:,} rows, {n:,} rows"
        yield clustered(ZIPF, name, hits, effort.checks, 0.01)
