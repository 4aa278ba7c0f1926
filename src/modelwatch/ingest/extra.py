"""What a row holds beyond its frozen schema, exactly, as one JSON object a row.

The object is {role: {name: value}}, or {role: value} for a role that has one column. NaN and the infinities, which JSON
has not, are the text "NaN", "Infinity" and "-Infinity".
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from modelwatch.core.column import ColumnKey


@dataclass(slots=True)
class Extra:
    """Collects values by row; most batches have none."""

    rows: dict[int, dict[str, Any]] = field(default_factory=dict)

    def add(self, key: ColumnKey, exact: dict[int, Any]) -> None:
        """Keep the values of a column, by row."""
        for row, value in exact.items():
            kept = self.rows.setdefault(row, {})
            if key.name:
                kept.setdefault(key.role.value, {})[key.name] = jsonable(value)
            else:
                kept[key.role.value] = jsonable(value)

    def column(self, rows: int) -> Any | None:
        """The utf8 column, null in rows that have nothing extra; None when no row has."""
        if not self.rows:
            return None
        texts: list[str | None] = [None] * rows
        for row, kept in self.rows.items():
            texts[row] = json.dumps(kept, separators=(",", ":"), ensure_ascii=False)
        return pa.array(texts, pa.utf8())


def jsonable(value: Any) -> Any:
    """A value as JSON can hold it."""
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, list):
        return [jsonable(item) for item in value]
    return value
