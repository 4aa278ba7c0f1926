"""Channels as they are shown: what was entered but for secrets, whom they tell, and how they are doing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from modelwatch.alerts.notifiers import NOTIFIERS
from modelwatch.alerts.notifiers.contract import Field, Notifier
from modelwatch.core.level import SEVERITY
from modelwatch.core.wire import DEFAULT_PROJECT
from modelwatch.errors import CorruptData
from modelwatch.server.services import Services
from modelwatch.store import channels as stored
from modelwatch.store.channels import Channel, ChannelState
from modelwatch.store.messages import DEAD, WAITING
from modelwatch.store.vault import LOCKED, LOCKED_HINT, Vault


@dataclass(frozen=True, slots=True)
class FieldValue:
    """One thing that the channel was told. A secret's `value` is never shown: `set` says whether there is one."""

    name: str
    title: str
    secret: bool
    set: bool
    value: str | None


@dataclass(frozen=True, slots=True)
class ShownChannel:
    """One channel. `fault` says in words what is wrong with it now, '' when nothing is; `error` is what went wrong
    last, even when it was delivered later. Times are wall time."""

    name: str
    kind: str
    title: str
    values: list[FieldValue]
    min_level: str
    models: list[str]
    enabled: bool
    built_in: bool
    fault: str
    waiting: int
    dead: int
    sent: int
    delivered_at: int | None
    failed_at: int | None
    error: str
    held_until: int | None

    @property
    def fields(self) -> dict[str, str]:
        """The values that may be shown."""
        return {each.name: each.value for each in self.values if each.value is not None}

    @property
    def secrets(self) -> dict[str, bool]:
        """Whether each secret is set."""
        return {each.name: each.set for each in self.values if each.secret}


def kinds() -> list[Notifier]:
    """The kinds of channels that there are, by title."""
    return sorted(NOTIFIERS.values(), key=lambda each: each.title.lower())


def read_channels(connection: Connection, services: Services, project: str = DEFAULT_PROJECT) -> list[ShownChannel]:
    """The channels of a project."""
    found = stored.list_channels(connection, project, services.settings.webhook_url)
    return shown(connection, found, services, project)


def read_channel(connection: Connection, services: Services, name: str, project: str = DEFAULT_PROJECT) -> ShownChannel:
    """One channel; raises `NotFound`."""
    found = stored.get_channel(connection, project, name, services.settings.webhook_url)
    return shown(connection, [found], services, project)[0]


def shown(connection: Connection, found: Sequence[Channel], services: Services, project: str) -> list[ShownChannel]:
    """Channels with how they are doing."""
    states = stored.load_states(connection, project)
    counts = stored.count_messages(connection, project)
    now, vault = services.clock(), services.vault
    return [
        whole(
            channel,
            states.get(channel.name, ChannelState("")),
            counts.get((channel.name, WAITING), 0),
            counts.get((channel.name, DEAD), 0),
            vault,
            now,
        )
        for channel in found
    ]


def whole(channel: Channel, state: ChannelState, waiting: int, dead: int, vault: Vault, now_us: int) -> ShownChannel:
    """Everything that a page shows of a channel."""
    notifier = NOTIFIERS.get(channel.kind)
    secrets = known_secrets(channel, vault)
    held = state.held_us if state.held_us is not None and state.held_us > now_us else None
    return ShownChannel(
        name=channel.name,
        kind=channel.kind,
        title=channel.kind if notifier is None else notifier.title,
        values=[value_of(each, channel, secrets) for each in (notifier.fields if notifier is not None else ())],
        min_level=SEVERITY.get(channel.min_level, "warning"),
        models=list(channel.models),
        enabled=channel.enabled,
        built_in=channel.built_in,
        fault=fault_of(notifier, secrets is None, state, dead),
        waiting=waiting,
        dead=dead,
        sent=state.sent,
        delivered_at=state.delivered_us,
        failed_at=state.failed_us,
        error=state.error,
        held_until=held,
    )


def known_secrets(channel: Channel, vault: Vault) -> set[str] | None:
    """The names of the secrets that are set; None when no key opens them."""
    try:
        return set(channel.secrets(vault))
    except CorruptData:
        return None


def value_of(each: Field, channel: Channel, secrets: set[str] | None) -> FieldValue:
    """A field as it may be shown; what the operator set as an address may hold a secret, so it is none."""
    if each.secret or each.name in channel.given:
        return FieldValue(each.name, each.title, True, secrets is not None and each.name in secrets, None)
    value = channel.fields.get(each.name)
    return FieldValue(each.name, each.title, False, value is not None, value)


def fault_of(notifier: Notifier | None, locked: bool, state: ChannelState, dead: int) -> str:
    """What is wrong with a channel now."""
    if notifier is None:
        return "this version does not know its kind"
    if locked:
        return f"{LOCKED}; {LOCKED_HINT}"
    if dead:
        return f"{dead:,} {'message was' if dead == 1 else 'messages were'} not delivered"
    return f"the last try failed: {state.error}" if state.error else ""
