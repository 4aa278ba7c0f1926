"""Which role each column of a plain table has: said by the sender, else by its name, else it is a feature."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from modelwatch.core.column import ColumnKey
from modelwatch.core.wire import MAX_COLUMNS, NAMED_ROLES, REFERENCE_ROLES, Role
from modelwatch.errors import InvalidRequest, TooLarge
from modelwatch.ingest.names import name_fault

SINGLE_ROLES: Final = tuple(role for role in Role if role in REFERENCE_ROLES - NAMED_ROLES)
LISTS: Final = {"features": Role.FEATURE, "tags": Role.TAG}

Roles = Mapping[str, str | Sequence[str]]
"""Role name -> column name; `features` and `tags` -> column names."""


@dataclass(frozen=True, slots=True)
class Assigned:
    """The columns that are read, by their name in the file, and those that are not."""

    keys: Mapping[str, ColumnKey]
    left_out: tuple[str, ...]


def assign(names: Sequence[str], roles: Roles) -> Assigned:
    """The role of each column.

    A role that is not said is taken by the column of its name; where no features are said, all other columns are
    features. Raises `InvalidRequest` for a column that is not there, or that would have two roles.
    """
    check_names(names)
    keys: dict[str, ColumnKey] = {}
    for said, given in roles.items():
        for name in [given] if isinstance(given, str) else given:
            if name not in names:
                near = get_close_matches(name[:64], names, n=1)
                raise InvalidRequest(
                    f"{said}: the file has no column {name[:64]!r}",
                    hint=f"did you mean {near[0]!r}?" if near else "names are compared exactly",
                )
            if name in keys:
                raise InvalidRequest(f"column {name[:64]!r} has two roles", hint="give each column one role")
            keys[name] = key_of(said, name)
    taken = {key.role for key in keys.values()}
    for role in SINGLE_ROLES:
        if role not in taken and role.value in names and role.value not in keys:
            keys[role.value] = ColumnKey(role, "")
    if not roles.get("features"):
        keys |= {name: ColumnKey(Role.FEATURE, name) for name in names if name not in keys}
    return Assigned({name: keys[name] for name in names if name in keys}, tuple(n for n in names if n not in keys))


def key_of(said: str, name: str) -> ColumnKey:
    """The column key for a role as the sender spells it."""
    if said in LISTS:
        return ColumnKey(LISTS[said], name)
    if said not in SINGLE_ROLES:
        known = ", ".join((*LISTS, *SINGLE_ROLES))
        raise InvalidRequest(f"{said[:64]!r} is no role of a reference", hint=f"known: {known}")
    return ColumnKey(Role(said), "")


def check_names(names: Sequence[str]) -> None:
    """Raises for too many columns, two of one name, or a name that cannot be taken."""
    if len(names) > MAX_COLUMNS:
        raise TooLarge(f"the file has {len(names)} columns", hint=f"{MAX_COLUMNS} are allowed")
    if len(set(names)) != len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise InvalidRequest(f"the file has two columns called {twice[:64]!r}", hint="is its first line a header?")
    for name in names:
        if fault := name_fault(name):
            raise InvalidRequest(f"the name of column {name[:64]!r} cannot be taken: {fault.value}")
