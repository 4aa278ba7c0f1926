"""What the resolvers of one request share: one read transaction, and windows that are loaded once."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import ExitStack
from typing import Any

from sqlalchemy import Connection
from strawberry.types import Info as StrawberryInfo

from modelwatch.server.meters import Meters
from modelwatch.server.permission import Permission
from modelwatch.server.queries.performance import load_checks
from modelwatch.server.queries.subject import Subject
from modelwatch.server.queries.windows import Windows, load_windows
from modelwatch.server.services import Services
from modelwatch.store.engine import reading
from modelwatch.store.outcome_checks import OutcomeCheck
from modelwatch.store.profiles import Series


class Context:
    """Made for one request in one thread; `stack` closes what was opened."""

    def __init__(
        self, services: Services, meters: Meters, permissions: Collection[Permission], who: str, stack: ExitStack
    ) -> None:
        self.services, self.meters, self.permissions, self.who = services, meters, permissions, who
        self.wall_us = services.clock()
        self.stack = stack
        self.opened: Connection | None = None
        self.loaded: dict[tuple[Series, int | None, int | None], Windows | None] = {}
        self.looked: dict[tuple[Series, int | None, int | None], list[OutcomeCheck]] = {}

    @property
    def connection(self) -> Connection:
        """The read transaction, begun when the first resolver asks."""
        if self.opened is None:
            self.opened = self.stack.enter_context(reading(self.services.engine))
        return self.opened

    def windows(self, subject: Subject, start_us: int | None, end_us: int | None) -> Windows | None:
        """The checked windows of a range; many fields of one page ask for the same."""
        key = (subject.series, start_us, end_us)
        if key not in self.loaded:
            self.loaded[key] = load_windows(self.connection, subject, start_us, end_us)
        return self.loaded[key]

    def outcomes(self, subject: Subject, start_us: int | None, end_us: int | None) -> list[OutcomeCheck]:
        """The windows of outcomes of a range; a page asks for all metrics and for one."""
        key = (subject.series, start_us, end_us)
        if key not in self.looked:
            self.looked[key] = load_checks(self.connection, subject, start_us, end_us)
        return self.looked[key]


Info = StrawberryInfo[Context, Any]
