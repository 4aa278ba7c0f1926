"""What is done to channels: make, change, delete, and send a test message."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import uuid4

from sqlalchemy import Connection

from modelwatch.alerts.notification import Notification, Picture, Told
from modelwatch.alerts.notifiers import NOTIFIERS
from modelwatch.alerts.notifiers.contract import Answer, Call, Letter, Notifier, Transport
from modelwatch.core.level import Level
from modelwatch.core.wire import DEFAULT_PROJECT
from modelwatch.errors import Conflict, CorruptData
from modelwatch.server import channel_body
from modelwatch.server.channel_body import Changes
from modelwatch.server.fields import only, refused, text
from modelwatch.server.queries.channels import ShownChannel, read_channel
from modelwatch.server.services import Services
from modelwatch.server.state import address
from modelwatch.store import channels as stored
from modelwatch.store.channels import Channel
from modelwatch.store.engine import reading, writing
from modelwatch.store.messages import drop_waiting, make_due

EXAMPLE: Final = Picture(
    "An example", tuple(3600.0 * i for i in range(8)), (0.02, 0.03, 0.02, 0.04, 0.09, 0.17, 0.28, 0.31), 0.1, 0.25
)


@dataclass(frozen=True, slots=True)
class Tested:
    """How a test message went, in the receiver's words. `permanent`: trying again makes it no better."""

    delivered: bool
    permanent: bool
    error: str
    seconds: float


def create_channel(services: Services, said: Mapping[str, Any]) -> ShownChannel:
    """Make a channel; raises `Refused` or `Conflict`."""
    only(said, channel_body.CHANNEL)
    name, kind = channel_body.name_of(text(said, "name")), channel_body.kind_of(said)
    wanted = channel_body.changes({key: said[key] for key in said if key not in ("name", "kind")}, kind)
    now = services.clock()
    with writing(services.engine) as connection:
        if len(stored.list_channels(connection, DEFAULT_PROJECT)) >= stored.MOST_CHANNELS:
            raise Conflict(f"there are {stored.MOST_CHANNELS} channels already", hint="delete one that nobody needs")
        refuse_built_in(stored.find_channel(connection, DEFAULT_PROJECT, name, services.settings.webhook_url))
        empty = Channel(-1, DEFAULT_PROJECT, name, kind.kind, {}, b"", created_us=now)
        stored.add_channel(connection, changed(empty, wanted, kind, services, now))
        return read_channel(connection, services, name)


def change_channel(services: Services, name: str, said: Mapping[str, Any]) -> ShownChannel:
    """Change what is said of a channel; raises `NotFound`, `Refused` or `Conflict`."""
    now = services.clock()
    with writing(services.engine) as connection:
        channel = own_channel(connection, services, name)
        kind = NOTIFIERS.get(channel.kind)
        if kind is None:
            raise Conflict(f"this version knows no channels of the kind {channel.kind!r}", hint="delete the channel")
        after = changed(channel, channel_body.changes(said, kind), kind, services, now)
        stored.update_channel(connection, after)
        stored.let_go(connection, DEFAULT_PROJECT, name)
        make_due(connection, DEFAULT_PROJECT, name, now)
        if not after.enabled:
            drop_waiting(connection, DEFAULT_PROJECT, name, "the channel was switched off", now)
        return read_channel(connection, services, name)


def delete_channel(services: Services, name: str) -> None:
    """Forget a channel, and drop what waits for it; raises `NotFound` or `Conflict`."""
    with writing(services.engine) as connection:
        stored.delete_channel(connection, own_channel(connection, services, name))
        drop_waiting(connection, DEFAULT_PROJECT, name, "the channel was deleted", services.clock())


def own_channel(connection: Connection, services: Services, name: str) -> Channel:
    """The channel of that name, which people may change."""
    found = stored.get_channel(connection, DEFAULT_PROJECT, name, services.settings.webhook_url)
    refuse_built_in(found)
    return found


def refuse_built_in(channel: Channel | None) -> None:
    """Raises `Conflict` for the channel that the operator set."""
    if channel is not None and channel.built_in:
        raise Conflict(
            f"the channel {channel.name!r} is set by the operator", hint="webhook_url in the server's settings"
        )


