"""Metrics that are Python functions: found among the installed packages, never sent to the server.

A package registers one in its `pyproject.toml`:

    [project.entry-points."modelwatch.metrics"]
    revenue_lost = "our_package.metrics:revenue_lost"
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from importlib.metadata import EntryPoint, entry_points
from numbers import Real
from typing import Final

import pyarrow as pa

GROUP: Final = "modelwatch.metrics"
MAX_MESSAGE: Final = 500

Function = Callable[[pa.Table], object]


def registered() -> dict[str, Function]:
    """The functions of the installed packages by name; each is imported when it is first called."""
    return {name: _function(name, found) for name, found in entries(GROUP).items()}


def entries(group: str) -> dict[str, list[EntryPoint]]:
    """What installed packages register in a group, by name; nothing is imported."""
    found: dict[str, list[EntryPoint]] = {}
    for entry in entry_points(group=group):
        same = found.setdefault(entry.name, [])
        if entry.value not in [other.value for other in same]:
            same.append(entry)
    return found


def the_one(name: str, found: list[EntryPoint]) -> EntryPoint:
    """The entry point of a name; raises `LookupError` when two packages register another thing under it."""
    if len(found) > 1:
        raise LookupError(f"{name} is registered twice: {', '.join(entry.value for entry in found)}")
    return found[0]


def _function(name: str, found: list[EntryPoint]) -> Function:
    def call(table: pa.Table) -> object:
        function: Function = the_one(name, found).load()
        return function(table)

    return call


def called(name: str, table: pa.Table, functions: Mapping[str, Function]) -> tuple[float | None, str]:
    """What a function says of a table, or why it says nothing. A failing function never fails its caller."""
    if name not in functions:
        return None, f"no installed package registers a function {name!r} in the group {GROUP!r}"
    try:
        value = functions[name](table)
        number = None if value is None else float(value) if isinstance(value, Real) else math.nan
    except (Exception, SystemExit) as error:
        return None, f"{type(error).__name__}: {error}"[:MAX_MESSAGE]
    if number is not None and not isinstance(value, Real):
        return None, f"the function gave a {type(value).__name__}, not a number"
    if number is not None and math.isinf(number):
        return None, "the function gave an infinite number"
    return (None if number is None or math.isnan(number) else number), ""
