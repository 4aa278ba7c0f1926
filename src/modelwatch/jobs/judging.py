"""By which rules a model's outcomes are counted: its task, its positive label, and the cuts it is looked at by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from modelwatch.core.column import ColumnKey, ColumnType
from modelwatch.core.group import Group, group_of, intersection
from modelwatch.core.judging import Attribute, Judging, Way
from modelwatch.core.segment import Cut, Segment
from modelwatch.core.wire import MAX_NAME_BYTES, Role
from modelwatch.ingest.coded import coded
from modelwatch.ingest.column_values import floats
from modelwatch.ingest.conform import Conformed
from modelwatch.monitors.fairness import FairnessSettings, crossings
from modelwatch.profiles.bands import band_labels, band_of
from modelwatch.profiles.outcomes import Cuts

REGRESSION: Final = "regression"
MOST_VALUES: Final = 50
"""Values of one column that are told apart, in order of coming; a column with more is no group of people."""
MOST_CROSSED: Final = 100
"""Groups that several attributes have in common, likewise."""


def judging_of(task: str, settings: Mapping[str, Any], segments: Cut) -> Judging:
    """The rules that a model's settings ask for."""
    fairness = FairnessSettings.from_json(settings.get("fairness") or {})
    attributes = protected(fairness)
    single = [Attribute(column) for column in segments.columns]
    ways: list[Way] = [(each,) for each in dict.fromkeys((*attributes, *single))]
    ways += [tuple(attributes[i] for i in some) for some in crossings(len(attributes), fairness.intersections)]
    return Judging(task, settings.get("positive_label"), tuple(ways))


def protected(fairness: FairnessSettings) -> list[Attribute]:
    """The protected attributes of a model; a name without a role is a tag's."""
    return [Attribute(ColumnKey(each.role or Role.TAG, each.name), each.edges) for each in fairness.attributes]


@dataclass(slots=True)
class Groups:
    """The groups of a model that are told apart: `keys` in order of coming; `fresh` ones wait to be stored."""

    ways: tuple[Way, ...] = ()
    keys: dict[str, None] = field(default_factory=dict)
    fresh: list[str] = field(default_factory=list)
    held: dict[tuple[ColumnKey, ...], int] = field(init=False)

    def __post_init__(self) -> None:
        self.held = {}
        for key in self.keys:
            columns = columns_of(group_of(key))
            self.held[columns] = self.held.get(columns, 0) + 1

    def cuts(self, rows: Conformed) -> list[Cuts]:
        """The rows by every way of cutting."""
        codes = {each: attribute_codes(rows, each) for way in self.ways for each in way}
        return [self.cut([(each, *codes[each]) for each in way]) for way in self.ways]

    def cut(self, way: Sequence[tuple[Attribute, NDArray[np.int64], Sequence[str | None]]]) -> Cuts:
        """The rows by one way; a group takes a place when it first has a row, while there are places."""
        flat = np.zeros(len(way[0][1]), np.int64)
        for _, codes, values in way:
            flat = flat * len(values) + codes
        cells, at = np.unique(flat, return_inverse=True)
        named: list[str] = []
        place = np.full(len(cells), -1, np.int64)
        for i, cell in enumerate(cells.tolist()):
            parts = []
            for attribute, _, values in reversed(way):
                cell, value = divmod(cell, len(values))
                parts.append(Segment(attribute.column, values[value]))
            if self.admit(group := intersection(parts)):
                place[i] = len(named)
                named.append(group.key)
        return Cuts(place[at.reshape(-1)], tuple(named))

    def admit(self, group: Group) -> bool:
        """True when the group has a place, or gets one."""
        key = group.key
        if key in self.keys:
            return True
        if any(
            part.value is not None and len(part.value.encode("utf-8", "surrogatepass")) > MAX_NAME_BYTES
            for part in group.parts
        ):
            return False
        columns = columns_of(group)
        if self.held.get(columns, 0) >= (MOST_VALUES if len(columns) == 1 else MOST_CROSSED):
            return False
        self.held[columns] = self.held.get(columns, 0) + 1
        self.keys[key] = None
        self.fresh.append(key)
        return True


def columns_of(group: Group) -> tuple[ColumnKey, ...]:
    """The columns that a group is cut by, in order."""
    return tuple(sorted(part.column for part in group.parts))


def attribute_codes(rows: Conformed, attribute: Attribute) -> tuple[NDArray[np.int64], Sequence[str | None]]:
    """Codes [n] and the values that they name, None for rows without a usable one."""
    schema = rows.schema.get(attribute.column)
    if schema is not None and schema.type is ColumnType.NUMERIC:
        column = rows.columns[attribute.column].values
        numbers = np.where(column.is_valid().to_numpy(zero_copy_only=False), floats(column), np.nan)
        labels = band_labels(attribute.edges)
        return band_of(numbers, attribute.edges), (*labels, None)
    found = coded(rows, attribute.column)
    return found.codes, found.values
