"""What computing and judging all metrics of a window costs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Final

import numpy as np

from bench.trust.effort import Effort
from bench.trust.figure import Figure
from bench.worth.draw import Draw, many_classes, numbers, ranked, two_classes
from modelwatch.monitors.performance import judged, measures

SECTION: Final = "Speed: all metrics of a window of 10,000 rows and their judgement"
TASKS: Final[tuple[tuple[str, Draw, int], ...]] = (
    ("binary", two_classes(0.75, 0.2), 10_000),
    ("multiclass", many_classes(0.75), 10_000),
    ("regression", numbers(1.0), 10_000),
    ("ranking", ranked(1.5), 500),
)


def speed(effort: Effort, random: np.random.Generator) -> Iterator[Figure]:
    """CPU time of each task, the best of five rounds."""
    del effort
    for task, draw, rows in TASKS:
        (one,) = draw(random, 1, rows)
        before = measures(one, task, "yes")
        best = min(timed(lambda: judged(measures(one, task, "yes"), before, task)) for _ in range(5))  # noqa: B023
        yield Figure(SECTION, task, f"{best * 1e3:.2f} ms CPU")


def timed(work: object) -> float:
    """Seconds of CPU for one of a hundred."""
    assert callable(work)
    start = time.process_time()
    for _ in range(100):
        work()
    return (time.process_time() - start) / 100
