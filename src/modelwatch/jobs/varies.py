"""How much a good model's figures vary from window to window: told by the days of its baseline."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from hashlib import blake2b
from typing import Final

from sqlalchemy import Connection

from modelwatch.core.window import DAY_US
from modelwatch.monitors.estimated import Confidence, estimate
from modelwatch.monitors.performance import measures, scatter
from modelwatch.monitors.performance.scatter import Scatter
from modelwatch.profiles.outcomes import Outcomes, encode, merge
from modelwatch.store.baselines import Baseline
from modelwatch.store.outcomes import find_reference_days, load_outcomes

KEPT: Final = 4_096


class Known:
    """The last `kept` answers by what they were told from: days of a baseline stay the same for months, and to measure
    90 of them takes .15 s."""

    def __init__(self, kept: int = KEPT) -> None:
        self.kept = kept
        self.found: OrderedDict[str, Mapping[str, Scatter]] = OrderedDict()
        self.lock = threading.Lock()

    def get(self, key: str, made: Callable[[], Mapping[str, Scatter]]) -> Mapping[str, Scatter]:
        """The answer of a key, from memory or else made now."""
        with self.lock:
            if key in self.found:
                self.found.move_to_end(key)
                return self.found[key]
        answer = made()
        with self.lock:
            self.found[key] = answer
            while len(self.found) > self.kept:
                self.found.popitem(last=False)
        return answer


KNOWN: Final = Known()
"""What all jobs of this process share."""


def varies_of(days: Sequence[Outcomes], task: str, positive: str, length_us: int) -> Mapping[str, Scatter]:
    """The scatter of each metric between windows of a length, beyond what chance does; nothing for under five days.

    The baseline's days tell, each taken to have an influence of its own on a window of several. Shorter windows vary at
    least as much as days do.
    """
    key = f"realized {digest(days)} {task} {positive}"
    found = KNOWN.get(key, lambda: scatter([measures(each, task, positive) for each in days]))
    return between(found, length_us)


def estimates_vary(
    days: Sequence[Outcomes], baseline: Outcomes, confidence: Confidence, length_us: int
) -> Mapping[str, Scatter]:
    """The same of what the metrics are estimated to be, each held against its error as a change of the population.
    `confidence` was learned from `baseline`."""

    def told() -> Mapping[str, Scatter]:
        return scatter([[replace(e.measure, error=e.change_error) for e in estimate(confidence, day)] for day in days])

    key = f"estimated {digest(days)} {digest([baseline])} {confidence.classes.positive}"
    return between(KNOWN.get(key, told), length_us)


def digest(parts: Sequence[Outcomes]) -> str:
    """What tells outcomes from others."""
    found = blake2b(digest_size=16)
    for part in parts:
        found.update(encode(part))
    return found.hexdigest()


def between(days: Mapping[str, Scatter], length_us: int) -> Mapping[str, Scatter]:
    """The scatter between windows of a length, from that between days."""
    share = max(length_us / DAY_US, 1.0)
    return {name: Scatter(each.variance / share, each.windows) for name, each in days.items()}


def baseline_days(connection: Connection, deployment_id: int, reference_id: int, baseline: Baseline) -> list[Outcomes]:
    """The outcomes of each day of the baseline, in order of time."""
    if baseline.kind == "reference":
        return find_reference_days(connection, reference_id)
    if baseline.start_us is None or baseline.end_us is None:
        return []
    days: dict[int, list[Outcomes]] = {}
    for each in load_outcomes(connection, deployment_id, baseline.start_us, baseline.end_us):
        days.setdefault(each.start_us // DAY_US, []).append(each.outcomes)
    return [merge(days[day]) for day in sorted(days)]
