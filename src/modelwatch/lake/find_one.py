"""One prediction looked for in the lake, for a caller who cannot wait long."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from modelwatch.core.uuid7 import uuid7_ms
from modelwatch.core.window import HOUR_US
from modelwatch.core.wire import Role
from modelwatch.lake.contract import DataFile, Lake, TableKey
from modelwatch.lake.naming import LOG_POSITION

Ints = NDArray[np.int64]

TIMESTAMP: Final = Role.TIMESTAMP.value
SLACK_US: Final = HOUR_US
"""How far the time of a prediction may lie from the one that is told."""
EARLY_US: Final = HOUR_US // 4
"""How far a clock that makes ids may be ahead of the server's."""


class GaveUp(Exception):
    """There was no more time to look; what was not found may be there."""


@dataclass(frozen=True, slots=True)
class Sought:
    """A prediction by its id, and when it was made (microseconds), where its label or its id says that."""

    prediction_id: str
    told_us: int | None = None

    @property
    def made_us(self) -> int | None:
        """When an id of UUID version 7 was made."""
        ms = uuid7_ms(self.prediction_id)
        return None if ms is None else ms * 1000

    @property
    def about_us(self) -> int | None:
        """When the prediction was made, None when nothing says that."""
        return self.made_us if self.told_us is None else self.told_us


def find_one(lake: Lake, table: TableKey, sought: Sought, late: Callable[[], bool]) -> int | None:
    """The event time of the first prediction of that id, None when the lake has none.

    The files of about its time first, then, for an id that was made at a known time, all that came since. Raises
    `GaveUp` as soon as it is `late`.
    """
    about, made = sought.about_us, sought.made_us
    if about is None:
        raise GaveUp
    looked: set[str] = set()

    def near(file: DataFile, received_us: int) -> bool:
        wanted = file.min_us - SLACK_US <= about <= file.max_us + SLACK_US
        if wanted:
            looked.add(file.path)
        return wanted

    def since(file: DataFile, received_us: int) -> bool:
        return made is not None and received_us >= made - EARLY_US and file.path not in looked

    def find(ids: pa.Array) -> Ints:
        if late():
            raise GaveUp
        return np.flatnonzero(pc.equal(ids, sought.prediction_id).to_numpy(zero_copy_only=False))

    for wanted in (near, since):
        found = [
            (position, int(at))
            for rows in lake.lookup(table, find, [TIMESTAMP, LOG_POSITION], wanted)
            for position, at in zip(positions(rows), rows.column(TIMESTAMP).cast(pa.int64()).to_pylist(), strict=True)
        ]
        if found:
            return min(found)[1]
    return None


def positions(rows: pa.Table) -> list[float]:
    """Where in the log each row stood, 0 for what was written without."""
    if LOG_POSITION not in rows.column_names:
        return [0.0] * rows.num_rows
    return [value or 0.0 for value in rows.column(LOG_POSITION).to_pylist()]
