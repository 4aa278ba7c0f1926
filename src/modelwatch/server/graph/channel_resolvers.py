"""What the fields about channels and messages do. Changes are the bodies of REST, so that both faces take the same."""

from __future__ import annotations

from typing import Annotated, Any

import strawberry
from strawberry.scalars import JSON

from modelwatch.alerts.notifiers.contract import Notifier
from modelwatch.core.wire import DEFAULT_PROJECT
from modelwatch.errors import InvalidRequest
from modelwatch.server.graph.alert_resolvers import alert_number, within
from modelwatch.server.graph.context import Info
from modelwatch.server.permission import require
from modelwatch.server.queries import channel_changes, messages
from modelwatch.server.queries.channels import ShownChannel, kinds, read_channels
from modelwatch.store.channels import find_channel

MessageId = Annotated[strawberry.ID, strawberry.argument(name="id")]


def channels(info: Info) -> list[ShownChannel]:
    """Where people are told, and how each channel is doing."""
    return read_channels(info.context.connection, info.context.services)


def channel_kinds(_info: Info) -> list[Notifier]:
    """The kinds of channels, and what each must be told."""
    return kinds()


def channel_messages(
    info: Info,
    states: list[str] | None = None,
    channel: str | None = None,
    before: strawberry.ID | None = None,
    limit: int = 50,
) -> list[messages.ShownMessage]:
    """Messages to channels, the newest first."""
    cursor = None if before is None else alert_number(before)
    return messages.read_messages(info.context.connection, states, channel, cursor, within(limit))


def save_channel(info: Info, name: str, changes: JSON, kind: str | None = None) -> ShownChannel:
    """Changes the channel of that name; with a kind, makes it when there is none."""
    require(info.context.permissions, "write")
    services, said = info.context.services, body(changes)
    there = find_channel(info.context.connection, DEFAULT_PROJECT, name, services.settings.webhook_url)
    if there is None and kind is not None:
        return channel_changes.create_channel(services, {**said, "name": name, "kind": kind})
    return channel_changes.change_channel(services, name, said)


def delete_channel(info: Info, name: str) -> bool:
    """Forgets a channel with its secrets; what waits for it is dropped."""
    require(info.context.permissions, "write")
    channel_changes.delete_channel(info.context.services, name)
    return True


def test_channel(info: Info, name: str) -> channel_changes.Tested:
    """Sends a test message at once."""
    require(info.context.permissions, "write")
    return channel_changes.test_channel(info.context.services, name)


def retry_message(info: Info, message_id: MessageId) -> messages.ShownMessage:
    """What was given up waits again."""
    require(info.context.permissions, "write")
    context = info.context
    return messages.retry(context.services.engine, alert_number(message_id), context.wall_us)


def drop_message(info: Info, message_id: MessageId) -> messages.ShownMessage:
    """What was given up is no longer shown as a fault of its channel."""
    require(info.context.permissions, "write")
    context = info.context
    return messages.drop(context.services.engine, alert_number(message_id), context.wall_us)


def body(changes: object) -> dict[str, Any]:
    """Changes as the object that they must be."""
    if not isinstance(changes, dict):
        raise InvalidRequest("changes must be an object", hint='for example {"min_level": "critical"}')
    return changes
