"""What a single label is told at once: whether its prediction is there, and how long the label took to come.

The lake is asked while the label is on its way to the disk, one label at a time and for a quarter of the time at most,
so that labels that come one by one in great numbers are not slowed; those that are not looked at are told nothing.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from time import perf_counter
from typing import Final

import pyarrow as pa

from modelwatch.core.wire import DEFAULT_PROJECT, Kind, Role
from modelwatch.ingest.part import open_part
from modelwatch.lake.contract import Lake, TableKey
from modelwatch.lake.find_one import GaveUp, Sought, find_one
from modelwatch.log.entry import Part

logger = logging.getLogger("modelwatch.api")

BUDGET_S: Final = 0.05
REST: Final = 3
"""How many times as long as a look took no other one is begun."""
MARGIN_US: Final = 60_000_000
"""How much longer than the lake's flush interval a prediction may take to be found there."""
HOUR_US: Final = 3_600_000_000


@dataclass(frozen=True, slots=True)
class Match:
    """`matched` is None where it is not known yet, or was not looked at."""

    matched: bool | None = None
    delay_hours: float | None = None


UNKNOWN: Final = Match()


@dataclass(frozen=True, slots=True)
class Label:
    """A label as it came: which prediction it is about, and its own time (microseconds)."""

    model: str
    sought: Sought
    at_us: int


class Matcher:
    """Looks for the predictions of single labels in a lake that `open_lake` opens when it is first needed.

    `flush_us` is the longest that a row waits for the lake; `lag_s` says how long ago the oldest record came whose rows
    may not be in the lake.
    """

    def __init__(self, open_lake: Callable[[], Lake], flush_us: int, lag_s: Callable[[], float]) -> None:
        self.open_lake, self.lag_s, self.wait_us = open_lake, lag_s, flush_us + MARGIN_US
        self.lake: Lake | None = None
        self.workers = ThreadPoolExecutor(1, thread_name_prefix="modelwatch-match")
        self.busy = threading.Lock()
        self.rests_until = 0.0

    def begin(self, label: Label, now_us: int) -> Future[Match] | None:
        """Begin to look; None when nothing says where, or when others are being looked for."""
        if label.sought.about_us is None or perf_counter() < self.rests_until or not self.busy.acquire(blocking=False):
            return None
        return self.workers.submit(self.look, label, now_us)

    def look(self, label: Label, now_us: int) -> Match:
        """What is known of a label."""
        began = perf_counter()
        try:
            return self.find(label, now_us, lambda: perf_counter() - began > BUDGET_S)
        except GaveUp:
            return UNKNOWN
        except Exception:  # the boundary: the label is safe, its answer may lack this
            logger.exception("the prediction of a label could not be looked for")
            return UNKNOWN
        finally:
            now = perf_counter()
            self.rests_until = now + REST * (now - began)
            self.busy.release()

    def find(self, label: Label, now_us: int, late: Callable[[], bool]) -> Match:
        """Look in the lake; what is not there is certain only once it would have to be."""
        if self.lake is None:
            self.lake = self.open_lake()
        at = find_one(self.lake, TableKey(DEFAULT_PROJECT, label.model, Kind.PREDICTIONS), label.sought, late)
        if at is not None:
            return Match(True, (label.at_us - at) / HOUR_US)
        about = label.sought.about_us
        old = about is not None and about < now_us - self.wait_us
        return Match(False) if old and self.lag_s() * 1e6 < self.wait_us else UNKNOWN


def single_label(part: Part) -> Label:
    """The label of a part of one row."""
    batch = open_part(part.body)
    told: dict[bytes, int | None] = {}
    for field, column in zip(batch.schema, batch.columns, strict=True):
        role = field.metadata[b"role"]
        if role in (Role.TIMESTAMP.encode(), Role.PREDICTION_TIMESTAMP.encode()):
            told[role] = column.cast(pa.int64())[0].as_py()
        elif role == Role.PREDICTION_ID.encode():
            prediction_id = column[0].as_py()
    sought = Sought(prediction_id, told.get(Role.PREDICTION_TIMESTAMP.encode()))
    return Label(part.model, sought, told[Role.TIMESTAMP.encode()] or 0)


async def answer(looking: Future[Match] | None, began: float) -> Match:
    """What was found within the budget that began at a time of `perf_counter`."""
    if looking is None:
        return UNKNOWN
    left = max(0.0, BUDGET_S - (perf_counter() - began))
    done, _ = await asyncio.wait([asyncio.wrap_future(looking)], timeout=left)
    return next(iter(done)).result() if done else UNKNOWN
