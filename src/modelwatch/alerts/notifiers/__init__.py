"""The channels, one file each: how each says a notification, without touching the network itself."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from modelwatch.alerts.notifiers import webhook
from modelwatch.alerts.notifiers.contract import Notifier

NOTIFIERS: Final[Mapping[str, Notifier]] = MappingProxyType({each.kind: each for each in (webhook.NOTIFIER,)})
"""Every kind of channel by its name."""
