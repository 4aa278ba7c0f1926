"""Channels and messages to be sent in tests, and a clock that is moved by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Engine, insert, select

from modelwatch.alerts.notification import Line, Notification, Told
from modelwatch.alerts.notifiers.contract import Delivery, Said
from modelwatch.core.level import Level
from modelwatch.jobs.deliver import Deliver
from modelwatch.store import channels, messages
from modelwatch.store.channels import Channel
from modelwatch.store.engine import reading, writing
from modelwatch.store.messages import Message
from modelwatch.store.notify_tables import messages as table
from modelwatch.store.notify_tables import notice_groups

NOW_US = 1_790_000_000_000_000
SECOND_US = 1_000_000
Say = Callable[[Channel, Notification, Said], Delivery]


@dataclass
class Clock:
    """Wall time in microseconds that stands still until it is moved."""

    us: int = NOW_US

    def __call__(self) -> int:
        return self.us

    def move(self, seconds: float) -> None:
        self.us += int(seconds * SECOND_US)


@dataclass
class Recorder:
    """Makes tries in the place of the network: answers with what `say` gives, and keeps what was said."""

    say: Say = lambda *_: Delivery(True)
    tries: list[tuple[str, str]] = field(default_factory=list)
    threads: list[dict[str, str]] = field(default_factory=list)

    def __call__(self, channel: Channel, told: Notification, thread: Said) -> Delivery:
        self.tries.append((channel.name, told.key))
        self.threads.append(dict(thread))
        return self.say(channel, told, thread)

    @property
    def keys(self) -> list[str]:
        return [key for _, key in self.tries]


def add_channel(engine: Engine, name: str = "ops", url: str = "http://127.0.0.1:1/", enabled: bool = True) -> None:
    with writing(engine) as connection:
        channels.add_channel(connection, Channel(-1, "default", name, "webhook", {"url": url}, b"", enabled=enabled))


def add_group(engine: Engine, key: str, channel: str = "ops") -> int:
    with writing(engine) as connection:
        values = {"project": "default", "channel": channel, "key": key, "state": "open", "opened_us": NOW_US}
        found = connection.execute(insert(notice_groups).values(**values)).inserted_primary_key
        assert found is not None
        return int(found[0])


def told(key: str, channel: str = "ops", alerts: tuple[int, ...] = ()) -> Notification:
    lines = tuple(
        Line(each, "m", "1", "production", "data_drift", Level.CRITICAL, "firing", "x", 0.0, "", "", "", "")
        for each in alerts
    )
    return Notification(
        key, "g", "default", channel, Told.OPENED, Level.CRITICAL, "x drifted", NOW_US / 1e6, "http://127.0.0.1", lines
    )


def queue(
    engine: Engine,
    key: str,
    channel: str = "ops",
    group: int | None = None,
    alerts: tuple[int, ...] = (),
    at_us: int = NOW_US,
) -> None:
    with writing(engine) as connection:
        messages.queue_message(connection, told(key, channel, alerts), group, at_us)


def work(deliver: Deliver) -> None:
    """Send everything that is due now."""
    while deliver.step():
        deliver.settle()


def stored(engine: Engine) -> dict[str, Message]:
    """{key: message}."""
    with reading(engine) as connection:
        return {row.key: messages.message_of(row) for row in connection.execute(select(table))}
