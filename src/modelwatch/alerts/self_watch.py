"""modelwatch watches itself: facts about how it is doing become findings with levels; pure.

Each fact has a limit for warning, one for critical, and a lower one under which it is over, so that a figure at the
edge does not flap. What is over a limit at one look is pending, at two in a row an alert; one look under the lower
limit is no end either, two are.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from modelwatch.alerts.episodes import worse
from modelwatch.core.level import Level
from modelwatch.core.span import span

FEW_ROWS: Final = 100
"""Fewer rejected or dropped rows in an hour are no share of anything."""
ROOMY_BYTES: Final = 20 * 1024**3
"""With so much room a disk is not full, whatever its share."""


@dataclass(frozen=True, slots=True)
class Facts:
    """How modelwatch is doing. Ages are in seconds; `dropped` to `restarts` are of the last hour.

    `idle` says of each job for how long it has not ended well, `failing_channels` which ones delivered nothing since
    their last failure.
    """

    fold_bytes: int = 0
    fold_seconds: float = 0.0
    label_seconds: float = 0.0
    check_seconds: float = 0.0
    message_seconds: float = 0.0
    failing_checks: int = 0
    dead_letters: int = 0
    failing_channels: tuple[str, ...] = ()
    disk_free: float = 1.0
    disk_free_bytes: int = 1 << 62
    dropped: int = 0
    droppers: tuple[str, ...] = ()
    accepted: int = 0
    rejected: int = 0
    restarts: int = 0
    idle: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Limit:
    """One fact: how it is measured, its limits, and what is said of it."""

    kind: str
    measure: Callable[[Facts], float]
    warning: float
    critical: float
    over: float
    words: Callable[[Facts], str]

    def level(self, value: float) -> Level:
        """What the value alone says."""
        return Level.CRITICAL if value >= self.critical else Level.WARNING if value >= self.warning else Level.OK


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of one fact from the looks before: its level, and what the last one said when it said otherwise."""

    level: Level = Level.OK
    otherwise: Level | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What one look says of a fact; `level` is OK when it is over. Unconfirmed, it is pending."""

    kind: str
    level: Level
    confirmed: bool
    text: str


def full_share(facts: Facts) -> float:
    """How full the disk is, where there is not plenty of room anyway."""
    return 1.0 - facts.disk_free if facts.disk_free_bytes < ROOMY_BYTES else 0.0


def dropped_share(facts: Facts) -> float:
    """The rows that senders dropped, of all that there were."""
    return facts.dropped / (facts.dropped + facts.accepted) if facts.dropped >= FEW_ROWS else 0.0


def rejected_share(facts: Facts) -> float:
    """The rows that were refused, of all that came."""
    return facts.rejected / (facts.rejected + facts.accepted) if facts.rejected >= FEW_ROWS else 0.0


def longest_idle(facts: Facts) -> tuple[float, str]:
    """The job that has not ended well for longest."""
    return max(((seconds, name) for name, seconds in facts.idle.items()), default=(0.0, ""))


LIMITS: Final[tuple[Limit, ...]] = (
    Limit(
        "monitor_behind",
        lambda f: f.fold_seconds,
        60,
        600,
        10,
        lambda f: f"Rows wait {span(f.fold_seconds)} to be counted, {f.fold_bytes:,} bytes of them",
    ),
    Limit(
        "monitor_labels",
        lambda f: f.label_seconds,
        1_800,
        21_600,
        300,
        lambda f: f"Labels wait {span(f.label_seconds)} to be joined",
    ),
    Limit(
        "monitor_checks",
        lambda f: f.check_seconds,
        900,
        3_600,
        60,
        lambda f: f"A window waits {span(f.check_seconds)} longer for its check than it should",
    ),
    Limit(
        "monitor_messages",
        lambda f: f.message_seconds,
        900,
        7_200,
        60,
        lambda f: f"A message waits {span(f.message_seconds)} to be sent",
    ),
    Limit(
        "monitor_failing_checks",
        lambda f: f.failing_checks,
        10,
        100,
        5,
        lambda f: f"The checks of {f.failing_checks} series fail",
    ),
    Limit(
        "monitor_dead_letters",
        lambda f: f.dead_letters,
        1,
        100,
        1,
        lambda f: f"{f.dead_letters} messages were given up in the last hour",
    ),
    Limit(
        "monitor_channels",
        lambda f: len(f.failing_channels),
        1,
        math.inf,
        1,
        lambda f: f"Channels deliver nothing: {', '.join(f.failing_channels[:5])}",
    ),
    Limit(
        "monitor_disk",
        full_share,
        0.9,
        0.97,
        0.88,
        lambda f: f"The disk is {1 - f.disk_free:.0%} full, {f.disk_free_bytes / 1e9:.1f} GB are left",
    ),
    Limit(
        "monitor_drops",
        dropped_share,
        0.01,
        0.1,
        0.005,
        lambda f: f"Senders dropped {f.dropped:,} rows in the last hour: {', '.join(f.droppers[:5])}",
    ),
    Limit(
        "monitor_rejects",
        rejected_share,
        0.05,
        0.5,
        0.02,
        lambda f: f"{f.rejected:,} rows were refused in the last hour, {rejected_share(f):.0%} of all",
    ),
    Limit(
        "monitor_restarts",
        lambda f: f.restarts,
        3,
        10,
        1,
        lambda f: f"The worker died {f.restarts} times in the last hour",
    ),
    Limit(
        "monitor_stuck",
        lambda f: longest_idle(f)[0],
        300,
        1_800,
        60,
        lambda f: f"`{longest_idle(f)[1]}` has not ended well for {span(longest_idle(f)[0])}",
    ),
)


def watch(facts: Facts, before: Mapping[str, Seen]) -> tuple[dict[str, Seen], list[Found]]:
    """What a look says of every fact that is or was over its limit, given what was seen before."""
    seen: dict[str, Seen] = {}
    found: list[Found] = []
    for limit in LIMITS:
        value = limit.measure(facts)
        old = before.get(limit.kind, Seen())
        seen[limit.kind] = new = look(limit, value, old)
        if new.level is not Level.OK:
            found.append(Found(limit.kind, new.level, True, limit.words(facts)))
        elif limit.level(value) is not Level.OK:
            found.append(Found(limit.kind, limit.level(value), False, limit.words(facts)))
        elif old != Seen():
            found.append(Found(limit.kind, Level.OK, True, "It is over"))
    return seen, found


def look(limit: Limit, value: float, old: Seen) -> Seen:
    """The fact after one more look: what says otherwise counts, and changes the level when it lasts.

    >>> lag = LIMITS[0]
    >>> first = look(lag, 90, Seen())
    >>> first.level.value, look(lag, 90, first).level.value
    ('ok', 'warning')
    """
    said = limit.level(value)
    better = old.level is not Level.OK and value < limit.over
    if not better and not worse(said, old.level):
        return Seen(old.level)
    if old.otherwise is None or worse(old.otherwise, old.level) is better:
        return Seen(old.level, said)
    return Seen(said if better or worse(old.otherwise, said) else old.otherwise)


def stuck(facts: Facts) -> tuple[str, ...]:
    """Why nobody may be told that all is well: what does not go on. Empty while fold, checks and messages do."""
    wanted = ("monitor_behind", "monitor_checks", "monitor_messages", "monitor_stuck")
    return tuple(
        limit.words(facts)
        for limit in LIMITS
        if limit.kind in wanted and limit.level(limit.measure(facts)) is not Level.OK
    )
