"""A segment: the predictions that share the value of one tag or feature, e.g. `region=us-west`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

from modelwatch.core.column import ColumnKey
from modelwatch.core.wire import Role

WHOLE: Final = ""
"""The key of everything, not cut into segments."""
SEGMENT_ROLES: Final = (Role.TAG, Role.FEATURE)
"""What may cut a model into segments; where both have a column of the same name, the tag is meant."""
DEFAULT_SEGMENTS: Final = 20
"""Segments that are watched of a model unless more are asked for: each costs what a small model costs."""
MOST_SEGMENTS: Final = 200


class Segment(NamedTuple):
    """The rows of one value of a column; None is the segment of the rows that have no usable value."""

    column: ColumnKey
    value: str | None

    @property
    def key(self) -> str:
        """The stored form: no two segments share one, whatever their names hold.

        >>> Segment(ColumnKey(Role.TAG, "region"), "us-west").key
        '["tag","region","us-west"]'
        """
        return json.dumps([self.column.role.value, self.column.name, self.value], separators=(",", ":"))

    @property
    def label(self) -> str:
        """How people write it; two segments may share a label, and are then told apart by their keys.

        >>> Segment(ColumnKey(Role.TAG, "region"), "us-west").label, Segment(ColumnKey(Role.TAG, "region"), None).label
        ('region=us-west', 'region is null')
        """
        return f"{self.column.name} is null" if self.value is None else f"{self.column.name}={self.value}"


def from_key(key: str) -> Segment:
    """The segment of a stored key.

    >>> from_key('["tag","region",null]')
    Segment(column=ColumnKey(role=<Role.TAG: 'tag'>, name='region'), value=None)
    """
    role, name, value = json.loads(key)
    return Segment(ColumnKey(Role(role), name), value)


def meant(text: str, known: Iterable[Segment]) -> list[Segment]:
    """The known segments whose label or key is `text`: text is held against what there is, never taken apart.

    >>> region = Segment(ColumnKey(Role.TAG, "region"), "us-west")
    >>> meant("region=us-west", [region]) == meant('["tag","region","us-west"]', [region]) == [region]
    True
    >>> meant("region=us-east", [region])
    []
    """
    return [each for each in known if text in (each.label, each.key)]


@dataclass(frozen=True, slots=True)
class Cut:
    """How a model is cut into segments: one per value of each column, `limit` of them in all."""

    columns: tuple[ColumnKey, ...] = ()
    limit: int = DEFAULT_SEGMENTS

    def to_json(self) -> str:
        """The stored form: `Cut.from_json` is the way back."""
        columns = [[column.role.value, column.name] for column in self.columns]
        return json.dumps({"columns": columns, "limit": self.limit}, separators=(",", ":"))

    @staticmethod
    def from_json(text: str) -> Cut:
        """The cut that `to_json` wrote; no text is no cut."""
        if not text:
            return Cut()
        said = json.loads(text)
        return Cut(tuple(ColumnKey(Role(role), name) for role, name in said["columns"]), int(said["limit"]))
