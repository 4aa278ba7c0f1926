"""Nothing has changed: how many whole checks of 50 features say that something has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from bench.trust.clusters import clustered
from bench.trust.draw import World, world
from bench.trust.effort import Effort
from bench.trust.figure import Figure
from bench.trust.verdict import noticed
from bench.workload import REFERENCE_ROWS, WINDOW_ROWS, Column, w1
from modelwatch.monitors.drift import check

SECTION = "No drift: checks of 50 features with any finding of level notice or above"
FIRST_ROWS = 1_000
"""What a model without an uploaded reference is compared with."""


def no_drift(effort: Effort, random: np.random.Generator) -> Iterator[Figure]:
    """W1, W1 with nulls, and W1 against a reference of 1,000 rows; every reference has its own luck."""
    yield from cases(effort, random, "W1", w1(), REFERENCE_ROWS)
    yield from cases(effort, random, "W1 with 0.1 to 50 % nulls", w1(nulls=True), REFERENCE_ROWS)
    yield from cases(effort, random, "W1, reference of 1,000 rows", w1(nulls=True), FIRST_ROWS)


def cases(
    effort: Effort, random: np.random.Generator, name: str, columns: Sequence[Column], rows: int
) -> Iterator[Figure]:
    """One figure for each size of window."""
    worlds = [world(columns, random, rows) for _ in range(effort.references)]
    for n in WINDOW_ROWS:
        hits = [false_alarms(each, random, n, effort.checks) for each in worlds]
        note = f"the least lucky reference: {max(hits)} of {effort.checks}"
        yield clustered(SECTION, f"{name}, {n:,} rows", hits, effort.checks, 0.01, note)


def false_alarms(held: World, random: np.random.Generator, n: int, checks: int) -> int:
    """How many of the checks of undrifted windows notice something."""
    return sum(noticed(check(held.window(random, n), held.reference, held.binning)) for _ in range(checks))
