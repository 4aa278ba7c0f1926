"""A model whose alerts are put into the database by hand, actions on them, and the job that does what is due."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, update

from modelwatch.alerts.notifiers.contract import Answer, Call, Letter, Transport
from modelwatch.core.window import HOUR_US
from modelwatch.jobs.addresses import allowed
from modelwatch.jobs.outgoing import Outgoing, trusted
from modelwatch.jobs.remediate import Remediate
from modelwatch.server.queries.actions import save_action
from modelwatch.store import action_runs, alerts, models
from modelwatch.store.action_runs import RunFilter, RunRow
from modelwatch.store.alerts import EventRow
from modelwatch.store.engine import reading, writing
from modelwatch.store.tables import alerts as table
from modelwatch.store.vault import Vault

NOW_US = 1_790_000_000_000_000
HOOK = {
    "url": "https://hooks.example.com/retrain",
    "secret": "sign-me",
    "secret_headers": {"Authorization": "Bearer t0ken"},
}
URL = "http://watch.example.org"


@dataclass
class Clock:
    """Wall time that only a test moves."""

    now_us: int = NOW_US

    def __call__(self) -> int:
        return self.now_us

    def forward(self, hours: float) -> None:
        self.now_us += int(hours * HOUR_US)


@dataclass
class Way:
    """A way out that answers with the next of `answers`, then with 200, and keeps what went out."""

    answers: list[Answer] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    clock: Callable[[], int] = lambda: NOW_US

    def __call__(self, seconds: float) -> Transport:
        self.seconds.append(seconds)
        return Transport(self.http, self.smtp, lambda: self.clock() / 1e6)

    def http(self, call: Call) -> Answer:
        self.calls.append(call)
        return self.answers.pop(0) if self.answers else Answer(200, {}, b'{"run": "started"}')

    def smtp(self, _letter: Letter) -> Answer:
        raise AssertionError("an action sends no mail")


def over_loopback(seconds: float) -> Transport:
    """The guarded way out, which may reach loopback."""
    return Outgoing(allowed("127.0.0.1"), trusted(""), deadline_s=seconds).transport()


@dataclass
class Place:
    """A data folder with one model, its actions and the job."""

    engine: Engine
    folder: Path
    clock: Clock = field(default_factory=Clock)
    way: Way = field(default_factory=Way)
    number: int = 0

    def __post_init__(self) -> None:
        self.way.clock = self.clock
        self.vault = Vault(self.folder)
        self.job = Remediate(self.engine, self.vault, self.way, URL, self.clock)

    def model(self, name: str = "fraud") -> tuple[int, int]:
        """(model, deployment) of that name."""
        with writing(self.engine) as connection:
            model = models.ensure_model(connection, "default", name, 0)
            deployment = models.ensure_deployment(connection, model.id, "production", "2.1.0", 0)
            models.update_deployments(connection, [{"id": deployment.id, "last_event_us": self.clock()}])
        return model.id, deployment.id

    def alert(self, hours_ago: float = 1.0, kind: str = "concept_drift", model: str = "fraud", **more: Any) -> int:
        """An alert that opened some hours ago and still fires."""
        model_id, deployment_id = self.model(model)
        opened = self.clock() - int(hours_ago * HOUR_US)
        values = {
            "model_id": model_id,
            "deployment_id": deployment_id,
            "kind": kind,
            "level": "critical",
            "status": "firing",
            "title": "Concept drift: error rate rose by 0.11",
            "items": "[]",
            "peak_level": "critical",
            "peak_items": "[]",
            "historic": False,
            "by_hand": False,
            "opened_us": opened,
            "checked_us": self.clock(),
        }
        with writing(self.engine) as connection:
            return alerts.insert_alert(connection, {**values, **more})

    def change(self, alert_id: int, **values: Any) -> None:
        """Change an alert as a check or a person would."""
        with writing(self.engine) as connection:
            connection.execute(update(table).where(table.c.id == alert_id).values(**values))

    def act(self, **said: Any) -> None:
        """An action on concept drift that is real and asks nobody, unless told else."""
        plain = {"name": "retrain", "on": ["concept_drift"], "dry_run": False, "approval": False}
        done = {} if "python" in said else {"webhook": HOOK}
        save_action(self.engine, self.vault, {**plain, **done, **said}, self.clock())

    def step(self) -> None:
        """One step of the job, to its end."""
        self.job.step()
        self.job.settle()

    def runs(self, **wanted: Any) -> list[RunRow]:
        """The runs, the newest first."""
        with reading(self.engine) as connection:
            return action_runs.list_runs(connection, RunFilter("default", **wanted), 100)

    def run(self) -> RunRow:
        """The one run that there is."""
        [found] = self.runs()
        return found

    def told(self, alert_id: int) -> list[EventRow]:
        """What the history of an alert says of actions, the oldest line first."""
        with reading(self.engine) as connection:
            lines = alerts.list_events(connection, alert_id)
        return [line for line in reversed(lines) if line.kind in ("action", "not_acted")]


def sent(call: Call) -> dict[str, Any]:
    """The body of a request."""
    said: dict[str, Any] = json.loads(call.body)
    return said
