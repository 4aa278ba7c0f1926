"""A cut of a model's predictions: everything, one segment, or a group that several segments have in common."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final, NamedTuple

from modelwatch.core.segment import WHOLE, Segment, from_key

AND: Final = " and "


class Group(NamedTuple):
    """The rows that lie in each of `parts`: none is everything, one a segment, more an intersection."""

    parts: tuple[Segment, ...] = ()

    @property
    def key(self) -> str:
        """The stored form; that of one segment is the segment's own key.

        >>> from modelwatch.core.column import ColumnKey
        >>> from modelwatch.core.wire import Role
        >>> sex, race = Segment(ColumnKey(Role.TAG, "sex"), "F"), Segment(ColumnKey(Role.TAG, "race"), "B")
        >>> Group((sex,)).key, Group((sex, race)).key
        ('["tag","sex","F"]', '[["tag","race","B"],["tag","sex","F"]]')
        """
        if not self.parts:
            return WHOLE
        if len(self.parts) == 1:
            return self.parts[0].key
        parts = sorted(json.loads(part.key) for part in self.parts)
        return json.dumps(parts, separators=(",", ":"))

    @property
    def label(self) -> str:
        """How people write it."""
        return AND.join(part.label for part in self.parts) or "everything"


def group_of(key: str) -> Group:
    """The group of a stored key.

    >>> group_of("").parts, len(group_of('[["tag","race","B"],["tag","sex","F"]]').parts)
    ((), 2)
    """
    if key == WHOLE:
        return Group()
    said = json.loads(key)
    if isinstance(said[0], str):
        return Group((from_key(key),))
    return Group(tuple(from_key(json.dumps(part)) for part in said))


def intersection(segments: Iterable[Segment]) -> Group:
    """The group that lies in all of the segments, the same whatever their order."""
    return Group(tuple(sorted(set(segments), key=lambda segment: segment.key)))
