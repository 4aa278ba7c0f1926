"""Sends what waits in `messages`: at least once, with the same key on every try, in order within a group.

A try is recorded before anything goes out and again when its answer is in, so a process that dies between the two
sends that message once more, and no other. A failed try is made again after a pause that doubles from 5 seconds to an
hour, or when the receiver says; what failed for a day, or can never arrive, is dead and shown as a fault of its
channel. Each channel has one message in flight, so one that hangs delays no other.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Engine

from modelwatch.alerts.notification import Notification
from modelwatch.alerts.notifiers.contract import Delivery, Said
from modelwatch.core.window import DAY_US
from modelwatch.errors import CorruptData
from modelwatch.jobs.at_work import AtWork
from modelwatch.store.channels import MOST_CHANNELS, Channel, find_channel
from modelwatch.store.engine import reading, writing
from modelwatch.store.messages import (
    Message,
    begin_try,
    channels_due,
    drop_waiting,
    make_due,
    next_message,
    record_dead,
    record_failed,
    record_sent,
    thread_of,
)

FIRST_PAUSE_S: Final = 5.0
LONGEST_PAUSE_S: Final = 3600.0
LONGEST_HOLD_US: Final = 60_000_000
"""A channel that fails again and again is asked after a minute at most, by whatever message is due then."""
DOWN: Final = 2
"""Failures in a row after which a channel is taken to be down: once it is up again, all that failed is due at once.
One failure may lie with its message."""
GIVE_UP_US: Final = DAY_US
LEAST_TRIES: Final = 12
"""So many tries are made even of what is older than a day, as after a day on which modelwatch itself was off."""
CHANNELS_AT_ONCE: Final = MOST_CHANNELS + 1
"""All of them: no number of channels that hang delays another."""

Place = tuple[str, str]
"""A channel by its project and name."""
Try = Callable[[Channel, Notification, Said], Delivery]
logger = logging.getLogger("modelwatch.deliver")


@dataclass(frozen=True, slots=True)
class Begun:
    """A try that is recorded and not yet made."""

    message: Message
    channel: Channel
    thread: dict[str, str]


class Deliver:
    """Empties the channels. `send` makes one try, `clock` is wall time in microseconds, `chance` gives 0..1."""

    def __init__(
        self,
        engine: Engine,
        send: Try,
        clock: Callable[[], int],
        webhook_url: str = "",
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.engine, self.send, self.clock = engine, send, clock
        self.webhook_url, self.chance = webhook_url, chance
        self.channels: AtWork[Place] = AtWork(self.work, lambda place: place, CHANNELS_AT_ONCE, "modelwatch-channel")
        self.failures: dict[Place, int] = {}

    def step(self) -> int:
        """Set to work on every channel that has something due and is not at it; returns how many."""
        with reading(self.engine) as connection:
            due = channels_due(connection, self.clock())
        return self.channels.begin(due)

    def settle(self) -> None:
        """Return when nothing is in flight."""
        self.channels.settle()

    def close(self) -> None:
        """Begin no other try, and wait for those in flight."""
        self.channels.close()

    def work(self, channel: Place) -> None:
        """Send what is due to one channel, one message after the other."""
        try:
            while not self.channels.closing.is_set() and (begun := self.begin(*channel)) is not None:
                self.finish(begun, self.attempt(begun))
        except Exception:  # the job boundary: the next step tries again
            logger.exception("sending to a channel failed; it is tried again")

    def begin(self, project: str, name: str) -> Begun | None:
        """Record the next try to a channel; None when nothing is due. What waits for a channel that is no more is
        dropped."""
        now = self.clock()
        with writing(self.engine) as connection:
            channel = find_channel(connection, project, name, self.webhook_url)
            if channel is None or not channel.enabled:
                reason = "there is no such channel any more" if channel is None else "the channel is switched off"
                drop_waiting(connection, project, name, reason, now)
                return None
            message = next_message(connection, project, name, now)
            if message is None:
                return None
            begin_try(connection, message, now + pause_us(message.attempts, 1.0))
            return Begun(message, channel, thread_of(connection, message))

    def attempt(self, begun: Begun) -> Delivery:
        """Make a try that is recorded."""
        try:
            told = begun.message.notification
        except CorruptData as error:
            return Delivery(False, True, error.message)
        return self.send(begun.channel, told, begun.thread)

    def finish(self, begun: Begun, went: Delivery) -> None:
        """Record how a try went, with everything that follows from it, in one transaction."""
        message, kind, now = begun.message, begun.channel.kind, self.clock()
        place = (message.project, message.channel)
        failures = self.failures.get(place, 0)
        with writing(self.engine) as connection:
            if went.delivered:
                record_sent(connection, message, went.thread, kind, now, went.error)
                if failures >= DOWN:
                    make_due(connection, *place, now)
            elif went.permanent or given_up(message, now):
                record_dead(connection, message, went.error, kind, now)
            else:
                pause, held = pause_us(message.attempts, self.chance()), pause_us(failures, 1.0)
                held = min(held, LONGEST_HOLD_US)
                if went.retry_after is not None:
                    held = min(int(went.retry_after * 1e6), DAY_US)
                record_failed(connection, message, went.error, kind, now, now + max(pause, held), now + held)
        self.failures[place] = 0 if went.delivered or went.permanent else failures + 1


def pause_us(attempts: int, chance: float) -> int:
    """How long to wait after a failed try when `attempts` were made before: 5 s doubling up to an hour, spread by half
    (`chance` in 0..1).

    >>> pause_us(0, 1.0), pause_us(3, 0.0), pause_us(40, 1.0)
    (5000000, 20000000, 3600000000)
    """
    longest = min(FIRST_PAUSE_S * 2.0 ** min(attempts, 30), LONGEST_PAUSE_S)
    return int(longest * (0.5 + 0.5 * chance) * 1e6)


def given_up(message: Message, now_us: int) -> bool:
    """True when the try that was just made is the last."""
    return now_us - message.created_us >= GIVE_UP_US and message.attempts + 1 >= LEAST_TRIES
