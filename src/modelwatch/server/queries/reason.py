"""Why a model has its level, in one line."""

from __future__ import annotations

from collections.abc import Sequence

from modelwatch.core.level import Level
from modelwatch.core.window import MIN_ROWS


def reason(
    level: Level,
    *,
    held: int,
    target: int,
    checked: bool,
    rows: float,
    columns: int,
    drifted: int,
    raised: Sequence[str],
) -> str:
    """One line; `raised` are the names of the columns that moved most, `rows` those of the newest window.

    >>> reason(Level.INSUFFICIENT_DATA, held=312, target=1000, checked=False, rows=0, columns=0, drifted=0, raised=[])
    '312 of 1,000 rows until a reference stands'
    >>> reason(Level.CRITICAL, held=0, target=0, checked=True, rows=900, columns=9, drifted=5, raised=["temp", "dewp"])
    'temp, dewp and 3 more drifted'
    """
    if held or (not checked and target and level is Level.INSUFFICIENT_DATA):
        return f"{held:,} of {target:,} rows until a reference stands"
    if not checked and level in (Level.INSUFFICIENT_DATA, Level.OK):
        return "The first window is not checked yet"
    match level:
        case Level.CRITICAL | Level.WARNING:
            return f"{listed(raised, drifted)} drifted"
        case Level.NOTICE:
            return f"{listed(raised, len(raised))} moved more than chance allows, too little or too short to be raised"
        case Level.INSUFFICIENT_DATA:
            return f"{rows:,.0f} rows in the newest window; {MIN_ROWS} are needed"
        case Level.NO_DATA:
            return "No predictions in the newest window"
        case Level.ERROR:
            return "The last check failed; the worker's log says why"
        case Level.OK:
            return f"{columns:,} columns within what chance allows"


def listed(names: Sequence[str], count: int) -> str:
    """Names as a person would list them, with how many more there are."""
    if not names:
        return f"{count:,} columns"
    more = count - len(names)
    if more > 0:
        return f"{', '.join(names)} and {more:,} more"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
