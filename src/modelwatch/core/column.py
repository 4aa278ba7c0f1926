"""The schema of one model version: the role, name and type of every column."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from modelwatch.core.wire import Role


class ColumnKey(NamedTuple):
    """A column as the monitors know it: its role and the user's own name for it (empty for a role with one column)."""

    role: Role
    name: str


class ColumnType(StrEnum):
    """What a column holds. Numbers are float64 everywhere, so that 10 and 10.5 are one type."""

    NUMERIC = "numeric"
    CATEGORY = "category"
    BOOLEAN = "boolean"
    VECTOR = "vector"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a schema; `dimension` is the length of a vector, 0 for anything else."""

    key: ColumnKey
    type: ColumnType
    dimension: int = 0


class Change(StrEnum):
    """What can happen to a schema after it was frozen. Recorded, never fatal."""

    NEW = "new"
    MISSING = "missing"
    TYPE = "type"


@dataclass(frozen=True, slots=True)
class SchemaChange:
    """A column of a batch that is not as the frozen schema says; `before` / `after` are types, '' when absent."""

    key: ColumnKey
    change: Change
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Schema:
    """The columns of one model version, in the order in which they were first seen."""

    columns: tuple[Column, ...]

    def get(self, key: ColumnKey) -> Column | None:
        """The column of that role and name, or None."""
        return next((column for column in self.columns if column.key == key), None)

    def to_json(self) -> list[dict[str, object]]:
        """Plain values for storing: `Schema.from_json` is the way back."""
        return [
            {"role": c.key.role.value, "name": c.key.name, "type": c.type.value, "dimension": c.dimension}
            for c in self.columns
        ]

    @staticmethod
    def from_json(rows: list[dict[str, object]]) -> Schema:
        """The schema that `to_json` wrote."""
        return Schema(
            tuple(
                Column(
                    ColumnKey(Role(str(row["role"])), str(row["name"])),
                    ColumnType(str(row["type"])),
                    int(str(row["dimension"])),
                )
                for row in rows
            )
        )
