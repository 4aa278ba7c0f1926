"""The segments of one model as the fold knows them: which values have a place, and which rows are theirs.

A row belongs to one segment of each configured column. The values that are most frequent in the reference have places;
later ones take the places that are left in order of coming; what finds none is remembered by its hash, so that people
can be told how many there are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from modelwatch.core.column import ColumnKey
from modelwatch.core.segment import Cut, Segment, from_key
from modelwatch.core.wire import MAX_NAME_BYTES
from modelwatch.ingest.coded import Coded, coded
from modelwatch.ingest.conform import Conformed
from modelwatch.store import segments

MAX_OTHERS: Final = 1_000
"""Values without a place that are remembered of one column; that there are more is then all that is told."""


@dataclass(slots=True)
class Watched:
    """`places` are segments in the order in which they took them, `keys` their stored keys; `fresh` and `left_out` wait
    to be stored."""

    columns: tuple[ColumnKey, ...] = ()
    limit: int = 0
    late: bool = False
    places: dict[Segment, int] = field(default_factory=dict)
    others: dict[ColumnKey, set[str]] = field(default_factory=dict)
    fresh: list[Segment] = field(default_factory=list)
    left_out: list[tuple[ColumnKey, str]] = field(default_factory=list)
    keys: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.keys = [segment.key for segment in self.places]

    def admit(self, segment: Segment) -> bool:
        """Give a segment a place, if it has none and one is left; True when it has one then."""
        if segment in self.places:
            return True
        fits = segment.value is None or len(segment.value.encode("utf-8", "surrogatepass")) <= MAX_NAME_BYTES
        if fits and len(self.places) < self.limit:
            self.places[segment] = len(self.places)
            self.fresh.append(segment)
            self.keys.append(segment.key)
            return True
        known = self.others.setdefault(segment.column, set())
        if len(known) < MAX_OTHERS and (name := hashed(segment)) not in known:
            known.add(name)
            self.left_out.append((segment.column, name))
        return False

    def places_of(self, column: ColumnKey, coded: Coded) -> NDArray[np.int64]:
        """For each row [n] the place of its segment, -1 where its value has none."""
        admitted = np.full(len(coded.values), -1, dtype=np.int64)
        for code in np.flatnonzero(coded.counts()).tolist():
            segment = Segment(column, coded.values[code])
            if self.admit(segment):
                admitted[code] = self.places[segment]
        answer: NDArray[np.int64] = admitted[coded.codes]
        return answer

    def admit_frequent(self, counts: Mapping[Segment, int]) -> None:
        """Give places to the segments of a reference, those with the most rows first; ties go by column and value."""
        order = {column: i for i, column in enumerate(self.columns)}
        for segment in sorted(counts, key=lambda s: (-counts[s], order[s.column], s.value is None, s.value or "")):
            self.admit(segment)

    def settled(self) -> None:
        """Take note that what waited has been stored."""
        self.fresh.clear()
        self.left_out.clear()


def hashed(segment: Segment) -> str:
    """A value as it is remembered when it has no place."""
    return blake2b(segment.key.encode("ascii"), digest_size=16).hexdigest()


def load_watched(connection: Connection, model_id: int) -> Watched:
    """What a model's fold goes by; nothing is watched while nothing has been applied."""
    said = segments.load_segmentation(connection, model_id)
    if said is None:
        return Watched()
    cut = Cut.from_json(said.applied)
    places = {from_key(each.key): i for i, each in enumerate(segments.load_watched(connection, model_id))}
    return Watched(cut.columns, cut.limit, said.late, places, segments.load_others(connection, model_id))


def segment_rows(rows: Conformed, columns: Sequence[ColumnKey]) -> Counter[Segment]:
    """How many rows each segment has."""
    found: Counter[Segment] = Counter()
    for column in columns:
        values = coded(rows, column)
        for value, count in zip(values.values, values.counts().tolist(), strict=True):
            if count:
                found[Segment(column, value)] += count
    return found
