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
import pyarrow.compute as pc

from modelwatch.core.wire import DEFAULT_PROJECT, Kind, Role
from modelwatch.errors import NotFound
from modelwatch.ingest.part import keyed_columns, open_part
from modelwatch.lake.contract import Lake, TableKey
from modelwatch.lake.find_one import GaveUp, Sought, find_one
from modelwatch.log import Readable
from modelwatch.log.entry import Part, PartKind, decode

logger = logging.getLogger("modelwatch.api")

BUDGET_S: Final = 0.05
REST: Final = 3
"""How many times as long as a look took no other one is begun."""
MARGIN_US: Final = 60_000_000
"""How long after the lake's flush interval a prediction that nobody has seen is taken for one that does not come."""
READ_BYTES: Final = 1_000_000
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
    """Looks for the predictions of single labels in the lake, and in that part of the log that is not in it yet.

    `position` says where in the log that part begins; `flush_us` is the longest that a row waits for the lake.
    """

    def __init__(
        self, open_lake: Callable[[], Lake], log: Readable, position: Callable[[], int], flush_us: int
    ) -> None:
        self.open_lake, self.log, self.position, self.wait_us = open_lake, log, position, flush_us + MARGIN_US
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
        """Look everywhere; a prediction that was made a moment ago may still be on its way."""
        position = self.position()  # before the lake is looked at: what moves there meanwhile is seen twice
        at = find_one(self.open_lake(), TableKey(DEFAULT_PROJECT, label.model, Kind.PREDICTIONS), label.sought, late)
        if at is None:
            at = find_in_log(self.log, position, label, late)
        if at is not None:
            return Match(True, (label.at_us - at) / HOUR_US)
        about = label.sought.about_us
        return Match(False) if about is not None and about < now_us - self.wait_us else UNKNOWN


def find_in_log(log: Readable, position: int, label: Label, late: Callable[[], bool]) -> int | None:
    """The event time of the first prediction with the label's id from a position of the log on, None for none."""
    end = log.end()
    while position < end:
        try:
            records = log.read(position, READ_BYTES)
        except NotFound as error:
            raise GaveUp from error
        for record in records:
            if late():
                raise GaveUp
            for part in decode(record.payload).parts:
                if part.kind is PartKind.PREDICTIONS and part.model == label.model:
                    at = time_in(part, label.sought.prediction_id)
                    if at is not None:
                        return at
            position = record.next
        if not records:
            break
    return None


def time_in(part: Part, prediction_id: str) -> int | None:
    """The event time of a prediction in a part, None when it is not there."""
    columns = {key.role: column for key, column in keyed_columns(open_part(part.body)) if not key.name}
    row = pc.index(columns[Role.PREDICTION_ID], prediction_id).as_py()
    return None if row < 0 else int(columns[Role.TIMESTAMP].cast(pa.int64())[row].as_py())


def single_label(part: Part) -> Label:
    """The label of a part of one row."""
    columns = {key.role: column for key, column in keyed_columns(open_part(part.body)) if not key.name}
    told = columns.get(Role.PREDICTION_TIMESTAMP)
    made = None if told is None else told.cast(pa.int64())[0].as_py()
    sought = Sought(columns[Role.PREDICTION_ID][0].as_py(), made)
    return Label(part.model, sought, columns[Role.TIMESTAMP].cast(pa.int64())[0].as_py())


async def answer(looking: Future[Match] | None, began: float) -> Match:
    """What was found within the budget that began at a time of `perf_counter`."""
    if looking is None:
        return UNKNOWN
    left = max(0.0, BUDGET_S - (perf_counter() - began))
    done, _ = await asyncio.wait([asyncio.wrap_future(looking)], timeout=left)
    return next(iter(done)).result() if done else UNKNOWN
