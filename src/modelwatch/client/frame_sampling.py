"""The rows of a data frame that a sampler keeps, with their weights."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import narwhals as nw

from modelwatch.client.arrow_stream import ColumnKind
from modelwatch.client.frames import Planned, python_values
from modelwatch.client.plain import number, text
from modelwatch.client.row import PREDICTION_ID, Key, Row
from modelwatch.client.sampling.sampler import Sampler, weighed
from modelwatch.core.wire import Role

if TYPE_CHECKING:
    from modelwatch.client.frames import Thin

_IDS, _WEIGHTS = "\0prediction ids", "\0sampling weights"
"""Columns that are put beside those of the user: no frame has such names."""


def thinner(sampler: Sampler | None, key: Key, now_us: int, new_id: Callable[[], str] | None) -> Thin | None:
    """What leaves out the rows that are not kept, and gives those that are their weight; all are logged at `now_us`.

    None when all are to be kept: without a sampler, and for actuals, which get no new ids.
    """
    if sampler is None or new_id is None:
        return None

    def thin(frame: nw.DataFrame[Any], planned: Sequence[Planned]) -> tuple[nw.DataFrame[Any], Sequence[Planned]]:
        kept: list[int] = []
        ids: list[str] = []
        weights: list[float] = []
        for position, row in enumerate(_rows(frame, planned, key, now_us, new_id)):
            weight = weighed(row, sampler)
            if weight is not None:
                kept.append(position)
                ids.append(row[PREDICTION_ID])
                weights.append(weight)
        rest = [column for column in planned if column.role not in (Role.PREDICTION_ID, Role.WEIGHT)]
        made = [Planned(Role.PREDICTION_ID, Role.PREDICTION_ID.value, _IDS, ColumnKind.UTF8)]
        made.append(Planned(Role.WEIGHT, Role.WEIGHT.value, _WEIGHTS, ColumnKind.FLOAT64))
        return _beside(frame[kept, :], ids, weights), [*made, *rest]

    return thin


class Cells(Mapping[str, Any]):
    """The columns of one role as a row of them looks: a mapping from name to value. Columns are read when asked for."""

    __slots__ = ("_columns", "_position")

    def __init__(self, columns: Columns, position: int) -> None:
        self._columns = columns
        self._position = position

    def __getitem__(self, name: str) -> Any:
        return self._columns.values(name)[self._position]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns.sources)

    def __len__(self) -> int:
        return len(self._columns.sources)


class Columns:
    """The columns of one role; each is turned into Python values once."""

    __slots__ = ("_frame", "_read", "sources")

    def __init__(self, frame: nw.DataFrame[Any], planned: Sequence[Planned], role: Role) -> None:
        self.sources = {column.name: column.source for column in planned if column.role is role}
        self._frame = frame
        self._read: dict[str, list[Any]] = {}

    def values(self, name: str) -> list[Any]:
        """The values under that name; raises `KeyError` when there is none."""
        if name not in self._read:
            self._read[name] = python_values(self._frame[self.sources[name]])
        return self._read[name]

    def single(self) -> list[Any]:
        """The values of a role that has one column, or nothing but None."""
        return next((self.values(name) for name in self.sources), [None] * len(self._frame))


def _rows(
    frame: nw.DataFrame[Any], planned: Sequence[Planned], key: Key, now_us: int, new_id: Callable[[], str]
) -> Iterator[Row]:
    """What of each row a sampler may look at, as `log` would have recorded it."""
    columns = {role: Columns(frame, planned, role) for role in Role}
    ids = [new_id() if name is None else name for name in map(text, columns[Role.PREDICTION_ID].single())]
    single = (Role.TIMESTAMP, Role.PREDICTION_LABEL, Role.PREDICTION_SCORE, Role.PREDICTION_VALUE)
    stamps, labels, scores, values = (columns[role].single() for role in single)
    weights = [number(weight)[0] for weight in columns[Role.WEIGHT].single()]
    for i, name in enumerate(ids):
        by_class, features, tags = (
            Cells(columns[role], i) for role in (Role.PREDICTION_SCORES, Role.FEATURE, Role.TAG)
        )
        yield (*key, name, now_us, stamps[i], labels[i], scores[i], values[i], by_class, features, tags, weights[i])


def _beside(frame: nw.DataFrame[Any], ids: list[str], weights: list[float]) -> nw.DataFrame[Any]:
    """The frame with ids and weights as columns of its own kind."""
    backend = frame.implementation
    return frame.with_columns(
        nw.new_series(_IDS, ids, nw.String, backend=backend),
        nw.new_series(_WEIGHTS, weights, nw.Float64, backend=backend),
    )
