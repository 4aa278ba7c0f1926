"""A database with models, channels and alerts that are set by hand, and a clock that jumps to what is due next."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, func, select

from modelwatch.alerts.notification import Notification, from_json
from modelwatch.alerts.persistence import Item
from modelwatch.core.column import ColumnKey
from modelwatch.core.level import Level
from modelwatch.core.wire import Role
from modelwatch.jobs.dispatch import Telling, dispatch
from modelwatch.store import alerts, models
from modelwatch.store.channels import Channel, add_channel
from modelwatch.store.engine import reading, writing
from modelwatch.store.notify_tables import messages, notice_groups
from modelwatch.store.tables import alert_events
from modelwatch.store.tables import alerts as table

T0 = 1_790_000_000_000_000
SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


@dataclass
class Telltale:
    """What tests set and look at."""

    engine: Engine
    telling: Telling = field(default_factory=lambda: Telling("http://here", "http://hook"))
    now: int = T0

    def channel(self, name: str, **values: Any) -> None:
        with writing(self.engine) as connection:
            add_channel(connection, Channel(0, "default", name, str(values.pop("kind", "slack")), {}, b"", **values))

    def alert(self, model: str, level: Level = Level.WARNING, kind: str = "data_drift", **values: Any) -> int:
        """A new alert that fires; its model is made when it is new."""
        item = Item(ColumnKey(Role.FEATURE, "amount"), level, 0.41, 0.002, self.now)
        with writing(self.engine) as connection:
            row = models.ensure_model(connection, "default", model, self.now)
            deployment = models.ensure_deployment(connection, row.id, "production", "1", self.now)
            shown = {"title": "amount drifted, PSI 0.41", "items": alerts.items_to_json([item])}
            return alerts.insert_alert(
                connection,
                {
                    "model_id": row.id,
                    "deployment_id": deployment.id,
                    "kind": kind,
                    "level": level.value,
                    "status": "firing",
                    **shown,
                    "peak_level": level.value,
                    "peak_items": shown["items"],
                    "historic": False,
                    "opened_us": self.now,
                    "checked_us": self.now,
                    "by_hand": False,
                    "changed_us": self.now,
                    **values,
                },
            )

    def change(self, *alert_ids: int, **values: Any) -> None:
        with writing(self.engine) as connection:
            for alert_id in alert_ids:
                alerts.update_alert(connection, alert_id, {"changed_us": self.now, **values})

    def resolve(self, *alert_ids: int) -> None:
        self.change(*alert_ids, status="resolved", resolved_us=self.now)

    def step(self) -> int:
        return dispatch(self.engine, self.telling, self.now)

    def next_due(self) -> int | None:
        """When the next thing is due after now."""
        with reading(self.engine) as connection:
            found = [
                connection.execute(select(func.min(column))).scalar()
                for column in (table.c.changed_us, notice_groups.c.next_us)
            ]
        return min((at for at in found if at is not None), default=None)

    def run(self, until: int) -> None:
        """Plan whatever is due, when it is due, until then."""
        while True:
            self.step()
            at = self.next_due()
            if at is None or at > until:
                self.now = until
                return
            assert at > self.now, "a step left something due"
            self.now = at

    def told(self) -> list[Notification]:
        with reading(self.engine) as connection:
            return [from_json(row.body) for row in connection.execute(select(messages).order_by(messages.c.id))]

    def reasons(self, alert_id: int) -> dict[str, str]:
        with reading(self.engine) as connection:
            found: dict[str, str] = json.loads(
                connection.execute(select(table.c.reasons).where(table.c.id == alert_id)).scalar_one()
            )
            return found

    def history(self, alert_id: int, kind: str = "not_sent") -> list[str]:
        with reading(self.engine) as connection:
            events = select(alert_events.c.text).where(alert_events.c.alert_id == alert_id, alert_events.c.kind == kind)
            return list(connection.execute(events.order_by(alert_events.c.id)).scalars())
