"""Which columns can be compared: the same type on both sides. What cannot be is a finding, or is left out and said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from modelwatch.core.column import ColumnKey, ColumnType
from modelwatch.core.finding import Finding
from modelwatch.core.level import Level
from modelwatch.profiles import CategoryValues, NumericValues, Values, VectorValues
from modelwatch.profiles.values import Floats
from modelwatch.reports.roles import Planned
from modelwatch.reports.values import Left, Read

MISSING = "column_missing"
NEW = "column_new"
RETYPED = "column_type"


@dataclass(frozen=True, slots=True)
class NotCompared:
    """A column that both frames have and that is not compared, with the reason."""

    key: ColumnKey
    reason: str


@dataclass(frozen=True, slots=True)
class Matched:
    """Columns to compare with their types, findings about the columns themselves, what is left out, notes."""

    types: Mapping[ColumnKey, ColumnType]
    changes: tuple[Finding, ...]
    left: tuple[NotCompared, ...]
    notes: Mapping[ColumnKey, str]


def match(
    planned: Sequence[Planned], reference: Mapping[ColumnKey, Read | Left], current: Mapping[ColumnKey, Read | Left]
) -> Matched:
    """Goes through the planned columns with what each side has of them."""
    types: dict[ColumnKey, ColumnType] = {}
    changes: list[Finding] = []
    left: list[NotCompared] = []
    notes: dict[ColumnKey, str] = {}
    for column in planned:
        key = column.key
        if not column.in_current:
            changes.append(changed(key, MISSING, Level.CRITICAL, "The reference has this column, the window lacks it."))
        elif not column.in_reference:
            text = "The window has this column, the reference lacks it: there is nothing to compare it with."
            changes.append(changed(key, NEW, Level.NOTICE, text))
        else:
            before, now = reference[key], current[key]
            match before, now:
                case Left(), Left():
                    left.append(NotCompared(key, before.reason))
                case (Left() as side, Read(type=None)) | (Read(type=None), Left() as side):
                    left.append(NotCompared(key, side.reason))
                case Read(), Read() if before.type is None or now.type is None or before.type is now.type:
                    numeric = isinstance(before.values, NumericValues) and isinstance(now.values, NumericValues)
                    types[key] = before.type or now.type or (ColumnType.NUMERIC if numeric else ColumnType.CATEGORY)
                    if note := before.note or now.note or numbering(before.values, now.values):
                        notes[key] = note
                case _:
                    text = f"The reference holds {described(before)}, the window {described(now)}."
                    changes.append(changed(key, RETYPED, Level.CRITICAL, text))
    return Matched(types, tuple(changes), tuple(left), notes)


def numbering(before: Values, now: Values) -> str:
    """What to do about a column that counts rows; it differs by design."""
    sides = [each.values for each in (before, now) if isinstance(each, NumericValues) and each.null is None]
    if len(sides) < 2 or not all(map(rises, sides)):
        return ""
    return "it rises with every row, as row numbers do; name it in ignore= if it is one"


def rises(values: Floats) -> bool:
    """True for whole numbers each of which is larger than the one before."""
    if len(values) < 2 or not (values[1:] > values[:-1]).all():
        return False
    return bool(np.isfinite(values[[0, -1]]).all() and (values == np.floor(values)).all())


def changed(key: ColumnKey, metric: str, level: Level, text: str) -> Finding:
    """A finding about a column as a whole."""
    return Finding(key, metric, 1.0, level, evidence={"why": [text]})


def described(side: Read | Left) -> str:
    """What a side holds, in words."""
    if isinstance(side, Left):
        return "dates" if side.time else side.reason
    words = {
        ColumnType.NUMERIC: "numbers",
        ColumnType.CATEGORY: "categories",
        ColumnType.BOOLEAN: "booleans",
        ColumnType.VECTOR: "vectors",
    }
    return words.get(side.type or ColumnType.CATEGORY, "values")


def select(columns: Mapping[ColumnKey, Read | Left], types: Mapping[ColumnKey, ColumnType]) -> dict[ColumnKey, Values]:
    """The values of the columns that are compared; one without a value takes the type that it is compared as."""
    answer: dict[ColumnKey, Values] = {}
    for key, kind in types.items():
        found = columns[key]
        if isinstance(found, Read):
            answer[key] = found.values if found.type is kind else nothing(len(found.values), kind)
    return answer


def nothing(rows: int, kind: ColumnType) -> Values:
    """A column of nulls."""
    if kind is ColumnType.NUMERIC:
        return NumericValues(np.full(rows, np.nan), np.ones(rows, dtype=np.bool_))
    if kind is ColumnType.BOOLEAN:
        return CategoryValues.of_booleans(np.zeros(rows, dtype=np.bool_), np.ones(rows, dtype=np.bool_))
    if kind is ColumnType.VECTOR:
        return VectorValues(np.zeros((0, 1), np.float32), np.zeros(rows, dtype=np.bool_))
    return CategoryValues(np.full(rows, -1, dtype=np.int32), ())
