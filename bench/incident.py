"""`python -m bench incident`: 20 % of 1,000 models x 50 features drift at once for hours; how many messages is that?

The alerts are opened as the checker opens them, over its check interval, worsen, resolve and open again while the
incident goes on; they go through the real store and the real dispatch with a clock that jumps from one thing that is
due to the next, and every message is sent over loopback to a webhook that is really there. For comparison: one message
per model that fires and hour.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine, func, select

from bench.latency import receiver
from modelwatch.alerts.notification import Told, from_json
from modelwatch.alerts.persistence import Item
from modelwatch.core.column import ColumnKey
from modelwatch.core.level import Level
from modelwatch.core.wire import Role
from modelwatch.jobs.addresses import allowed
from modelwatch.jobs.deliver import Deliver
from modelwatch.jobs.dispatch import Telling, dispatch
from modelwatch.jobs.outgoing import Outgoing, host_of, trusted
from modelwatch.jobs.send import Send
from modelwatch.store import alerts, models
from modelwatch.store.engine import open_database, reading, writing
from modelwatch.store.migrate import migrate
from modelwatch.store.notify_tables import group_alerts, messages, notice_groups
from modelwatch.store.tables import alerts as table
from modelwatch.store.tables import models as models_table
from modelwatch.store.vault import Vault

SECOND: Final = 1_000_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
T0: Final = 1_790_000_000_000_000
INTERVAL: Final = 5 * MINUTE
"""How often each model is checked."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How large the incident is. `restless` is the share of alerts that resolve and open again, `critical` that of
    models that are at once critical."""

    models: int = 1_000
    features: int = 50
    share: float = 0.2
    hours: int = 6
    restless: float = 0.2
    critical: float = 0.3


@dataclass(slots=True)
class Result:
    """What came of it: the times of the messages since the beginning, in seconds, and the models that they reach."""

    sent: list[float] = field(default_factory=list)
    began: float = 0.0
    received: int = 0
    affected: int = 0
    reached_in_hour: int = 0
    naive: int = 0
    planning: list[float] = field(default_factory=list)

    def in_first_hour(self) -> int:
        """Messages in the hour after the first one."""
        return sum(at < self.sent[0] + 3600 for at in self.sent)

    def fewer(self) -> float:
        """The share of messages that is saved against one per model and hour."""
        return 1 - len(self.sent) / self.naive


class Incident:
    """The fleet, what drifts in it, and the clock."""

    def __init__(self, engine: Engine, scale: Scale, telling: Telling, deliver: Deliver, seed: int) -> None:
        self.engine, self.scale, self.telling, self.deliver = engine, scale, telling, deliver
        self.chance = random.Random(seed)
        self.now = T0
        self.result = Result()
        self.began = 0
        self.firing: dict[int, int] = {}
        self.places: list[tuple[int, int]] = []
        with writing(engine) as connection:
            for i in range(scale.models):
                row = models.ensure_model(connection, "default", f"model-{i}", T0)
                place = models.ensure_deployment(connection, row.id, "production", "1", T0)
                self.places.append((row.id, place.id))

    def items(self, level: Level) -> str:
        """The columns that drift: some of all features."""
        count = self.chance.randrange(1, self.scale.features + 1)
        names = self.chance.sample(range(self.scale.features), count)
        values = sorted((self.chance.uniform(0.1, 1.0) for _ in names), reverse=True)
        return alerts.items_to_json(
            [
                Item(ColumnKey(Role.FEATURE, f"x{n}"), level, v, 0.002, self.now)
                for n, v in zip(names, values, strict=True)
            ]
        )

    def open(self, model: int) -> None:
        """An alert opens."""
        level = Level.CRITICAL if self.chance.random() < self.scale.critical else Level.WARNING
        items = self.items(level)
        values: dict[str, Any] = {
            "model_id": self.places[model][0],
            "deployment_id": self.places[model][1],
            "kind": "data_drift",
            "level": level.value,
            "status": "firing",
            "title": "features drifted",
            "items": items,
            "peak_level": level.value,
            "peak_items": items,
            "historic": False,
            "opened_us": self.now,
            "checked_us": self.now,
            "by_hand": False,
            "changed_us": self.now,
        }
        with writing(self.engine) as connection:
            self.firing[model] = alerts.insert_alert(connection, values)

    def change(self, model: int, **values: object) -> None:
        """An alert changes."""
        with writing(self.engine) as connection:
            alerts.update_alert(connection, self.firing[model], {"changed_us": self.now, **values})

    def resolve(self, model: int) -> None:
        """An alert is over."""
        self.change(model, status="resolved", resolved_us=self.now)
        del self.firing[model]

    def run_to(self, until: int) -> None:
        """Plan and send whenever something is due."""
        while self.now < until:
            begun = time.perf_counter()
            dispatch(self.engine, self.telling, self.now)
            self.result.planning.append(time.perf_counter() - begun)
            self.deliver.step()
            self.deliver.settle()
            with reading(self.engine) as connection:
                due = [
                    connection.execute(select(func.min(column))).scalar()
                    for column in (table.c.changed_us, notice_groups.c.next_us)
                ]
            self.now = min([until, *(max(at, self.now + 1) for at in due if at is not None)])

    def run(self) -> Result:
        """The incident from its first alert to half a day after its end."""
        affected = self.chance.sample(range(self.scale.models), int(self.scale.models * self.scale.share))
        # each model's check has its own phase; two of three windows must agree, so drift is seen over some intervals
        opens = sorted((T0 + self.chance.randrange(4 * INTERVAL), model) for model in affected)
        events = [(at, "open", model) for at, model in opens]
        end = T0 + self.scale.hours * HOUR
        for at, model in opens:
            if self.chance.random() < self.scale.restless:
                over = at + self.chance.randrange(20 * MINUTE, 90 * MINUTE)
                events += [(over, "resolve", model), (over + self.chance.randrange(INTERVAL, HOUR), "open", model)]
            elif self.chance.random() < 0.2:
                events.append((at + self.chance.randrange(INTERVAL, 2 * HOUR), "worse", model))
            events.append((end + self.chance.randrange(HOUR), "resolve", model))
        hours = {(model, (at - T0) // HOUR) for at, _, model in events}
        hours |= {(model, h) for _, model in opens for h in range(self.scale.hours)}
        self.began = opens[0][0] - T0
        self.result.affected, self.result.naive = len(affected), len(hours)
        for at, what, model in sorted(events):
            self.run_to(at)
            self.now = at
            if what == "open" and model not in self.firing:
                self.open(model)
            elif what == "worse" and model in self.firing:
                self.change(model, level=Level.CRITICAL.value)
            elif what == "resolve" and model in self.firing:
                self.resolve(model)
        self.run_to(end + 12 * HOUR)
        self.count()
        return self.result

    def count(self) -> None:
        """What was told, and which models the first hour's messages name, or link by the page of their group."""
        with reading(self.engine) as connection:
            rows = connection.execute(select(messages).order_by(messages.c.created_us)).all()
            hour = [row for row in rows if row.created_us < rows[0].created_us + HOUR]
            linked = (
                select(models_table.c.name)
                .join(table, table.c.model_id == models_table.c.id)
                .join(group_alerts, group_alerts.c.alert_id == table.c.id)
                .where(group_alerts.c.group_id.in_({row.group_id for row in hour}))
                .where(group_alerts.c.joined_us <= hour[-1].created_us)
            )
            reached = set(connection.execute(linked).scalars())
        told = [from_json(row.body) for row in hour]
        assert told[0].told is Told.OPENED
        assert all(each.url for each in told)
        self.result.sent = [(row.created_us - T0) / 1e6 for row in rows]
        self.result.began = self.began / 1e6
        self.result.reached_in_hour = len(reached | {line.model for each in told for line in each.lines})


