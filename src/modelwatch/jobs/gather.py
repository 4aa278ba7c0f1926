"""Log records -> groups of rows that can be folded as one: a thousand requests of one row cost little more than one.

Order is kept where it matters: rows of one model version stay in log order, and nothing is gathered across an uploaded
reference, which changes what the rows behind it are counted on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from modelwatch.core.wire import Kind
from modelwatch.log.entry import Entry, Part, PartKind


@dataclass(frozen=True, slots=True)
class Place:
    """Whose rows they are, and whether they are in the profiles already (then only the lake lacks them)."""

    project: str
    model: str
    version: str
    environment: str
    kind: PartKind
    fresh: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """One part of one record."""

    entry: Entry
    part: Part
    position: int
    next: int


@dataclass(slots=True)
class Group:
    """Pieces of one place, in log order."""

    place: Place
    pieces: list[Piece] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """All rows of the group."""
        return sum(piece.part.rows for piece in self.pieces)

    def received(self) -> NDArray[np.int64]:
        """When each row arrived."""
        times = [piece.entry.received_us for piece in self.pieces]
        return np.repeat(np.array(times, np.int64), [piece.part.rows for piece in self.pieces])

    def positions(self) -> NDArray[np.int64]:
        """The position of the record of each row."""
        places = [piece.position for piece in self.pieces]
        return np.repeat(np.array(places, np.int64), [piece.part.rows for piece in self.pieces])

    def order(self) -> NDArray[np.int64]:
        """The order of the rows over the whole log: each record's position and the row's place in it."""
        return np.concatenate([piece.position + np.arange(piece.part.rows, dtype=np.int64) for piece in self.pieces])


def runs(opened: Sequence[tuple[Piece, pa.RecordBatch]]) -> Iterator[tuple[list[Piece], pa.RecordBatch]]:
    """Opened pieces as few batches: neighbours with the same columns become one."""
    pieces: list[Piece] = []
    batches: list[pa.RecordBatch] = []
    for piece, batch in opened:
        if batches and not batch.schema.equals(batches[-1].schema, check_metadata=False):
            yield pieces, joined(batches)
            pieces, batches = [], []
        pieces.append(piece)
        batches.append(batch)
    if batches:
        yield pieces, joined(batches)


def joined(batches: Sequence[pa.RecordBatch]) -> pa.RecordBatch:
    """Batches with the same columns as one."""
    if len(batches) == 1:
        return batches[0]
    # roles stand in the fields' metadata and are the same; the rest names the batch's place in its sequence
    schema = batches[0].schema
    return pa.concat_batches([pa.RecordBatch.from_arrays(batch.columns, schema=schema) for batch in batches])


def gather(pieces: Sequence[tuple[Piece, bool]]) -> list[Group]:
    """Groups in the order of their first piece; `fresh` stands beside each piece. A reference is a group of its own."""
    groups: list[Group] = []
    open_groups: dict[Place, Group] = {}
    for piece, fresh in pieces:
        part = piece.part
        place = Place(piece.entry.project, part.model, part.version, part.environment, part.kind, fresh)
        if part.kind is PartKind.REFERENCE:
            open_groups.clear()
            groups.append(Group(place, [piece]))
            continue
        group = open_groups.get(place)
        if group is None:
            group = open_groups[place] = Group(place)
            groups.append(group)
        group.pieces.append(piece)
    return groups


def kind_of(place: Place) -> Kind:
    """The kind of rows of a place that is no reference."""
    return Kind(place.kind.value)
