"""When an alert opens, changes and resolves: a pure function of the columns that are raised at each window's end.

One alert holds all columns of one kind that are raised at the same time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from modelwatch.alerts.persistence import Item
from modelwatch.core.column import ColumnKey
from modelwatch.core.figure import Figure, Subject, amount
from modelwatch.core.group import group_of
from modelwatch.core.level import CODE, Level, worst
from modelwatch.core.measured import Measured
from modelwatch.core.segment import Segment

Key = ColumnKey | Segment | Figure | Measured
"""What an alert names: columns of the whole model, segments, figures of its outcomes, or what a rule watches."""


@dataclass(frozen=True, slots=True)
class Event:
    """One line of an alert's history, in event time."""

    at_us: int
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Episode:
    """An alert's life as the windows tell it; `resolved_us` is None while it goes on.

    `level` and `items` are those of the newest window, `peak_level` and `peak_items` those of its worst one: what a
    person wants to know of an alert that is over.
    """

    opened_us: int
    checked_us: int
    level: Level
    items: tuple[Item, ...]
    peak_level: Level
    peak_items: tuple[Item, ...]
    events: tuple[Event, ...] = ()
    resolved_us: int | None = None


def episodes(
    raised: Mapping[int, Mapping[Key, Item]],
    current: Episode | None = None,
    settled: Mapping[Key, Level] | None = None,
) -> list[Episode]:
    """The alerts that the raised columns at each window's end (ascending) make, going on from `current`.

    `settled` are columns that a person resolved while they were still raised: they open nothing new until they have
    been clear once or got worse.
    """
    quiet = dict(settled or {})
    told: list[Episode] = []
    for end, items in raised.items():
        for column in [c for c in quiet if c not in items or worse(items[c].level, quiet[c])]:
            del quiet[column]
        loud = {column: item for column, item in items.items() if column not in quiet}
        if current is None:
            if loud:
                current = opened(end, loud)
        elif not loud:
            event = Event(end, "resolved", "Back inside what chance allows")
            events = (*current.events, event)
            over = replace(current, level=current.peak_level, items=current.peak_items, events=events)
            told.append(replace(over, resolved_us=end, checked_us=end))
            current = None
        else:
            current = changed(current, end, loud, {item.key: item for item in current.items})
    if current is not None:
        told.append(current)
    return told


def worse(level: Level, than: Level) -> bool:
    """True when `level` matters more.

    >>> worse(Level.CRITICAL, Level.WARNING)
    True
    """
    return CODE[level] < CODE[than]


def ranked(items: Mapping[Key, Item]) -> tuple[Item, ...]:
    """Items with the worst first: by level, then by value."""
    return tuple(
        sorted(
            items.values(),
            key=lambda i: (CODE[i.level], -badness(i), i.column, name(i.key)),
        )
    )


def badness(item: Item) -> float:
    """What items of one level are ranked by: their values, the smallest first where these are bad."""
    if item.value != item.value:
        return 0.0
    return -item.value if item.falls else item.value


def name(key: Key) -> str:
    """What a person calls the column or the segment."""
    if isinstance(key, Segment):
        return key.label
    if isinstance(key, Figure | Measured):
        return key.title
    return key.name or key.role.value.replace("_", " ")


def opened(end: int, items: Mapping[Key, Item]) -> Episode:
    """A new episode at a window's end."""
    level = worst(item.level for item in items.values())
    shown = ranked(items)
    text = f"Firing: {level.value}; {', '.join(name(item.key) for item in shown[:5])}"
    how = next((item.how for item in shown if item.crossed_us == end), "")
    text += f"; {how}" if how else ""
    return Episode(end, end, level, shown, level, shown, (Event(end, "firing", text),))


def changed(current: Episode, end: int, items: Mapping[Key, Item], before: Mapping[Key, Item]) -> Episode:
    """The episode after one more window in which something is raised; events only where something changed."""
    events: list[Event] = []
    level = worst(item.level for item in items.values())
    if level != current.level:
        events.append(Event(end, "level", f"{current.level.value.capitalize()} before, now {level.value}"))
    events.extend(
        Event(end, "joined", f"{name(key)} joined{f'; {item.how}' if item.crossed_us == end else ''}")
        for key, item in items.items()
        if key not in before
    )
    events.extend(
        Event(end, "left", f"{name(column)} is back inside its band") for column in before if column not in items
    )
    now = ranked(items)
    told = replace(current, checked_us=end, level=level, items=now, events=(*current.events, *events))
    if severity(level, now) > severity(current.peak_level, current.peak_items):
        told = replace(told, peak_level=level, peak_items=now)
    return told


def severity(level: Level, items: Sequence[Item]) -> tuple[int, int, float]:
    """How bad a window is: by level, then columns, then the largest value."""
    return -CODE[level], len(items), max((badness(item) for item in items if item.value == item.value), default=0.0)


def title(kind: str, items: Sequence[Item]) -> str:
    """One line that says what happened.

    >>> from modelwatch.core.wire import Role
    >>> title("data_drift", [Item(ColumnKey(Role.FEATURE, "temp"), Level.CRITICAL, 0.41, 0.002, 0)])
    'temp drifted, PSI 0.41'
    """
    if not items:
        return "Nothing drifts any more"
    first = items[0]
    if first.measured is not None:
        return first.how + (f" and {len(items) - 1} more" if len(items) > 1 else "")
    if first.figure is not None:
        return figures_title(first.figure, first.value, len(items))
    if first.segment is not None:
        most = f"{name(first.key)} {{}}{name(first.column)} most, PSI {first.value:.2f}"
        return most.format("drifted; ") if len(items) == 1 else f"{len(items)} segments drifted; {most.format('in ')}"
    what = f"{name(first.column)} drifted, PSI {first.value:.2f}"
    if len(items) == 1:
        return what
    noun = "features" if kind == "data_drift" else "outputs"
    return f"{len(items)} {noun} drifted; {name(first.column)} most, PSI {first.value:.2f}"


def figures_title(figure: Figure, value: float, count: int) -> str:
    """One line about figures of the outcomes, the worst of them first.

    >>> figures_title(Figure(Subject.PERFORMANCE, "roc_auc"), 0.054, 1)
    'Performance fell: roc auc is worse by 0.054'
    """
    more = f" and {count - 1} more" if count > 1 else ""
    match figure.subject:
        case Subject.PERFORMANCE:
            return f"Performance fell: {figure.title} is worse by {amount(value)}{more}"
        case Subject.ESTIMATED:
            return f"Performance is expected to fall: {figure.title} worse by {amount(value)}{more}, by estimate"
        case Subject.FAIRNESS:
            against = group_of(figure.label).label
            return f"Unequal treatment: {figure.title} against {against}{more}"
        case Subject.TARGET:
            return f"What comes true has changed, PSI {value:.2f}"
        case Subject.CONCEPT:
            return f"Concept drift: {figure.title} rose by {amount(value)}{more}"
        case Subject.CUSTOM:
            return f"{figure.title} is out of its bounds{more}"
