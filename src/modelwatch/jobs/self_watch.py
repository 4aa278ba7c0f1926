"""Looks at how modelwatch itself is doing, tells of it as of any model, and calls outside while all is well."""

from __future__ import annotations

import logging
import shutil
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy import Connection, Engine

from modelwatch.alerts.notifiers.contract import Answer, Call
from modelwatch.alerts.self_watch import LIMITS, Facts, Found, Seen, stuck, watch
from modelwatch.core.level import Level
from modelwatch.core.window import HOUR_US
from modelwatch.core.wire import DEFAULT_PROJECT
from modelwatch.jobs import conditions
from modelwatch.jobs.pace import interval_of
from modelwatch.store import alerts, drops, ledger, models, self_facts
from modelwatch.store.engine import reading, writing
from modelwatch.store.messages import oldest_due
from modelwatch.store.profiles import dirty_series

logger = logging.getLogger("modelwatch.worker")
SECOND: Final = 1_000_000


class Totals(NamedTuple):
    """Counts that only grow, at a time."""

    at_us: int
    accepted: int
    rejected: int
    dropped: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Beat:
    """Where and how often to call, and how: what a watcher outside misses when this server stands still."""

    url: str
    every_us: int
    call: Callable[[Call], Answer]


@dataclass(frozen=True, slots=True)
class Inside:
    """What only the worker knows: how far the fold is behind, how many checks fail, how long ago jobs ended well."""

    fold_bytes: int
    fold_seconds: float
    failing_checks: int
    idle: Mapping[str, float]


class SelfWatch:
    """Remembers the looks before; levels that were told before a restart are read back."""

    def __init__(self, engine: Engine, folder: Path, check_interval_us: int, clock: Callable[[], int]) -> None:
        self.engine, self.folder, self.check_interval_us, self.clock = engine, folder, check_interval_us, clock
        self.totals: deque[Totals] = deque()
        self.beaten_us: int | None = None
        with writing(engine) as connection:
            self.start_id = self_facts.worker_began(connection, clock())
            own = self_facts.find_own(connection)
            rows = (
                {} if own is None else {each.kind: alerts.open_alert(connection, own.id, each.kind) for each in LIMITS}
            )
            self.seen = {kind: Seen(row.level) for kind, row in rows.items() if row is not None}

    def step(self, inside: Inside) -> Facts:
        """One look: what is found is told in the transaction that notes the look."""
        now = self.clock()
        with reading(self.engine) as connection:
            facts = self.facts(connection, inside, now)
        self.seen, found = watch(facts, self.seen)
        with writing(self.engine) as connection:
            self_facts.worker_lives(connection, self.start_id, now)
            for each in found:
                tell(connection, each, now)
        return facts

    def facts(self, connection: Connection, inside: Inside, now: int) -> Facts:
        """Everything that is looked at."""
        label, message = self_facts.oldest_label(connection), oldest_due(connection, now)
        disk = shutil.disk_usage(self.folder)
        rose = self.rise(connection, now)
        droppers = sorted((each for each in rose.dropped if rose.dropped[each]), key=lambda m: (-rose.dropped[m], m))
        return Facts(
            fold_bytes=inside.fold_bytes,
            fold_seconds=inside.fold_seconds,
            label_seconds=age(label, now),
            check_seconds=late_check(connection, self.check_interval_us, now),
            message_seconds=age(message, now),
            failing_checks=inside.failing_checks,
            dead_letters=self_facts.dead_letters(connection, now - HOUR_US),
            failing_channels=tuple(self_facts.failing_channels(connection, now - HOUR_US)),
            disk_free=disk.free / disk.total,
            disk_free_bytes=disk.free,
            dropped=sum(rose.dropped.values()),
            droppers=tuple(droppers),
            accepted=rose.accepted,
            rejected=rose.rejected,
            restarts=self_facts.deaths(connection, self.start_id, now - HOUR_US),
            idle=inside.idle,
        )

    def rise(self, connection: Connection, now: int) -> Totals:
        """By how much the counts rose within the last hour, or since the worker began."""
        dropped = drops.drops_by_model(connection, DEFAULT_PROJECT)
        newest = Totals(now, *ledger.total_tallies(connection, DEFAULT_PROJECT), dropped)
        self.totals.append(newest)
        while self.totals[0].at_us < now - HOUR_US:
            self.totals.popleft()
        old = self.totals[0]
        rose = {model: count - old.dropped.get(model, 0) for model, count in dropped.items()}
        return Totals(now, newest.accepted - old.accepted, newest.rejected - old.rejected, rose)

    def beat(self, beat: Beat | None, facts: Facts) -> bool:
        """Call outside when it is time and nothing stands still; True when the call was answered."""
        now = self.clock()
        if beat is None or stuck(facts) or (self.beaten_us is not None and now - self.beaten_us < beat.every_us):
            return False
        self.beaten_us = now
        answer = beat.call(Call(beat.url, method="GET"))
        if not 200 <= answer.status < 300:
            logger.warning("the heartbeat got no good answer: status %d", answer.status)
        return 200 <= answer.status < 300

    def end(self) -> None:
        """The worker ends as it should."""
        with writing(self.engine) as connection:
            self_facts.worker_ended(connection, self.start_id)


def tell(connection: Connection, found: Found, now_us: int) -> None:
    """Bring the alert about one fact in line."""
    own = self_facts.own_deployment(connection, now_us)
    if found.level is Level.OK:
        conditions.clear(connection, own.id, found.kind, found.text, now_us)
        return
    said = conditions.Condition(found.kind, found.level, found.text, found.text, found.confirmed)
    conditions.hold(connection, own.model_id, own.id, said, now_us)


def age(time_us: int | None, now_us: int) -> float:
    """How many seconds ago that was; 0 when nothing waits."""
    return 0.0 if time_us is None else max(0.0, (now_us - time_us) / SECOND)


def late_check(connection: Connection, default_us: int, now_us: int) -> float:
    """By how many seconds the oldest change waits longer for its check than the interval of its model."""
    waiting = [(series.deployment_id, since) for series, since, _ in dirty_series(connection) if not series.segment]
    oldest = 0
    for deployment_id, since in sorted(waiting, key=lambda each: each[1]):
        if now_us - since <= oldest:
            break
        deployment = models.get_deployment(connection, deployment_id)
        if deployment.live_us is None or deployment.level is Level.ERROR:  # history; failing checks are told apart
            continue
        model = models.get_model(connection, deployment.model_id)
        oldest = max(oldest, now_us - since - interval_of(model, default_us))
    return oldest / SECOND
