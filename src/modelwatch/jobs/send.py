"""One try to say a notification on a channel; what is told of how it went holds none of the channel's secrets."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import quote, urlsplit

from modelwatch.alerts.notification import Notification
from modelwatch.alerts.notifiers import NOTIFIERS
from modelwatch.alerts.notifiers.contract import Delivery, Notifier, Said, Transport
from modelwatch.errors import CorruptData
from modelwatch.store.channels import Channel
from modelwatch.store.vault import Vault

HIDDEN: Final = "***"
LEAST_HIDDEN: Final = 6
"""Characters of the part of an address that is hidden by itself; shorter ones are words such as `hooks`."""
logger = logging.getLogger("modelwatch.send")


@dataclass(frozen=True, slots=True)
class Send:
    """Says notifications. `ways` is guarded for what people enter, `operators` for the channel that the operator set,
    whose address is allowed by that."""

    vault: Vault
    ways: Transport
    operators: Transport
    notifiers: Mapping[str, Notifier] = field(default_factory=lambda: NOTIFIERS)

    def __call__(self, channel: Channel, told: Notification, thread: Said) -> Delivery:
        """Make one try; never raises. What cannot be decrypted is tried again: the key may come back."""
        notifier = self.notifiers.get(channel.kind)
        if notifier is None:
            return Delivery(False, True, f"this version knows no channels of the kind {channel.kind[:40]!r}")
        try:
            secrets = channel.secrets(self.vault)
        except CorruptData as error:
            return Delivery(False, False, error.message)
        ways = self.operators if channel.built_in else self.ways
        try:
            went = notifier.deliver(told, {**channel.fields, **secrets}, thread, ways)
        except Exception as error:  # the boundary of a channel's own code; its words may hold a secret
            logger.error("a channel of the kind %s failed: %s at %s", channel.kind, type(error).__name__, place(error))
            return Delivery(False, False, f"an error of modelwatch itself: {type(error).__name__}")
        return replace(went, error=hidden(went.error, secrets.values()))


def place(error: Exception) -> str:
    """Where an error was raised."""
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    return "" if last is None else f"{last.tb_frame.f_code.co_filename}:{last.tb_lineno}"


def hidden(text: str, secrets: Iterable[str]) -> str:
    """The text without any secret in it, as it is or percent-encoded, nor the telling parts of a secret address.

    >>> hidden("no such hook: /services/T012345/B0", ["https://hooks.example.org/services/T012345/B0"])
    'no such hook: ***'
    """
    parts = {each for secret in secrets for each in telling(secret) if each}
    for part in sorted(parts, key=len, reverse=True):
        text = text.replace(part, HIDDEN)
    return text


def telling(secret: str) -> list[str]:
    """What of a secret must not be seen."""
    if not secret:
        return []
    found = [secret, quote(secret, safe="")]
    for address in (each for each in secret.split() if "://" in each):
        try:
            parts = urlsplit(address)
        except ValueError:
            continue
        found += [address] if parts.scheme in ("http", "https") else [address, parts.netloc]
        asked = parts.path + (f"?{parts.query}" if parts.query else "")
        words = [*parts.path.split("/"), *parts.query.replace("=", "&").split("&")]
        found += [asked] if asked.strip("/") else []
        found += [parts.path] if len(parts.path) >= LEAST_HIDDEN else []
        found += [word for word in words if len(word) >= LEAST_HIDDEN]
    return found
