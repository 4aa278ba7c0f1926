"""Rows of a frame or file, batch by batch, as the profiler takes them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from modelwatch.core.column import ColumnKey
from modelwatch.errors import InvalidRequest
from modelwatch.profiles import NumericValues
from modelwatch.profiles.values import Floats
from modelwatch.reports.dictionary import Codes, encode
from modelwatch.reports.roles import Planned
from modelwatch.reports.values import Left, Read, read

if TYPE_CHECKING:
    import narwhals as nw


class Table(Protocol):
    """Where rows come from: a frame in memory, or a file that is read anew each time."""

    @property
    def names(self) -> Sequence[Any]:
        """The columns."""
        ...

    def batches(self, columns: Sequence[object]) -> Iterator[nw.DataFrame[Any]]:
        """All rows from the first on, at least one batch; batches have at least the columns asked for."""
        ...


@dataclass(frozen=True, slots=True)
class FrameTable:
    """A frame in memory: one batch."""

    frame: nw.DataFrame[Any]

    @property
    def names(self) -> Sequence[Any]:
        """The columns."""
        return self.frame.columns

    def batches(self, columns: Sequence[object]) -> Iterator[nw.DataFrame[Any]]:
        """The frame itself."""
        yield self.frame


@dataclass(frozen=True, slots=True)
class Rows:
    """One batch: its columns by key, and the weight and the cluster of each row where they were asked for."""

    count: int
    columns: dict[ColumnKey, Read | Left]
    weights: Floats | None
    clusters: tuple[Codes, list[Any]] | None


@dataclass(slots=True)
class Readings:
    """The rows of a table, to be gone through more than once; what came as one batch is kept, more is read anew."""

    table: Table
    planned: Sequence[Planned]
    weight: str | None = None
    cluster: str | None = None
    kept: Rows | None = None

    def __iter__(self) -> Iterator[Rows]:
        if self.kept is not None:
            yield self.kept
            return
        sources = {str(name): name for name in self.table.names}
        extra = [sources[name] for name in (self.weight, self.cluster) if name is not None and name in sources]
        batches = self.table.batches([column.source for column in self.planned] + extra)
        first, second = next(batches), next(batches, None)
        rows = self.read(first)
        if second is None:
            self.kept = rows
        yield rows
        if second is not None:
            yield self.read(second)
        for batch in batches:
            yield self.read(batch)

    def kinds(self) -> dict[ColumnKey, Read | Left]:
        """Each column as the first batch has it that says what it holds, else as the last one does."""
        found: dict[ColumnKey, Read | Left] = {}
        for rows in self:
            found |= {key: each for key, each in rows.columns.items() if unsaid(found.get(key))}
            if not any(map(unsaid, found.values())):
                break
        return found

    def read(self, batch: nw.DataFrame[Any]) -> Rows:
        """A batch in values."""
        names = {str(name): name for name in batch.columns}
        columns = {column.key: read(batch.get_column(column.source), named=column.named) for column in self.planned}
        weights = None
        if self.weight is not None and self.weight in names:
            weights = weights_of(batch.get_column(names[self.weight]))
        clusters = None
        if self.cluster is not None and self.cluster in names:
            clusters = encode(batch.get_column(names[self.cluster]))
        return Rows(len(batch), columns, weights, clusters)


def unsaid(column: Read | Left | None) -> bool:
    """True for a column that has no value so far."""
    return column is None or (isinstance(column, Read) and column.type is None)


def weights_of(series: nw.Series[Any]) -> Floats:
    """Inclusion weights; raises `InvalidRequest` unless all are positive numbers."""
    found = read(series, named=True)
    values = found.values if isinstance(found, Read) else None
    if not isinstance(values, NumericValues):
        hint = "a weight says how many rows a row stands for"
        raise InvalidRequest(f"the weights in {series.name!r} are no numbers", hint=hint)
    if values.null is not None or not (np.isfinite(values.values) & (values.values > 0)).all():
        raise InvalidRequest(f"a weight in {series.name!r} is missing or not above 0", hint="leave such rows out")
    return values.values
