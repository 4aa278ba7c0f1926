"""By which rules a model's outcomes are counted, and how they are stored with what they counted."""

from __future__ import annotations

import json
from dataclasses import dataclass

from modelwatch.core.column import ColumnKey
from modelwatch.core.wire import Role


@dataclass(frozen=True, slots=True)
class Attribute:
    """A column that cuts rows into groups; numbers by `edges`, ascending inner edges of their bands."""

    column: ColumnKey
    edges: tuple[float, ...] = ()


Way = tuple[Attribute, ...]
"""One way of cutting: by the value of an attribute, or by what several attributes have in common."""


@dataclass(frozen=True, slots=True)
class Judging:
    """The rules; outcomes that were counted by others have to be counted anew."""

    task: str = ""
    positive: str | None = None
    ways: tuple[Way, ...] = ()

    def to_json(self) -> str:
        """The stored form, equal for equal rules."""
        ways = [[[a.column.role.value, a.column.name, list(a.edges)] for a in way] for way in self.ways]
        return json.dumps({"task": self.task, "positive": self.positive, "ways": ways}, separators=(",", ":"))

    def columns(self) -> frozenset[ColumnKey]:
        """The columns that rows are cut by."""
        return frozenset(attribute.column for way in self.ways for attribute in way)

    @staticmethod
    def from_json(text: str) -> Judging:
        """The rules that `to_json` wrote."""
        said = json.loads(text)
        ways = tuple(
            tuple(Attribute(ColumnKey(Role(role), name), tuple(edges)) for role, name, edges in way)
            for way in said["ways"]
        )
        return Judging(said["task"], said["positive"], ways)