def changed(channel: Channel, wanted: Changes, kind: Notifier, services: Services, now_us: int) -> Channel:
    """The channel with the changes in it; raises `Refused` when something is missing then.

    Secrets that no key opens any more are gone: they must be entered anew.
    """
    vault = services.vault
    try:
        secrets: Mapping[str, str] = vault.unseal(channel.sealed)
    except CorruptData:
        secrets = {}
    before = {**channel.fields, **secrets}
    refuse_to_move(kind, channel.fields, secrets, wanted.fields)
    told = {name: value for name, value in {**before, **wanted.fields}.items() if value is not None}
    missing = next((each for each in kind.fields if each.required and not (each.default or told.get(each.name))), None)
    if missing is not None:
        raise refused(missing.name, "is missing", missing.hint)
    if wanted.fields:
        refuse_unfit(kind, told, test_message(services, channel.name))
    hidden = {each.name for each in kind.fields if each.secret}
    kept = {name: value for name, value in told.items() if name in hidden}
    sealed = channel.sealed if kept == secrets and channel.sealed else vault.seal(kept)
    return replace(
        channel,
        fields={name: value for name, value in told.items() if name not in hidden},
        sealed=sealed,
        min_level=wanted.min_level or channel.min_level,
        models=wanted.models or channel.models,
        enabled=channel.enabled if wanted.enabled is None else wanted.enabled,
        updated_us=now_us,
    )


class ReadyToLeave(Exception):
    """A message could go out now."""


def refuse_unfit(kind: Notifier, told: Mapping[str, str], message: Notification) -> None:
    """Raises `Refused` for fields with which no message could ever leave; nothing is sent. Apprise is left out: it
    opens connections of its own."""
    if kind.kind == "apprise":
        return
    with suppress(ReadyToLeave):
        went = kind.deliver(replace(message, picture=None), told, {}, Transport(looked_at, ready, lambda: message.at))
        if went.permanent:
            raise refused("fields", f"cannot be used: {went.error}")


def looked_at(call: Call) -> Answer:
    """The answer to a call whose address is none."""
    try:
        parts = urlsplit(call.url)
        plain = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
    except ValueError:
        plain = False
    if plain:
        raise ReadyToLeave
    said = "the address must begin with http:// or https://, name a host, and hold no user name or password"
    return Answer(0, error=said, refused=True)


def ready(_letter: Letter) -> Answer:
    """A letter that could be posted."""
    raise ReadyToLeave


def refuse_to_move(
    kind: Notifier, before: Mapping[str, str], secrets: Mapping[str, str], wanted: Mapping[str, str | None]
) -> None:
    """Raises `Refused` where a stored secret would go to another place than it was entered for."""
    moved = [
        each.title
        for each in kind.fields
        if each.where
        and each.name in wanted
        and (wanted[each.name] or each.default) != before.get(each.name, each.default)
    ]
    kept = next(
        (each for each in kind.fields if each.secret and each.name in secrets and each.name not in wanted), None
    )
    if moved and kept is not None:
        hint = f"what is stored was entered for another place: {', '.join(moved)} would change"
        raise refused(kept.name, "must be entered anew, or null", hint)


def test_channel(services: Services, name: str) -> Tested:
    """Send a test message at once; raises `NotFound`. How it went is the channel's state, too."""
    with reading(services.engine) as connection:
        channel = stored.get_channel(connection, DEFAULT_PROJECT, name, services.settings.webhook_url)
    begun = time.monotonic()
    went = services.send(channel, test_message(services, name), {})
    seconds = time.monotonic() - begun
    with writing(services.engine) as connection:
        stored.note_test(connection, channel, "" if went.delivered else went.error, services.clock())
    return Tested(went.delivered, went.permanent, went.error, round(seconds, 3))


def test_message(services: Services, name: str) -> Notification:
    """What a test tells."""
    settings, key = services.settings, f"test-{uuid4().hex}"
    now = services.clock() / 1e6
    return Notification(
        key=key,
        group=key,
        project=DEFAULT_PROJECT,
        channel=name,
        told=Told.TEST,
        level=Level.NOTICE,
        title="A test message: this channel works",
        at=now,
        url=settings.public_url.rstrip("/") or address(settings.host, settings.port),
        notes=("Somebody pressed “Send a test message”. Nothing is wrong.",),
        picture=replace(EXAMPLE, times=tuple(now - 8 * 3600.0 + each for each in EXAMPLE.times)),
    )
