"""The channels, one file each: how each says a notification, without touching the network itself."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from modelwatch.alerts.notifiers import alertmanager, apprise, email, pagerduty, slack, slack_bot, teams, webhook
from modelwatch.alerts.notifiers.contract import Notifier

CHANNELS = (slack, slack_bot, email, pagerduty, teams, webhook, alertmanager, apprise)
NOTIFIERS: Final[Mapping[str, Notifier]] = MappingProxyType({each.NOTIFIER.kind: each.NOTIFIER for each in CHANNELS})
"""Every kind of channel by its name, in the order in which people are shown them."""
