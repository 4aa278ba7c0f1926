"""Tags and features of labelled rows, cut into parts that slices and segments are made of."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from modelwatch.core.column import ColumnKey, ColumnType, Schema
from modelwatch.ingest.coded import coded
from modelwatch.ingest.conform import Conformed
from modelwatch.monitors.performance.coded import Coded, bands, capped
from modelwatch.server.queries.labelled_rows import CUT_ROLES, numbers_of

CUT_TYPES = (ColumnType.NUMERIC, ColumnType.CATEGORY, ColumnType.BOOLEAN)


def coded_columns(schema: Schema, parts: Sequence[Conformed]) -> list[Coded]:
    """Every tag and feature that some of the rows [n] of all parts has a value of, with one set of labels for all."""
    found = []
    for column in schema.columns:
        if column.key.role not in CUT_ROLES or column.type not in CUT_TYPES:
            continue
        if column.type is ColumnType.NUMERIC:
            each = Coded(column.key, *bands(numbers_of(parts, column.key)), banded=True)
        else:
            each = Coded(column.key, *capped(*names_of(parts, column.key)))
        if len(each.labels) > 1:
            found.append(each)
    return found


def distinct(columns: Sequence[Coded]) -> list[Coded]:
    """The columns without those that say what an earlier one of the same name says: a feature sent as a tag, too."""
    found: list[Coded] = []
    for each in columns:
        if not any(same(each, other) for other in found):
            found.append(each)
    return found


def same(one: Coded, other: Coded) -> bool:
    """Whether two columns have one name and cut the rows alike."""
    alike = (one.key.name, one.labels) == (other.key.name, other.labels)
    return alike and bool(np.array_equal(one.codes, other.codes))


def names_of(parts: Sequence[Conformed], key: ColumnKey) -> tuple[NDArray[np.int64], list[str]]:
    """The values of a column as codes [n] of their names, -1 for null."""
    names: dict[str, int] = {}
    codes = []
    for part in parts:
        held = coded(part, key)
        place = np.array([-1 if v is None else names.setdefault(v, len(names)) for v in held.values], np.int64)
        codes.append(place[held.codes])
    return np.concatenate(codes), list(names)
