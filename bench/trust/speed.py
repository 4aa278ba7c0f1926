"""What a check costs, in CPU time of one core."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Final

import numpy as np

from bench.trust.draw import world
from bench.trust.effort import Effort
from bench.trust.figure import Figure
from bench.workload import w1
from modelwatch.monitors.drift import check

SECTION: Final = "Speed"


def speed(effort: Effort, random: np.random.Generator) -> Iterator[Figure]:
    """One check of W1 from profiles."""
    held = world(w1(), random)
    window = held.window(random, 2_000)
    cost = seconds(lambda: check(window, held.reference, held.binning), 200) * 1e3
    yield Figure(SECTION, "one check of W1 from profiles", f"{cost:.2f} ms CPU", "≤ 1 ms", cost <= 1)


def seconds(work: Callable[[], object], rounds: int) -> float:
    """CPU seconds of one run: the median of some."""
    work()
    taken = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return float(np.median(taken))
