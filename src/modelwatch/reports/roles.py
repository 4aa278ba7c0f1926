"""Which columns of two frames are compared with each other, and as what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from modelwatch.core.column import ColumnKey
from modelwatch.core.frame import no_such_column
from modelwatch.core.wire import Role
from modelwatch.errors import InvalidRequest

Names: TypeAlias = str | Sequence[str] | Mapping[str, str] | None
"""Columns of a role that has many: a name, a list, or a mapping from the name they should have to the column."""


@dataclass(frozen=True, slots=True)
class Roles:
    """What the caller said: `single` and `many` roles, columns to `ignore`; features of None are all other columns."""

    single: Mapping[Role, str | None] = field(default_factory=dict)
    many: Mapping[Role, Names] = field(default_factory=dict)
    weight: str | None = None
    cluster: str | None = None
    ignore: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Planned:
    """A column: what it is compared as, what it is called in the frames, which of them have it, who chose it."""

    key: ColumnKey
    source: Any
    in_reference: bool
    in_current: bool
    named: bool


def plan(reference: Sequence[object], current: Sequence[object], roles: Roles) -> tuple[Planned, ...]:
    """The columns to compare, predictions first, then features in the order of the reference, then new ones.

    Raises `InvalidRequest` for a column that neither frame has, for one with two roles and for two of one name.
    """
    for names in (reference, current):
        check_names(names)
    before, now = {str(name): name for name in reference}, {str(name): name for name in current}
    every = list({**before, **now})
    asked = list(said(roles))
    extra = [name for name in (roles.weight, roles.cluster) if name is not None]
    for name in (*(source for _, source in asked), *extra, *roles.ignore):
        if name not in before and name not in now:
            raise no_such_column(name, every, "neither frame")
    if Role.FEATURE in roles.many and roles.many[Role.FEATURE] is not None:
        features: list[tuple[ColumnKey, str]] = []
    else:
        used = {source for _, source in asked} | set(extra) | set(roles.ignore)
        features = [(ColumnKey(Role.FEATURE, name), name) for name in every if name not in used]
    chosen = [(key, source, True) for key, source in asked] + [(key, source, False) for key, source in features]
    check_once(chosen)
    return tuple(
        Planned(key, before.get(source, now.get(source)), source in before, source in now, named)
        for key, source, named in chosen
    )


def said(roles: Roles) -> Iterable[tuple[ColumnKey, str]]:
    """The columns that the caller named, with what they are."""
    for role, source in roles.single.items():
        if source is not None:
            yield ColumnKey(role, ""), source
    for role, names in roles.many.items():
        named = [names] if isinstance(names, str) else names
        pairs = named.items() if isinstance(named, Mapping) else ((name, name) for name in named or ())
        for name, source in pairs:
            yield ColumnKey(role, str(name)), str(source)


def check_names(names: Iterable[object]) -> None:
    """Raises when two columns are called the same once their names are text."""
    seen: set[str] = set()
    for name in map(str, names):
        if name in seen:
            raise InvalidRequest(f"two columns are called {name[:64]!r}", hint="rename one of them")
        seen.add(name)


def check_once(chosen: Iterable[tuple[ColumnKey, str, bool]]) -> None:
    """Raises when a column has two roles, or two columns one key."""
    sources: set[str] = set()
    keys: set[ColumnKey] = set()
    for key, source, _ in chosen:
        if source in sources:
            raise InvalidRequest(f"column {source[:64]!r} has two roles", hint="give each column one role")
        if key in keys:
            raise InvalidRequest(f"two columns are to be called {key.name[:64]!r}", hint="give each its own name")
        sources.add(source)
        keys.add(key)
