"""Why a model has its level, in one line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from modelwatch.core.level import Level
from modelwatch.core.window import MIN_ROWS


@dataclass(frozen=True, slots=True)
class Checked:
    """The newest window: its rows and columns, how many are raised, and the names of those that moved most."""

    rows: float
    columns: int
    drifted: int
    raised: Sequence[str]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a model stands: `held` of `target` rows wait to become its reference; `target` is 0 when one stands."""

    level: Level
    seen: bool
    held: int
    target: int
    checked: Checked | None


def reason(model: Standing) -> str:
    """One line.

    >>> reason(Standing(Level.INSUFFICIENT_DATA, seen=True, held=312, target=1000, checked=None))
    '312 of 1,000 rows until a reference stands'
    >>> reason(Standing(Level.CRITICAL, True, 0, 0, Checked(900.0, 9, 5, ["temp", "dewp"])))
    'temp, dewp and 3 more drifted'
    """
    if not model.seen:
        return "No predictions yet"
    if model.target and model.checked is None:
        return f"{model.held:,} of {model.target:,} rows until a reference stands"
    return unchecked(model.level) if model.checked is None else of_window(model.level, model.checked)


def unchecked(level: Level) -> str:
    """Why, where no window was checked."""
    if level is Level.ERROR:
        return "The last check failed; the worker's log says why"
    return "No predictions in the newest window" if level is Level.NO_DATA else "The first window is not checked yet"


def of_window(level: Level, newest: Checked) -> str:
    """Why, from the newest window."""
    match level:
        case Level.CRITICAL | Level.WARNING:
            return f"{listed(newest.raised, newest.drifted)} drifted"
        case Level.NOTICE:
            names = listed(newest.raised, len(newest.raised))
            return f"{names} moved more than chance allows, too little or too short to be raised"
        case Level.INSUFFICIENT_DATA if newest.rows >= MIN_ROWS:
            return "The reference has too few rows to compare with yet"
        case Level.INSUFFICIENT_DATA:
            return f"{newest.rows:,.0f} rows in the newest window; {MIN_ROWS} are needed"
        case Level.OK:
            return f"{newest.columns:,} columns within what chance allows"
        case Level.ERROR | Level.NO_DATA:
            return unchecked(level)
        case never:
            assert_never(never)


def listed(names: Sequence[str], count: int) -> str:
    """Names as a person would list them, with how many more there are.

    >>> listed(["a"], 1), listed(["a", "b", "c"], 3), listed([], 2)
    ('a', 'a, b and c', '2 columns')
    """
    if not names:
        return f"{count:,} columns"
    if count > len(names):
        return f"{', '.join(names)} and {count - len(names):,} more"
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]
