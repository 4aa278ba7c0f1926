"""One condition of a rule held against one stored window."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from modelwatch.alerts.rule import Change, Condition, Operator, Unit
from modelwatch.alerts.rule_words import compared_words
from modelwatch.core.level import CODE, Level
from modelwatch.core.measured import Family, Measured


class State(StrEnum):
    """What a rule says, the worst first where nothing could be said. The last four are neither silence nor health."""

    FIRING = "firing"
    PENDING = "pending"
    OK = "ok"
    ERROR = "error"
    NO_DATA = "no_data"
    INSUFFICIENT_DATA = "insufficient_data"
    OFF_SCHEDULE = "off_schedule"


UNJUDGED = {
    Level.ERROR: State.ERROR,
    Level.NO_DATA: State.NO_DATA,
    Level.INSUFFICIENT_DATA: State.INSUFFICIENT_DATA,
}


@dataclass(frozen=True, slots=True)
class Sight:
    """What one window says of one thing: NaN where there is nothing. `outside` says whether it is more than chance
    allows, None where that is not known; `level` is what was decided. `text` says why there is no value."""

    length_us: int
    value: float
    rows: float
    baseline: float = math.nan
    outside: bool | None = None
    level: Level | None = None
    text: str = ""


Track = Mapping[int, Sight]
"""The windows of one thing by their ends."""


@dataclass(frozen=True, slots=True)
class Line:
    """What one condition sees: the tracks of the things that it is about, of which `free` parts differ. A `fault` says
    why it can never be judged for this model."""

    tracks: Mapping[Measured, Track]
    free: tuple[str, ...] = ()
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether a condition holds, None with a state and a reason where that could not be judged."""

    holds: bool | None
    value: float = math.nan
    level: Level | None = None
    state: State = State.OK
    text: str = ""


def judged(condition: Condition, measured: Measured, track: Track, end: int, min_rows: int) -> Judgement:
    """A condition held against the window that ends then."""
    sight = track.get(end)
    if sight is None:
        return Judgement(None, state=State.NO_DATA, text=f"no window of {measured.title} ended then")
    if condition.level is not None:
        return by_level(condition.level, measured, sight)
    few = unusable(measured, sight, min_rows)
    if few is not None:
        return few
    if condition.operator is Operator.OUTSIDE_CHANCE:
        if sight.outside is None:
            text = f"what chance allows is not known of {measured.title}"
            return Judgement(None, state=State.INSUFFICIENT_DATA, text=text)
        return Judgement(sight.outside, sight.value, sight.level)
    value = sight.value
    if condition.change is not None:
        value = change_of(condition.change, measured, track, end, min_rows)
        if math.isnan(value):
            text = f"there is nothing to hold {measured.title} against"
            return Judgement(None, state=State.INSUFFICIENT_DATA, text=text)
    return Judgement(compare(condition.operator, value, condition.threshold), value, sight.level)


def by_level(least: Level, measured: Measured, sight: Sight) -> Judgement:
    """Whether what was decided is as bad as `least`."""
    level = sight.level
    if level is None or level in UNJUDGED:
        state = State.INSUFFICIENT_DATA if level is None else UNJUDGED[level]
        return Judgement(None, state=state, text=sight.text or f"{measured.title}: {state.value.replace('_', ' ')}")
    return Judgement(CODE[level] <= CODE[least], sight.value, level)


def unusable(measured: Measured, sight: Sight, min_rows: int) -> Judgement | None:
    """Why a window is not judged, None when it is."""
    if sight.level is Level.ERROR:
        return Judgement(None, state=State.ERROR, text=sight.text or f"{measured.title} could not be computed")
    if measured.family is not Family.WINDOW:
        if sight.rows == 0:
            return Judgement(None, state=State.NO_DATA, text="the window has no rows")
        if sight.rows < min_rows:
            text = f"{sight.rows:,.0f} rows, and the rule asks for {min_rows:,}"
            return Judgement(None, state=State.INSUFFICIENT_DATA, text=text)
    if math.isnan(sight.value):
        return Judgement(None, state=State.INSUFFICIENT_DATA, text=sight.text or f"{measured.title} has no value")
    return None


def change_of(change: Change, measured: Measured, track: Track, end: int, min_rows: int) -> float:
    """By how much the value changed; NaN where there is nothing to compare it with."""
    now, before = track[end], track[end].baseline
    if change.windows_ago is not None:
        earlier = track.get(end - change.windows_ago * now.length_us)
        same = earlier is not None and earlier.length_us == now.length_us
        usable = earlier is not None and same and unusable(measured, earlier, min_rows) is None
        before = earlier.value if earlier is not None and usable else math.nan
    difference = now.value - before
    if change.unit is Unit.ABSOLUTE:
        return difference
    return math.nan if before == 0 or math.isnan(before) else 100 * difference / abs(before)


def compare(operator: Operator, value: float, threshold: float) -> bool:
    """A value held against a threshold.

    >>> compare(Operator.GREATER_THAN, 0.41, 0.25), compare(Operator.LESS_OR_EQUAL, 0.41, 0.25)
    (True, False)
    """
    match operator:
        case Operator.GREATER_THAN:
            return value > threshold
        case Operator.GREATER_OR_EQUAL:
            return value >= threshold
        case Operator.LESS_THAN:
            return value < threshold
        case Operator.LESS_OR_EQUAL:
            return value <= threshold
        case Operator.EQUAL:
            return value == threshold
        case Operator.NOT_EQUAL:
            return value != threshold
        case Operator.OUTSIDE_CHANCE:
            return False  # is asked of the window itself
        case never:
            assert_never(never)


def told(condition: Condition, measured: Measured, judgement: Judgement) -> str:
    """What holds, in words.

    >>> told(Condition("rows", threshold=5.0), Measured(Family.WINDOW, "rows"), Judgement(True, 7.0))
    'rows 7 > 5'
    """
    if condition.level is not None:
        level = "" if judgement.level is None else judgement.level.value
        return f"{measured.title} is {level}"
    change = condition.change
    if change is None:
        return f"{measured.title} {judgement.value:.3g} {compared_words(condition)}"
    unit = " %" if change.unit is Unit.PERCENT else ""
    limit = compared_words(condition).removeprefix("changed ")
    return f"{measured.title} changed by {judgement.value:+.3g}{unit}, {limit}"
