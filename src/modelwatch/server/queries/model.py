"""One model version: what is known of it, its versions, references, columns and schema changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from modelwatch.core.column import ColumnKey, ColumnType
from modelwatch.core.level import Level
from modelwatch.core.window import MIN_ROWS, grid
from modelwatch.core.wire import Role
from modelwatch.server.queries.reason import Checked, Standing, reason
from modelwatch.server.queries.reference import Reference, length_of, reference_of, references_of
from modelwatch.server.queries.subject import Subject
from modelwatch.server.queries.windows import load_binning
from modelwatch.store import drops, references
from modelwatch.store.checks import newest_check
from modelwatch.store.held import count_held, list_changes
from modelwatch.store.models import DeploymentRow, ModelRow

WATCHED: Final = frozenset(
    {
        Role.FEATURE,
        Role.EMBEDDING,
        Role.PREDICTION_LABEL,
        Role.PREDICTION_SCORE,
        Role.PREDICTION_VALUE,
        Role.PREDICTION_SCORES,
    }
)
"""The roles whose distributions the fold counts."""


@dataclass(frozen=True, slots=True)
class Column:
    """A watched column; `name` is its role where the role has one column only."""

    key: ColumnKey
    name: str
    role: Role
    kind: ColumnType


@dataclass(frozen=True, slots=True)
class Version:
    """One version with the span of its events."""

    version: str
    first_event: int
    last_event: int
    rows: float
    reference: Reference | None


@dataclass(frozen=True, slots=True)
class SchemaChange:
    """A column that came, went or changed its type after the schema was frozen; `at` is when it arrived."""

    version: str
    at: int
    role: str
    column: str
    change: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ModelDetail:
    """One model in one environment, seen through one of its versions. Times are event times. `client_dropped` are the
    rows of all its versions that senders say they dropped."""

    subject: Subject
    id: str
    environment: str
    version: str
    versions: list[Version]
    task: str
    positive_label: str | None
    level: Level
    since: int | None
    reason: str
    now: int
    live: bool
    first_event: int | None
    reference: Reference | None
    references: list[Reference]
    held_rows: int
    hold_target: int
    window_seconds: int
    grid_seconds: int
    min_rows: int
    columns: list[Column]
    breaks: list[int]
    client_dropped: int


def read_model(connection: Connection, subject: Subject, hold_rows: int) -> ModelDetail:
    """Everything of a model that does not need its windows; `hold_rows` become a reference where none was given."""
    model, deployment = subject.model, subject.deployment
    newest = newest_check(connection, subject.series)
    held = count_held(connection).get(model.id, 0)
    length = window_length(subject)
    names = [each["name"] or each["role"] for each in newest.raised] if newest else []
    checked = Checked(newest.rows, len(newest.levels), newest.drifted, names) if newest else None
    target = 0 if model.binning_hash else hold_rows
    standing = Standing(deployment.level, deployment.first_event_us is not None, held, target, checked)
    positive = model.settings.get("positive_label")
    reference = reference_of(connection, model, deployment, subject.now_us)
    lacking = reference.waiting if reference is not None and deployment.level is Level.INSUFFICIENT_DATA else None
    return ModelDetail(
        subject=subject,
        id=model.name,
        environment=deployment.environment,
        version=deployment.version,
        versions=[version_of(connection, model, row) for row in subject.versions if row.first_event_us is not None],
        task=model.task,
        positive_label=None if positive is None else str(positive),
        level=deployment.level,
        since=deployment.level_since_us,
        reason=lacking or reason(standing),
        now=subject.now_us,
        live=deployment.live_us is not None,
        first_event=deployment.first_event_us,
        reference=reference,
        references=references_of(connection, model, deployment),
        held_rows=held,
        hold_target=hold_rows,
        window_seconds=length // 1_000_000,
        grid_seconds=grid(length) // 1_000_000,
        min_rows=MIN_ROWS,
        columns=columns_of(connection, subject),
        breaks=breaks_of(connection, model.id),
        client_dropped=drops.total_drops(connection, model.project, model.name),
    )


def window_length(subject: Subject) -> int:
    """The length of the model's windows in microseconds."""
    return length_of(subject.model, subject.deployment)


def version_of(connection: Connection, model: ModelRow, row: DeploymentRow) -> Version:
    """A version that has sent something, as it was at its last event."""
    first, last = row.first_event_us or 0, row.last_event_us or 0
    return Version(row.version, first, last, float(row.rows), reference_of(connection, model, row, last))


def columns_of(connection: Connection, subject: Subject) -> list[Column]:
    """The watched columns: those of the binning, or of the schema while no reference stands."""
    model = subject.model
    if model.binning_hash is not None:
        binning = load_binning(connection, model.id, model.binning_hash)
        return [Column(c.key, c.key.name or c.key.role.value, c.key.role, c.type) for c in binning.columns]
    schema = subject.deployment.schema
    return [
        Column(c.key, c.key.name or c.key.role.value, c.key.role, c.type)
        for c in (schema.columns if schema else ())
        if c.key.role in WATCHED
    ]


def breaks_of(connection: Connection, model_id: int) -> list[int]:
    """When the binning was replaced, in event time; the first one replaces nothing."""
    return [row.event_us for row in references.list_binnings(connection, model_id)[1:] if row.event_us is not None]


def read_schema_changes(connection: Connection, subject: Subject, limit: int) -> list[SchemaChange]:
    """Recorded schema changes of all versions in the environment, the newest first."""
    versions = {row.id: row.version for row in subject.versions}
    return [
        SchemaChange(versions[r.deployment_id], r.at_us, r.role, r.name, r.change, r.before, r.after)
        for r in list_changes(connection, list(versions), limit)
    ]