@contextmanager
def playing(folder: str, scale: Scale, seed: int) -> Iterator[tuple[Incident, Any]]:
    """An incident in a folder, with a webhook that is really there."""
    engine = open_database(Path(folder) / "modelwatch.db")
    migrate(engine)
    with receiver() as (hook, told):
        ways = Outgoing(allowed("", host_of(hook)), trusted("")).transport()
        deliver = Deliver(engine, Send(Vault(Path(folder), ""), ways, ways), lambda: T0, hook)
        incident = Incident(engine, scale, Telling("http://127.0.0.1:8470", hook), deliver, seed)
        deliver.clock = lambda: incident.now
        yield incident, told
        deliver.close()
    engine.dispose()


def replay(scale: Scale, seed: int = 7) -> Result:
    """One incident."""
    with (
        tempfile.TemporaryDirectory(prefix="modelwatch-bench-") as folder,
        playing(folder, scale, seed) as (played, told),
    ):
        result = played.run()
        result.received = told.qsize()
        return result


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=int, default=1_000)
    parser.add_argument("--hours", type=int, default=6)
    parser.add_argument("--seed", type=int, default=7)
    chosen = parser.parse_args()
    result = replay(Scale(models=chosen.models, hours=chosen.hours), chosen.seed)
    planning = sorted(result.planning)
    for name, value in (
        ("models that drift at once", f"{result.affected} of {chosen.models}"),
        ("seconds from the first alert to the first message", f"{result.sent[0] - result.began:.1f}"),
        ("messages in the first hour", f"{result.in_first_hour()}"),
        ("models that they name or link", f"{result.reached_in_hour} of {result.affected}"),
        ("messages over the whole incident, received", f"{len(result.sent)}, {result.received}"),
        ("one per model and hour would be", f"{result.naive}"),
        ("fewer", f"{result.fewer():.1%}"),
        ("minutes of the messages", " ".join(f"{at / 60:.0f}" for at in result.sent)),
        ("planning, ms: median, longest", f"{planning[len(planning) // 2] * 1e3:.0f}, {planning[-1] * 1e3:.0f}"),
    ):
        print(f"{name:<52}{value}")


if __name__ == "__main__":
    main()
