"""Expectations in a TOML or JSON file: a list `expect` of tables, each with one expectation.

[[expect]]
column = "amount"
between = [0, 1e6]
at_least = 0.999
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from modelwatch.errors import InvalidRequest
from modelwatch.reports import expect
from modelwatch.reports.expect import Expectation

RANGES: Final[Mapping[str, Callable[..., Expectation]]] = {
    "between": expect.between,
    "mean_between": expect.mean_between,
    "quantile_between": expect.quantile_between,
    "rows_between": expect.rows_between,
}
FLAGS: Final[Mapping[str, Callable[..., Expectation]]] = {
    "not_null": expect.not_null,
    "unique": expect.unique,
    "exists": expect.exists,
}
VALUES: Final[Mapping[str, Callable[..., Expectation]]] = {
    "in_set": expect.in_set,
    "matches": expect.matches,
    "of_type": expect.of_type,
    "drift_below": expect.drift_below,
}
KINDS: Final = {**RANGES, **FLAGS, **VALUES}
MORE: Final = ("column", "at_least", "level", "metric", "q")


def read_expectations(path: Path) -> tuple[Expectation, ...]:
    """The expectations of a file; raises `InvalidRequest` that names the entry that makes no sense."""
    try:
        text = path.read_text("utf-8")
        whole = json.loads(text) if path.suffix.lower() == ".json" else tomllib.loads(text)
    except OSError as error:
        raise InvalidRequest(f"{path} cannot be read: {error.strerror}", hint="give a TOML or JSON file") from error
    except ValueError as error:
        kind = "JSON" if path.suffix.lower() == ".json" else "TOML"
        raise InvalidRequest(
            f"{path} is no {kind}: {error}", hint="a file that ends in .json is JSON, else TOML"
        ) from error
    entries = whole.get("expect") if isinstance(whole, Mapping) else whole
    if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
        raise InvalidRequest(f"{path} has no list of expectations", hint="begin each with [[expect]]")
    return tuple(from_entry(entry, f"{path.name}, expectation {i + 1}") for i, entry in enumerate(entries))


def from_entry(entry: Mapping[str, Any], where: str) -> Expectation:
    """The expectation of one table."""
    for key in entry:
        if key not in KINDS and key not in MORE:
            near = get_close_matches(key, [*KINDS, *MORE], 1)
            hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(KINDS)}"
            raise InvalidRequest(f"{where}: {key!r} is not known", hint=hint)
    kinds = [key for key in entry if key in KINDS]
    if len(kinds) != 1:
        hint = f"one of {', '.join(KINDS)}"
        raise InvalidRequest(f"{where} says {len(kinds)} things to expect instead of one", hint=hint)
    kind, value = kinds[0], entry[kinds[0]]
    more = {key: entry[key] for key in entry if key in MORE}
    if kind in FLAGS and value is not True:
        raise InvalidRequest(f"{where}: {kind} is {value!r}", hint=f"{kind} = true")
    if kind in RANGES:
        more |= ends(value, f"{where}: {kind}")
    try:
        return (
            KINDS[kind](**more) if kind in RANGES or kind in FLAGS else KINDS[kind](more.pop("column"), value, **more)
        )
    except KeyError:
        raise InvalidRequest(f"{where}: {kind} needs a column", hint='column = "amount"') from None
    except TypeError as error:
        raise InvalidRequest(f"{where}: {error}", hint="see docs/reference/expectations.md") from error
    except InvalidRequest as error:
        raise InvalidRequest(f"{where}: {error.message}", hint=error.hint) from error


def ends(value: object, where: str) -> dict[str, Any]:
    """A range: two ends in a list, or a table with `low`, `high` or both."""
    match value:
        case [low, high]:
            return {"low": low, "high": high}
        case {**given} if given and set(given) <= {"low", "high"}:
            return {str(key): each for key, each in given.items()}
    raise InvalidRequest(f"{where} is {value!r}", hint="two ends: [0, 10], or {low = 0} for one that is open")
