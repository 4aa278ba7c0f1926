"""Hands a message to the library Apprise, which speaks to the services that have no file here.

It opens connections of its own, which the guard of outgoing requests does not see: it is used only where the operator
has said so.
"""

from __future__ import annotations

import logging
from types import ModuleType

from modelwatch.alerts import words
from modelwatch.alerts.notification import Notification, Told
from modelwatch.alerts.notifiers.contract import Delivery, Field, Notifier, Said, Transport
from modelwatch.core.level import Level
from modelwatch.errors import MissingExtra

KINDS = {Level.CRITICAL: "failure", Level.WARNING: "warning"}


def deliver(notification: Notification, said: Said, _thread: Said, ways: Transport) -> Delivery:
    """One message to each address. Apprise does not say why a service refused, so everything is tried again."""
    if "apprise" not in ways.unguarded:
        return Delivery(False, True, "the operator has not allowed it: outgoing_allow must name apprise")
    try:
        library = installed()
    except MissingExtra as error:
        return Delivery(False, True, str(error))
    sender = library.Apprise()
    addresses = said["urls"].split()
    if not addresses or not all(sender.add(address) for address in addresses):
        return Delivery(False, True, "an address is none that Apprise knows")
    title, _, body = words.plain(notification).partition("\n")
    try:
        went = sender.notify(body=body, title=title, notify_type=kind(notification), body_format="text")
    except Exception as error:  # code of many hands, reached with addresses that people typed
        return Delivery(False, error=f"Apprise failed: {type(error).__name__}")
    return Delivery(True) if went else Delivery(False, error="a service did not take it")


def installed() -> ModuleType:
    """The library, told to log nothing: it repeats addresses, which hold secrets. Raises `MissingExtra`."""
    try:
        import apprise
    except ImportError:
        raise MissingExtra("Apprise is not installed", hint="pip install 'modelwatch[apprise]'") from None
    logging.getLogger("apprise").disabled = True
    return apprise  # type: ignore[no-any-return]


def kind(notification: Notification) -> str:
    """The kind of message, for services that show one."""
    return "success" if notification.told is Told.RESOLVED else KINDS.get(notification.level, "info")


NOTIFIER = Notifier(
    kind="apprise",
    title="Other services (Apprise)",
    fields=(Field("urls", "Apprise addresses", secret=True, hint="one or more, separated by spaces"),),
    deliver=deliver,
)
