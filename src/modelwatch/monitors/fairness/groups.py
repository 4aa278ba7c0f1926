"""Which cuts of `Outcomes` are protected groups, which belong together, and which one the others are held against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from modelwatch.core.column import ColumnKey
from modelwatch.core.group import AND, Group, group_of
from modelwatch.monitors.fairness.settings import Attribute, FairnessSettings
from modelwatch.profiles.outcomes import Fact, Outcomes, Total

Columns = tuple[ColumnKey, ...]


@dataclass(frozen=True, slots=True)
class Partition:
    """The groups (their keys) of one attribute, or of some crossed; `against` is the place of the reference group, -1
    where the one that was chosen has no rows."""

    columns: Columns
    groups: tuple[str, ...]
    against: int

    @property
    def label(self) -> str:
        """How people write it."""
        return AND.join(column.name for column in self.columns)


@lru_cache(maxsize=4096)
def known_group(key: str) -> Group:
    """`group_of`, remembered."""
    return group_of(key)


def partitions(outcomes: Outcomes, settings: FairnessSettings, reference: Outcomes | None = None) -> list[Partition]:
    """The protected groups of `outcomes`, attribute by attribute, single ones first.

    Rows without a value of an attribute are no group of it. The largest group is that of `reference`, where it has any
    of the groups, so that it stays the same from window to window.
    """
    found: dict[Columns, list[str]] = {}
    for key in outcomes.cuts:
        parts = known_group(key).parts
        if parts and all(part.value is not None for part in parts):
            found.setdefault(tuple(part.column for part in parts), []).append(key)
    chosen = protected(found, settings.attributes)
    kept = [
        columns for columns in found if len(columns) <= settings.intersections and all(c in chosen for c in columns)
    ]
    kept.sort(key=len)
    return [partition(columns, found[columns], chosen, outcomes, reference) for columns in kept]


def protected(found: Mapping[Columns, Sequence[str]], attributes: Sequence[Attribute]) -> dict[ColumnKey, Attribute]:
    """The columns that the attributes mean."""
    known = {column for columns in found for column in columns}
    return {column: each for each in attributes if (column := each.column(known)) is not None}


def partition(
    columns: Columns,
    groups: Sequence[str],
    chosen: Mapping[ColumnKey, Attribute],
    outcomes: Outcomes,
    reference: Outcomes | None,
) -> Partition:
    """The groups of some columns with the one that the others are held against."""
    groups = sorted(groups)
    wanted = {column: chosen[column].reference for column in columns if chosen[column].reference is not None}
    fit = [
        i
        for i, key in enumerate(groups)
        if all(wanted.get(part.column, part.value) == part.value for part in known_group(key).parts)
    ]
    sizes = [rows(reference, groups[i]) for i in fit] if reference is not None else []
    if not any(sizes):
        sizes = [rows(outcomes, groups[i]) for i in fit]
    against = fit[sizes.index(max(sizes))] if fit else -1
    return Partition(columns, tuple(groups), against)


def rows(outcomes: Outcomes, group: str) -> float:
    """The rows of a group, labelled or not."""
    return float(max(outcomes.totals(group, fact)[Total.ROWS] for fact in (Fact.SEEN, Fact.TOTAL)))
