"""What a window by itself raises and disjoint windows have not confirmed yet: shown, never sent; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from modelwatch.alerts.episodes import Event, Key, ranked
from modelwatch.alerts.persistence import Item, Judged, Persistence, Point, clear, new_item
from modelwatch.core.level import CODE, ORDER, Level
from modelwatch.core.window import disjoint, grid

Waiting = Mapping[int, Mapping[Judged, Item]]
"""{window end: what is pending then}."""


def pending_items(
    ends: Sequence[int],
    length: int,
    points: Mapping[int, Point],
    rule: Persistence,
    raised: Mapping[int, Mapping[Judged, Item]],
) -> dict[int, dict[Judged, Item]]:
    """For each window end what windows of the last `k` lengths raise by themselves while it is not raised.

    It passes as what is raised resolves: when no window at all has said so for `k` lengths.
    """
    loud = {key for each in points.values() for key, code in each.levels.items() if ORDER[code].raised}
    return {
        end: {
            key: waiting(key, end, length, points, rule)
            for key in sorted(loud, key=str)
            if key not in raised.get(end, {}) and not clear(key, end, length, points, rule)
        }
        for end in ends
    }


def waiting(key: Judged, end: int, length: int, points: Mapping[int, Point], rule: Persistence) -> Item:
    """The item of what windows raise: how bad the worst of them found it, and how many disjoint ones agree."""
    recent = [points[at] for at in range(end, end - rule.k * length, -grid(length)) if at in points]
    behind = [each for each in recent if raises(each, key)]
    worst = min(behind, key=lambda each: (each.levels[key], -each.values.get(key, (0.0, None))[0]))
    agree = sum(raises(points[at], key) for at in disjoint(end, length, rule.n) if at in points)
    value, chance = worst.values.get(key, (float("nan"), None))
    found = new_item(key, ORDER[worst.levels[key]], value, chance, min(each.end_us for each in behind))
    return Item(
        found.column,
        found.level,
        found.value,
        found.chance,
        found.since_us,
        how=f"{max(agree, 1)} of {rule.n} windows",
        figure=found.figure,
    )


def raises(point: Point, key: Judged) -> bool:
    """True when the window by itself raises it."""
    return ORDER[point.levels.get(key, CODE[Level.OK])].raised


def began(pending: Mapping[int, Mapping[Judged, Item]], opened_us: int) -> Event | None:
    """The line about the wait that ended when an alert opened; None when nothing was waited for."""
    first: tuple[int, Mapping[Judged, Item]] | None = None
    for end in sorted((end for end in pending if end < opened_us), reverse=True):
        if not pending[end]:
            break
        first = end, pending[end]
    return None if first is None else line(*first)


def line(end: int, items: Mapping[Judged, Item] | Mapping[Key, Item]) -> Event:
    """What the history says of it."""
    found: dict[Key, Item] = dict(items.items())
    worst = ranked(found)[0]
    return Event(end, "pending", f"Pending: {worst.level.value}, {worst.how}")
