"""How fast profiles are made, merged and checked: `python -m bench.check`.

Times are CPU seconds of one core, the best of several rounds, so that a busy machine matters less.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bench.store_check import store_figures
from modelwatch.core.column import ColumnKey
from modelwatch.core.wire import Role
from modelwatch.monitors.drift import check
from modelwatch.profiles import (
    Binning,
    CategoryValues,
    NumericValues,
    Profile,
    Values,
    encode,
    fit,
    merge_blocks,
    profile,
    profile_buckets,
)

NUMERIC, CATEGORIES = 40, 10
BUCKETS = 288
ROWS_PER_BUCKET = 347
"""100,000 predictions a day."""
REFERENCE_ROWS = 100_000
MODELS = 1_000
WORDS = [f"category {i}" for i in range(20)]


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table; `target` 0 means that there is none."""

    name: str
    value: float
    unit: str
    target: float = 0.0


@dataclass(frozen=True, slots=True)
class Fleet:
    """What all measurements share: a binning of 50 columns, its reference, and the blocks of one day."""

    binning: Binning
    reference: Profile
    blocks: list[bytes]


def batch(random: np.random.Generator, rows: int) -> dict[ColumnKey, Values]:
    """40 numeric and 10 category features."""
    columns: dict[ColumnKey, Values] = {
        ColumnKey(Role.FEATURE, f"number {i}"): NumericValues(random.normal(size=rows)) for i in range(NUMERIC)
    }
    for i in range(CATEGORIES):
        codes = random.integers(0, len(WORDS), rows).astype(np.int32)
        columns[ColumnKey(Role.FEATURE, f"word {i}")] = CategoryValues(codes, WORDS)
    return columns


def fleet(random: np.random.Generator) -> Fleet:
    """Fits, profiles and encodes."""
    rows = batch(random, REFERENCE_ROWS)
    binning = fit(rows)
    day = batch(random, BUCKETS * ROWS_PER_BUCKET)
    slots = np.repeat(np.arange(BUCKETS, dtype=np.int32), ROWS_PER_BUCKET)
    buckets = profile_buckets(binning, day, slots, BUCKETS)
    return Fleet(binning, profile(binning, rows), [encode(each, binning) for each in buckets])


def seconds(work: Callable[[], object], rounds: int = 15) -> float:
    """CPU seconds of one run, the best of some."""
    work()
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def measure() -> list[Figure]:
    """Every figure, in the order in which data flows."""
    random = np.random.default_rng(0)
    world = fleet(random)
    rows = 50_000
    columns = batch(random, rows)
    numbers = {key: values for key, values in columns.items() if isinstance(values, NumericValues)}
    words = {key: values for key, values in columns.items() if isinstance(values, CategoryValues)}
    of_numbers = Binning(tuple(c for c in world.binning.columns if c.key in numbers))
    of_words = Binning(tuple(c for c in world.binning.columns if c.key in words))
    window = merge_blocks(world.blocks, world.binning)

    def one_window() -> None:
        check(merge_blocks(world.blocks, world.binning), world.reference, world.binning)

    def whole_fleet() -> None:
        for _ in range(MODELS):
            check(window, world.reference, world.binning)

    per_number = seconds(lambda: profile(of_numbers, numbers)) / rows / NUMERIC * 1e9
    per_word = seconds(lambda: profile(of_words, words)) / rows / CATEGORIES * 1e9
    return [
        Figure("profile one number", per_number, "ns", 8),
        Figure("profile one category", per_word, "ns"),
        Figure("one block of 347 rows, 50 columns", float(np.mean([len(b) for b in world.blocks])), "bytes"),
        Figure("encode one block", seconds(lambda: encode(window, world.binning)) * 1e6, "us"),
        Figure("merge 288 blocks", seconds(lambda: merge_blocks(world.blocks, world.binning)) * 1e3, "ms", 1.5),
        Figure("check 50 columns", seconds(lambda: check(window, world.reference, world.binning)) * 1e3, "ms"),
        Figure("a one-day window: merge and check", seconds(one_window) * 1e3, "ms", 2),
        Figure("check 1,000 models x 50 columns", seconds(whole_fleet, rounds=2), "s"),
        *(Figure(*each) for each in store_figures(world.binning, world.reference, world.blocks, MODELS)),
    ]


def table(figures: list[Figure]) -> str:
    """The figures as lines of text."""
    lines = [f"{'what':<38}{'measured':>12}  {'unit':<6}{'target':>8}"]
    for each in figures:
        target = f"<= {each.target:g}" if each.target else ""
        lines.append(f"{each.name:<38}{each.value:>12.3g}  {each.unit:<6}{target:>8}")
    return "\n".join(lines)


if __name__ == "__main__":
    print(table(measure()))
