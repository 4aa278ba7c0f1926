"""Models and their deployments (one deployment is one version in one environment)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Row, select, update

from modelwatch.core.column import Schema
from modelwatch.core.level import Level
from modelwatch.core.window import DAY_US
from modelwatch.store.tables import deployments, models
from modelwatch.store.upsert import upsert

HORIZON_DAYS: Final = 30.0
"""How long labels may take where nobody said it."""


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One model of a project; `binning_hash` is None until a reference stands."""

    id: int
    project: str
    name: str
    task: str
    settings: dict[str, Any]
    binning_hash: str | None

    @property
    def horizon_us(self) -> int:
        """How long a prediction may wait for its label, and a label for its prediction, in microseconds."""
        return int(float(self.settings.get("label_horizon_days") or HORIZON_DAYS) * DAY_US)


@dataclass(frozen=True, slots=True)
class DeploymentRow:
    """One version of a model in one environment, and what has been seen of it."""

    id: int
    model_id: int
    environment: str
    version: str
    seen_us: int
    first_event_us: int | None
    last_event_us: int | None
    last_arrival_us: int | None
    live_us: int | None
    rows: int
    schema: Schema | None
    length_us: int | None
    level: Level
    level_since_us: int | None
    checked_us: int | None

    def now_us(self, wall_us: int) -> int:
        """The deployment's own now: the wall clock once it is live, else its newest event."""
        if self.live_us is not None or self.last_event_us is None:
            return wall_us
        return self.last_event_us


def model_row(row: Row[Any]) -> ModelRow:
    """A row of `models` as a value."""
    return ModelRow(row.id, row.project, row.name, row.task, json.loads(row.settings), row.binning_id)


def deployment_row(row: Row[Any]) -> DeploymentRow:
    """A row of `deployments` as a value."""
    return DeploymentRow(
        row.id,
        row.model_id,
        row.environment,
        row.version,
        row.seen_us,
        row.first_event_us,
        row.last_event_us,
        row.last_arrival_us,
        row.live_us,
        row.rows,
        Schema.from_json(json.loads(row.schema)) if row.schema else None,
        row.length_us,
        Level(row.level),
        row.level_since_us,
        row.checked_us,
    )


def find_model(connection: Connection, project: str, name: str) -> ModelRow | None:
    """The model of that name, or None."""
    row = connection.execute(select(models).where(models.c.project == project, models.c.name == name)).one_or_none()
    return None if row is None else model_row(row)


def get_model(connection: Connection, model_id: int) -> ModelRow:
    """The model with that id, which must exist."""
    return model_row(connection.execute(select(models).where(models.c.id == model_id)).one())


def ensure_model(connection: Connection, project: str, name: str, now_us: int) -> ModelRow:
    """The model of that name, made now when it is new."""
    upsert(
        connection,
        models,
        [{"project": project, "name": name, "created_us": now_us}],
        ["project", "name"],
        keep=["created_us"],
    )
    found = find_model(connection, project, name)
    assert found is not None
    return found


def ensure_deployment(
    connection: Connection, model_id: int, environment: str, version: str, now_us: int
) -> DeploymentRow:
    """The deployment of that version, made now when it is new."""
    upsert(
        connection,
        deployments,
        [{"model_id": model_id, "environment": environment, "version": version, "seen_us": now_us}],
        ["model_id", "environment", "version"],
        keep=["seen_us"],
    )
    where = (
        deployments.c.model_id == model_id,
        deployments.c.environment == environment,
        deployments.c.version == version,
    )
    return deployment_row(connection.execute(select(deployments).where(*where)).one())


def list_models(connection: Connection, project: str) -> list[ModelRow]:
    """All models of a project, by name."""
    rows = connection.execute(select(models).where(models.c.project == project).order_by(models.c.name))
    return [model_row(row) for row in rows]


def list_deployments(connection: Connection, model_id: int | None = None) -> list[DeploymentRow]:
    """The deployments of one model, or of all; first seen first."""
    query = select(deployments).order_by(deployments.c.seen_us, deployments.c.id)
    if model_id is not None:
        query = query.where(deployments.c.model_id == model_id)
    return [deployment_row(row) for row in connection.execute(query)]


def get_models(connection: Connection, model_ids: Sequence[int]) -> list[ModelRow]:
    """The models with those ids, a few hundred at most."""
    return [model_row(row) for row in connection.execute(select(models).where(models.c.id.in_(model_ids)))]


def deployments_of(connection: Connection, model_ids: Sequence[int]) -> list[DeploymentRow]:
    """The deployments of some models, a few hundred at most; first seen first."""
    query = select(deployments).where(deployments.c.model_id.in_(model_ids))
    return [deployment_row(row) for row in connection.execute(query.order_by(deployments.c.seen_us, deployments.c.id))]


def get_deployment(connection: Connection, deployment_id: int) -> DeploymentRow:
    """The deployment with that id, which must exist."""
    return deployment_row(connection.execute(select(deployments).where(deployments.c.id == deployment_id)).one())


def versions_beside(connection: Connection, deployment_id: int) -> list[int]:
    """The ids of all versions of the same model in the same environment, this one included; first seen first."""
    own = get_deployment(connection, deployment_id)
    rows = list_deployments(connection, own.model_id)
    return [row.id for row in rows if row.environment == own.environment]


def set_schema(connection: Connection, deployment_id: int, schema: Schema) -> None:
    """Freeze (or extend) the schema of a deployment."""
    connection.execute(
        update(deployments).where(deployments.c.id == deployment_id).values(schema=json.dumps(schema.to_json()))
    )


def set_binning(connection: Connection, model_id: int, binning_hash: str) -> None:
    """Make a stored binning the one that new profiles of the model are counted on."""
    connection.execute(update(models).where(models.c.id == model_id).values(binning_id=binning_hash))


def set_settings(connection: Connection, model_id: int, task: str, settings: dict[str, Any]) -> None:
    """Replace the settings of a model."""
    connection.execute(update(models).where(models.c.id == model_id).values(task=task, settings=json.dumps(settings)))


def update_deployments(connection: Connection, rows: Iterable[dict[str, Any]]) -> None:
    """Write columns of deployments; each row holds its `id` and the columns to set."""
    for row in rows:
        values = {name: value for name, value in row.items() if name != "id"}
        connection.execute(update(deployments).where(deployments.c.id == row["id"]).values(**values))


def newest(rows: Sequence[DeploymentRow]) -> DeploymentRow:
    """Of a model's deployments in one environment the one whose first event is the latest."""
    return max(rows, key=lambda row: (row.first_event_us is not None, row.first_event_us or 0, row.id))
