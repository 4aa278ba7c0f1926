"""The checked windows of a version as arrays over windows and columns."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from modelwatch.core.level import CODE, ORDER, Level
from modelwatch.core.window import DAY_US
from modelwatch.errors import InvalidRequest
from modelwatch.monitors.drift import DriftTable, Thresholds
from modelwatch.profiles import Binning
from modelwatch.server.queries.subject import Subject
from modelwatch.store import references
from modelwatch.store.checks import CheckRow, count_checks, load_checks, newest_check

Floats = NDArray[np.float64]
Codes = NDArray[np.uint8]

MAX_TIMES: Final = 500
MAX_WINDOWS: Final = 30_000
"""Windows that are read for one answer: 90 days of the shortest ones, 4 kB each."""
RANGE_US: Final = 30 * DAY_US
UNJUDGED: Final = (CODE[Level.INSUFFICIENT_DATA], CODE[Level.NO_DATA])
RAISED: Final = (CODE[Level.CRITICAL], CODE[Level.WARNING])
BADNESS: Final = np.array([0, 1, 2, 6, 3, 5, 4], dtype=np.uint8)
"""Level code -> place from the worst on, where what could not be judged comes last: among windows it hides nothing."""


@dataclass(frozen=True, slots=True)
class Windows:
    """N checked windows, ascending by end, and the F columns of the newest one's binning.

    `at` [N, F] is the place of each column in the window's own table, -1 where the window did not know it. `thresholds`
    are those of the newest one.
    """

    rows: tuple[CheckRow, ...]
    tables: tuple[DriftTable, ...]
    binning: Binning
    at: NDArray[np.int64]
    thresholds: Thresholds

    def metric(self, name: str) -> Floats:
        """One array of the tables as [N, F], nan where a window did not know the column."""
        return self.pick([getattr(table, name) for table in self.tables], np.nan)

    def levels(self) -> Codes:
        """The level codes [N, F] that stood after persistence was looked at."""
        codes = [np.frombuffer(row.levels, dtype=np.uint8) for row in self.rows]
        return self.pick(codes, CODE[Level.INSUFFICIENT_DATA]).astype(np.uint8)

    def pick(self, arrays: Sequence[NDArray[np.float64] | Codes], missing: float) -> Floats:
        """Arrays in their windows' own order, as [N, F] in this one's."""
        found = np.full(self.at.shape, missing)
        for i, (places, values) in enumerate(zip(self.at, arrays, strict=True)):
            known = places >= 0
            found[i, known] = values[places[known]]
        return found

    def ranked(self) -> list[int]:
        """The columns with the worst of the newest window first: by level, then by PSI or MMD."""
        table, levels = self.tables[-1], self.rows[-1].levels
        size = np.nan_to_num(np.fmax(table.psi, table.mmd), nan=-1.0)
        return sorted(range(len(self.binning)), key=lambda f: (BADNESS[levels[f]], -size[f], f))


def load_windows(connection: Connection, subject: Subject, start_us: int | None, end_us: int | None) -> Windows | None:
    """The windows that end in a range, the last 30 days before the model's own now unless told; None without any.

    Where windows of two lengths end at the same time, the length in use counts.
    """
    end = end_us if end_us is not None else subject.now_us + DAY_US
    start = start_us if start_us is not None else (end_us or subject.now_us) - RANGE_US
    if (count := count_checks(connection, subject.series, start, end)) > MAX_WINDOWS:
        raise InvalidRequest(f"the range holds {count:,} windows", hint=f"ask for one with at most {MAX_WINDOWS:,}")
    by_end: dict[int, CheckRow] = {}
    length = length_in_use(connection, subject)
    for row in load_checks(connection, subject.series, start, end):
        if row.end_us not in by_end or row.length_us == length:
            by_end[row.end_us] = row
    if not by_end:
        return None
    return of_rows(connection, subject, [by_end[key] for key in sorted(by_end)])


def length_in_use(connection: Connection, subject: Subject) -> int | None:
    """How long the windows are that are checked now; a segment's may be longer than the whole's."""
    if not subject.segment:
        return subject.deployment.length_us
    newest = newest_check(connection, subject.series)
    return None if newest is None else newest.length_us


def of_rows(connection: Connection, subject: Subject, rows: Sequence[CheckRow]) -> Windows:
    """Checked windows with their tables, on the columns of the last one."""
    known = {name: load_binning(connection, subject.model.id, name) for name in {row.binning for row in rows}}
    binning = known[rows[-1].binning]
    places = {
        name: np.array(
            [own.index(column.key) if own.index(column.key) is not None else -1 for column in binning.columns]
        )
        for name, own in known.items()
    }
    at = np.stack([places[row.binning] for row in rows]).astype(np.int64)
    tables = tuple(DriftTable.from_bytes(row.body) for row in rows)
    return Windows(tuple(rows), tables, binning, at, subject.thresholds(rows[-1].length_us))


@functools.lru_cache(maxsize=256)
def parsed(body: bytes) -> Binning:
    """A binning from its bytes; pages ask for the same few again and again."""
    return Binning.from_bytes(body)


def load_binning(connection: Connection, model_id: int, binning_hash: str) -> Binning:
    """A stored binning of a model."""
    return parsed(references.load_binning(connection, model_id, binning_hash).body)


def since(codes: Codes, times: Sequence[int]) -> list[int | None]:
    """For each column since when it has been as in the newest window; None while it is ok or was not judged.

    Warning and critical are one state here, raised; windows that could not be judged interrupt nothing.
    """
    newest = codes[-1]
    same = (codes == newest) | (np.isin(codes, RAISED) & np.isin(newest, RAISED))
    broken = ~(same | np.isin(codes, UNJUDGED))[::-1]
    length = np.where(broken.any(axis=0), broken.argmax(axis=0), len(codes))
    inside = same & (np.arange(len(codes))[:, None] >= len(codes) - length)
    first = inside.argmax(axis=0)
    quiet = (CODE[Level.OK], *UNJUDGED)
    return [None if code in quiet else times[i] for code, i in zip(newest.tolist(), first.tolist(), strict=True)]


def stretches(count: int, most: int = MAX_TIMES) -> list[int]:
    """Where each of at most `most` stretches of windows begins; only the oldest may be shorter than the others.

    >>> stretches(7, 3), stretches(3, 5)
    ([0, 1, 4], [0, 1, 2])
    """
    each = -(-count // most)
    first = count % each or each
    return [0, *range(first, count, each)]


def thin_largest(values: Floats, starts: Sequence[int]) -> Floats:
    """The largest value of each stretch, nan where it holds none."""
    answer: Floats = np.fmax.reduceat(values, starts, axis=0)
    return answer


def thin_worst(codes: Codes, starts: Sequence[int]) -> Codes:
    """The worst level of each stretch."""
    order = np.argsort(BADNESS).astype(np.uint8)
    answer: Codes = order[np.minimum.reduceat(BADNESS[codes], starts, axis=0)]
    return answer


def thin_last(values: Sequence[float] | Sequence[int], starts: Sequence[int]) -> list[float]:
    """The last value of each stretch."""
    ends = [*starts[1:], len(values)]
    return [values[end - 1] for end in ends]


def nullable(values: Floats) -> list[float | None]:
    """Numbers with None in the place of nan and infinities, which JSON cannot say."""
    return [value if ok else None for value, ok in zip(values.tolist(), np.isfinite(values).tolist(), strict=True)]


def levels_of(codes: Codes) -> list[Level]:
    """Codes as levels."""
    return [ORDER[code] for code in codes.tolist()]
