"""Single windows at notice when nothing has changed, each few of them against a baseline of their own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from bench.trust.effort import Effort
from bench.trust.figure import Figure, at_most
from bench.worth.model_days import CASES
from modelwatch.core.level import Level
from modelwatch.core.window import DAY_US
from modelwatch.monitors.performance import judged, measures

SECTION: Final = "No change: single windows with any headline metric at notice or above"
ROWS: Final = 6_000_000
"""Rows drawn for the baselines of one case: a baseline's luck stays with all its windows, so there are many."""


def notices(effort: Effort, random: np.random.Generator) -> Iterator[Figure]:
    """Each case of day windows whose rows are independent."""
    for case in CASES:
        if case.length != DAY_US or case.days or not case.goal:
            continue
        baselines = min(effort.model_days, ROWS // case.baseline // (20 if case.task == "ranking" else 1))
        windows = effort.model_days // baselines
        hits = 0
        for _ in range(baselines):
            (reference,) = case.draw(random, 1, case.baseline)
            before = measures(reference, case.task, "yes")
            for one in case.draw(random, windows, case.rows):
                found = judged(measures(one, case.task, "yes"), before, case.task)
                hits += any(each.level in (Level.NOTICE, Level.WARNING, Level.CRITICAL) for each in found)
        note = f"{baselines:,} baselines of {case.baseline:,} rows, {windows} windows each"
        yield at_most(SECTION, f"{case.name}: {case.rows:,} rows", hits, baselines * windows, 0.01, note)
