"""What the app is given. It opens none of it and closes none of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import Connection, Engine

from modelwatch.alerts.notification import Notification
from modelwatch.alerts.notifiers.contract import Delivery, Said
from modelwatch.lake.contract import Lake
from modelwatch.log import Log
from modelwatch.server.answers import Answers
from modelwatch.server.meters import Meters
from modelwatch.server.single_label import Matcher
from modelwatch.settings import Settings
from modelwatch.store.channels import Channel
from modelwatch.store.vault import Vault


def unsent(_channel: Channel, _told: Notification, _thread: Said) -> Delivery:
    """The answer of a server that has no way out."""
    return Delivery(False, True, "this server sends nothing")


def undigested(_connection: Connection, _channel: str, _now_us: int) -> Notification | None:
    """The digest of a server that makes none."""
    return None


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that a request may need.

    `clock` is the wall clock in microseconds since 1970 UTC, `uploads` the folder in which reference files wait for
    the fold, `lake` opens the raw rows, when somebody asks for some, `matcher` looks there for the predictions of
    single labels (None: nothing is said of them), `consumer` is the name under which the fold keeps its place in the
    log, `dashboard` the folder of the built dashboard, which may be missing, `searches` are
    answers for which rows were read, `send` makes one try to tell a channel something, `digest` is what the
    next digest of a channel would say.
    """

    settings: Settings
    engine: Engine
    log: Log
    clock: Callable[[], int]
    uploads: Path
    lake: Callable[[], Lake]
    consumer: str = "fold"
    matcher: Matcher | None = None
    dashboard: Path = Path(__file__).parent / "dashboard"
    searches: Answers = field(default_factory=Answers)
    send: Callable[[Channel, Notification, Said], Delivery] = unsent
    digest: Callable[[Connection, str, int], Notification | None] = undigested

    @property
    def vault(self) -> Vault:
        """What seals and opens secrets."""
        return Vault(self.settings.folder, self.settings.secret_key)


async def given_services(request: Request) -> Services:
    """The services that the app was made with."""
    services: Services = request.app.state.services
    return services


async def given_meters(request: Request) -> Meters:
    """The app's own measurements."""
    meters: Meters = request.app.state.meters
    return meters


Given = Annotated[Services, Depends(given_services)]
Measured = Annotated[Meters, Depends(given_meters)]
