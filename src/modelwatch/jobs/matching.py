"""Labels -> the predictions that they are about, found in the lake: which files to look into, and which row counts.

A label may say when its prediction was made, and an id of UUID version 7 does, so that only the files of about that
time are read for it; what is not there, and every other id, is looked for in all files of the horizon. A label that was
looked for in vain before is only looked for among rows that came since.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from modelwatch.core.window import DAY_US, HOUR_US
from modelwatch.jobs.label_batch import UNKNOWN
from modelwatch.lake.contract import DataFile, Lake, TableKey, Wanted
from modelwatch.lake.ids import IdTable, uuid7_times
from modelwatch.lake.labels import positions_of
from modelwatch.lake.naming import RECEIVED_AT

Ints = NDArray[np.int64]

SLACK_US: Final = HOUR_US
"""How far the time of a prediction may lie from the time in its id to be found at first."""
EARLY_US: Final = HOUR_US // 4
"""How far a clock that makes ids may be ahead of the server's."""
AGAIN_US: Final = HOUR_US // 6
"""Rows may reach the lake's listing a little out of order of their arrival: orphans look this far back again."""


@dataclass(slots=True, eq=False)
class Search:
    """One search for predictions.

    `ids` are those looked for; `fresh` [count] says which were never looked for before, `told_us` [count] when their
    predictions were made, `UNKNOWN` where no label says. `since_us`: rows that came earlier were looked at for the
    others. `from_us` is the earliest event time of a prediction that may be meant.
    """

    ids: IdTable
    fresh: NDArray[np.bool_]
    told_us: Ints
    since_us: int
    from_us: int
    position: int
    found: list[pa.Table] = field(default_factory=list)
    numbers: list[Ints] = field(default_factory=list)
    looked: set[str] = field(default_factory=set)

    def find(self, ids: pa.Array) -> Ints:
        """The rows whose ids are looked for."""
        rows, numbers = self.ids.places(ids)
        if len(rows):
            self.numbers.append(numbers)
        return rows

    def run(self, lake: Lake, key: TableKey, columns: Sequence[str], waiting: Sequence[pa.Table]) -> pa.Table | None:
        """The first prediction of each id that has one, with its `number`; None when no id has."""
        made = uuid7_times(self.ids.ids)[self.ids.first]
        told = self.told_us != UNKNOWN
        is_timed = told | (made >= 0)
        timed = np.sort(np.where(told, self.told_us, made)[self.fresh & is_timed])
        others = bool((self.fresh & ~is_timed).any())
        stale = not self.fresh.all()

        def near(file: DataFile, received_us: int) -> bool:
            again = stale and received_us >= self.since_us - AGAIN_US
            wanted = again or (others and file.max_us >= self.from_us) or holds(timed, file)
            return self.first_look(file, wanted)

        self.look(lake, key, columns, near, waiting)
        missing = self.fresh & is_timed & ~self.known()
        if missing.any():
            earliest = int(np.where(made < 0, UNKNOWN + EARLY_US, made)[missing].min()) - EARLY_US

            def rest(file: DataFile, received_us: int) -> bool:
                return self.first_look(file, received_us >= earliest and file.max_us >= self.from_us)

            self.look(lake, key, columns, rest, ())
        return self.first_rows()

    def first_look(self, file: DataFile, wanted: bool) -> bool:
        """True for a file that is wanted and was not looked into yet."""
        if not wanted or file.path in self.looked:
            return False
        self.looked.add(file.path)
        return True

    def look(
        self,
        lake: Lake,
        key: TableKey,
        columns: Sequence[str],
        wanted: Wanted,
        waiting: Sequence[pa.Table],
    ) -> None:
        """Collect what is found in the files wanted, and among rows that wait for the lake."""
        self.found.extend(lake.lookup(key, self.find, columns, wanted, waiting))

    def known(self) -> NDArray[np.bool_]:
        """The numbers [count] that have been found."""
        answer = np.zeros(self.ids.count, np.bool_)
        for numbers in self.numbers:
            answer[numbers] = True
        return answer

    def first_rows(self) -> pa.Table | None:
        """Of all rows found those that were in the log first, one for each number, in the order of finding.

        Rows at or beyond `position` are not in the profiles yet: they are left for the next time.
        """
        if not self.found:
            return None
        rows = pa.concat_tables(self.found, promote_options="default").unify_dictionaries()
        numbers = np.concatenate(self.numbers)
        where = positions_of(rows)
        received = rows.column(RECEIVED_AT).cast(pa.int64()).to_numpy()
        chosen = np.flatnonzero(where < self.position)
        if len(chosen) and np.bincount(numbers[chosen]).max() > 1:
            order = np.lexsort((received[chosen], where[chosen], numbers[chosen]))  # of equals the one found first
            chosen = np.sort(chosen[order[np.diff(numbers[chosen[order]], prepend=-1) != 0]])
        if not len(chosen):
            return None
        return taken(rows, chosen).append_column("number", pa.array(numbers[chosen]))


def taken(rows: pa.Table, chosen: Ints) -> pa.Table:
    """Some rows, which ascend, in one piece; all of them cost no copy of their own."""
    return (rows if len(chosen) == rows.num_rows else rows.take(pa.array(chosen))).combine_chunks()


def holds(times: Ints, file: DataFile) -> bool:
    """True when the file has events of about one of the times, which ascend."""
    ends = max(file.min_us - SLACK_US, UNKNOWN), min(file.max_us, -UNKNOWN - 1 - SLACK_US) + SLACK_US
    low, high = np.searchsorted(times, np.array(ends, np.int64))
    return bool(high > low)


def horizon_start(at_us: Ints, horizon_us: int) -> int:
    """The earliest event time of a prediction that labels of these times may be about."""
    return int(at_us.min()) - horizon_us - DAY_US if len(at_us) else 0
