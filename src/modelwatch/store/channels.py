"""Channels: where people are told, whom of what, and how each is doing.

The channel named `webhook` is the one that the operator set with `webhook_url`; it needs no row here, and while it is
set no other can have its name.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from modelwatch.core.level import Level
from modelwatch.core.wire import DEFAULT_PROJECT
from modelwatch.errors import Conflict, CorruptData, NotFound
from modelwatch.store.notify_tables import channel_states, channels, messages
from modelwatch.store.upsert import upsert
from modelwatch.store.vault import Vault

BUILT_IN: Final = "webhook"
MOST_CHANNELS: Final = 100
"""Channels of a project, besides the operator's."""
EVERY_MODEL: Final = ("*",)


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel. `models` are globs, `min_level` is NOTICE, WARNING or CRITICAL, `sealed` holds its secrets, `given`
    those of the channel that the operator set. `id` is 0 for that one."""

    id: int
    project: str
    name: str
    kind: str
    fields: Mapping[str, str]
    sealed: bytes = field(repr=False)
    min_level: Level = Level.WARNING
    models: tuple[str, ...] = EVERY_MODEL
    enabled: bool = True
    created_us: int = 0
    updated_us: int = 0
    given: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def built_in(self) -> bool:
        """True for the channel that the operator set."""
        return self.id == 0

    def secrets(self, vault: Vault) -> dict[str, str]:
        """Its secrets in the clear; raises `CorruptData` when no key opens them."""
        return {**vault.unseal(self.sealed), **self.given}


@dataclass(frozen=True, slots=True)
class ChannelState:
    """How a channel is doing; `error` is what went wrong last, '' once something was delivered after it. The counts
    are of all times, of messages and (`failed`) of tries."""

    kind: str
    held_us: int | None = None
    delivered_us: int | None = None
    failed_us: int | None = None
    error: str = ""
    sent: int = 0
    failed: int = 0
    dead: int = 0


@dataclass(frozen=True, slots=True)
class KindTotals:
    """What became of the messages to all channels of a kind; `waiting` is of now."""

    sent: int = 0
    failed: int = 0
    dead: int = 0
    waiting: int = 0


def built_in(webhook_url: str) -> Channel:
    """The channel that the operator set: everything from warning on goes to the address."""
    return Channel(0, DEFAULT_PROJECT, BUILT_IN, "webhook", {}, b"", given={"url": webhook_url})


def list_channels(connection: Connection, project: str, webhook_url: str = "") -> list[Channel]:
    """The channels of a project by name, the one that the operator set first."""
    query = select(channels).where(channels.c.project == project).order_by(channels.c.name)
    found = [channel_of(row) for row in connection.execute(query)]
    if not webhook_url or project != DEFAULT_PROJECT:
        return found
    return [built_in(webhook_url), *(each for each in found if each.name != BUILT_IN)]


def find_channel(connection: Connection, project: str, name: str, webhook_url: str = "") -> Channel | None:
    """The channel of that name, or None."""
    if webhook_url and project == DEFAULT_PROJECT and name == BUILT_IN:
        return built_in(webhook_url)
    query = select(channels).where(channels.c.project == project, channels.c.name == name)
    row = connection.execute(query).one_or_none()
    return None if row is None else channel_of(row)


def get_channel(connection: Connection, project: str, name: str, webhook_url: str = "") -> Channel:
    """The channel of that name; raises `NotFound`."""
    found = find_channel(connection, project, name, webhook_url)
    if found is None:
        raise NotFound(f"there is no channel {name[:100]!r}", hint="GET /api/v1/channels lists them")
    return found


def channel_of(row: Row[Any]) -> Channel:
    """A row of `channels` as a value."""
    return Channel(
        row.id,
        row.project,
        row.name,
        row.kind,
        json.loads(row.fields),
        row.secrets,
        Level(row.min_level),
        tuple(json.loads(row.models)),
        row.enabled,
        row.created_us,
        row.updated_us,
    )


def add_channel(connection: Connection, channel: Channel) -> None:
    """Store a new channel, its `id` aside; raises `Conflict` when the name is taken."""
    if find_channel(connection, channel.project, channel.name) is not None:
        raise Conflict(f"there is a channel {channel.name[:100]!r} already", hint="change it with PATCH")
    connection.execute(insert(channels).values(project=channel.project, name=channel.name, **values_of(channel)))
    touch_state(connection, channel.project, channel.name, channel.kind)


def update_channel(connection: Connection, channel: Channel) -> None:
    """Store a channel that is there already."""
    connection.execute(update(channels).where(channels.c.id == channel.id).values(**values_of(channel)))


def values_of(channel: Channel) -> dict[str, Any]:
    """The columns of a channel that may change."""
    return {
        "kind": channel.kind,
        "fields": json.dumps(dict(channel.fields)),
        "secrets": channel.sealed,
        "min_level": channel.min_level.value,
        "models": json.dumps(list(channel.models)),
        "enabled": channel.enabled,
        "created_us": channel.created_us,
        "updated_us": channel.updated_us,
    }


def delete_channel(connection: Connection, channel: Channel) -> None:
    """Forget a channel and its secrets."""
    connection.execute(delete(channels).where(channels.c.id == channel.id))


def locked_channels(connection: Connection, vault: Vault) -> list[str]:
    """The names of the channels whose secrets no key opens."""
    return [name for name, sealed in sealed_secrets(connection).values() if not opens(vault, sealed)]


def reseal(connection: Connection, vault: Vault) -> int:
    """Seal with the first key what an older one sealed; returns how many channels were."""
    changed = 0
    for channel_id, (_, sealed) in sealed_secrets(connection).items():
        if opens(vault, sealed) and vault.outdated(sealed):
            anew = vault.seal(vault.unseal(sealed))
            connection.execute(update(channels).where(channels.c.id == channel_id).values(secrets=anew))
            changed += 1
    return changed


def sealed_secrets(connection: Connection) -> dict[int, tuple[str, bytes]]:
    """{channel: (name, its sealed secrets)} of all projects."""
    rows = connection.execute(select(channels.c.id, channels.c.name, channels.c.secrets).order_by(channels.c.name))
    return {row.id: (row.name, row.secrets) for row in rows}


def opens(vault: Vault, sealed: bytes) -> bool:
    """True when some key opens it."""
    try:
        vault.unseal(sealed)
    except CorruptData:
        return False
    return True


def touch_state(connection: Connection, project: str, name: str, kind: str) -> None:
    """Make the state of a channel, or say its kind anew: a name may come back as another kind."""
    upsert(connection, channel_states, [{"project": project, "channel": name, "kind": kind}], ["project", "channel"])


def load_states(connection: Connection, project: str) -> dict[str, ChannelState]:
    """{channel: how it is doing}; those that sent nothing yet may be missing."""
    rows = connection.execute(select(channel_states).where(channel_states.c.project == project))
    return {
        r.channel: ChannelState(r.kind, r.held_us, r.delivered_us, r.failed_us, r.error, r.sent, r.failed, r.dead)
        for r in rows
    }


def count_messages(connection: Connection, project: str) -> dict[tuple[str, str], int]:
    """{(channel, waiting or dead): messages}."""
    query = (
        select(messages.c.channel, messages.c.state, func.count())
        .where(messages.c.project == project, messages.c.state.in_(("waiting", "dead")))
        .group_by(messages.c.channel, messages.c.state)
    )
    return {(row[0], row[1]): row[2] for row in connection.execute(query)}


def totals_by_kind(connection: Connection) -> dict[str, KindTotals]:
    """{kind: what became of its messages}, of all projects and times."""
    sums = (func.sum(channel_states.c[name]) for name in ("sent", "failed", "dead"))
    rows = connection.execute(select(channel_states.c.kind, *sums).group_by(channel_states.c.kind))
    counts = {row[0]: (int(row[1]), int(row[2]), int(row[3])) for row in rows}
    of_mine = (messages.c.project == channel_states.c.project) & (messages.c.channel == channel_states.c.channel)
    query = (
        select(channel_states.c.kind, func.count())
        .join(messages, of_mine)
        .where(messages.c.state == "waiting")
        .group_by(channel_states.c.kind)
    )
    waiting = {row[0]: row[1] for row in connection.execute(query)}
    return {kind: KindTotals(*totals, waiting.get(kind, 0)) for kind, totals in sorted(counts.items())}


def let_go(connection: Connection, project: str, name: str) -> None:
    """Hold a channel back no longer: what was entered anew is tried at once."""
    mine = (channel_states.c.project == project, channel_states.c.channel == name)
    connection.execute(update(channel_states).where(*mine).values(held_us=None))


def note_test(connection: Connection, channel: Channel, error: str, now_us: int) -> None:
    """Record how a test message went: '' when it was delivered. It counts as no message."""
    touch_state(connection, channel.project, channel.name, channel.kind)
    mine = (channel_states.c.project == channel.project, channel_states.c.channel == channel.name)
    went: dict[str, Any] = {"failed_us": now_us} if error else {"delivered_us": now_us, "held_us": None}
    connection.execute(update(channel_states).where(*mine).values(error=error, **went))
