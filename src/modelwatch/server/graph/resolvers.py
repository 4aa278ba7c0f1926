"""What the fields with arguments do: find the subject, call a query."""

from __future__ import annotations

from typing import Annotated

import strawberry

from modelwatch.core.wire import DEFAULT_ENVIRONMENT, Role
from modelwatch.errors import NotFound
from modelwatch.monitors.drift.methods import Method
from modelwatch.server.graph.alert_resolvers import within
from modelwatch.server.graph.context import Info
from modelwatch.server.graph.enums import ColumnRole, DateTime, DriftMetric
from modelwatch.server.queries.alarms import FalseAlarms, false_alarms
from modelwatch.server.queries.column import (
    Compared,
    Detail,
    History,
    read_column,
    read_distribution,
    read_history,
    read_methods,
)
from modelwatch.server.queries.drift import DriftMap, drift_map
from modelwatch.server.queries.fleet import Summary, read_fleet
from modelwatch.server.queries.model import ModelDetail, SchemaChange, read_model, read_schema_changes
from modelwatch.server.queries.on_request import OnRequest, methods_at
from modelwatch.server.queries.quality import Quality, read_quality
from modelwatch.server.queries.rates import RateMap, rate_map
from modelwatch.server.queries.segments import asked_segment
from modelwatch.server.queries.subject import find_subject
from modelwatch.server.state import SystemState, system_state

ModelName = Annotated[str, strawberry.argument(name="id")]
Segment = Annotated[str, strawberry.argument(description="the label or key of a watched segment; '' is the whole")]


def system(info: Info) -> SystemState:
    """How the server itself is doing."""
    context = info.context
    return system_state(context.connection, context.services, context.meters, context.wall_us)


def models(info: Info) -> list[Summary]:
    """Every model with its state."""
    context = info.context
    return read_fleet(context.connection, context.wall_us, context.services.settings.hold_rows)


def model(
    info: Info, name: ModelName, environment: str = DEFAULT_ENVIRONMENT, version: str | None = None
) -> ModelDetail | None:
    """One model, or null when there is none of that name, environment or version."""
    context = info.context
    try:
        subject = find_subject(context.connection, name, context.wall_us, environment, version)
    except NotFound:
        return None
    return read_model(context.connection, subject, context.services.settings.hold_rows)


def schema_changes(root: strawberry.Parent[ModelDetail], info: Info, limit: int = 50) -> list[SchemaChange]:
    """Recorded schema changes, the newest first."""
    return read_schema_changes(info.context.connection, root.subject, within(limit))


def model_alarms(root: strawberry.Parent[ModelDetail], info: Info) -> FalseAlarms:
    """The false alarms that the settings make in a month."""
    return false_alarms(info.context.connection, root.subject)


def drift(
    root: strawberry.Parent[ModelDetail],
    info: Info,
    metric: DriftMetric = DriftMetric.PSI,
    start: DateTime | None = None,
    end: DateTime | None = None,
    segment: Segment = "",
) -> DriftMap:
    """The heat map, of the whole or of one segment."""
    return drift_map(info.context.windows(asked_segment(root.subject, segment), start, end), metric.value)


def rates(
    root: strawberry.Parent[ModelDetail], info: Info, start: DateTime | None = None, end: DateTime | None = None
) -> RateMap:
    """Every kind of unusable row of every column."""
    return rate_map(info.context.windows(root.subject, start, end))


def quality(
    root: strawberry.Parent[ModelDetail], info: Info, start: DateTime | None = None, end: DateTime | None = None
) -> Quality:
    """Different values and repeated ids in the newest window."""
    return read_quality(info.context.connection, root.subject, info.context.windows(root.subject, start, end))


def column(
    root: strawberry.Parent[ModelDetail],
    info: Info,
    name: str,
    role: ColumnRole = ColumnRole.FEATURE,
    segment: Segment = "",
) -> Detail | None:
    """One column, of the whole or of one segment, or null."""
    subject = asked_segment(root.subject, segment)
    windows = info.context.windows(subject, None, None)
    return read_column(info.context.connection, subject, name, Role(role.value), windows)


def methods(root: strawberry.Parent[Detail], info: Info, end: DateTime | None = None) -> list[Method]:
    """Every method's figure in one window."""
    return read_methods(info.context.connection, root.subject, root.key, end)


def on_request(root: strawberry.Parent[Detail], info: Info, end: DateTime | None = None) -> list[OnRequest]:
    """The methods that no check stores, computed now, in one window."""
    return methods_at(info.context.connection, root.subject, root.key, end)


def distribution(root: strawberry.Parent[Detail], info: Info, end: DateTime | None = None) -> Compared | None:
    """The column in one window beside the reference."""
    return read_distribution(info.context.connection, root.subject, root.key, end)


def history(
    root: strawberry.Parent[Detail], info: Info, start: DateTime | None = None, end: DateTime | None = None
) -> History:
    """All metrics of the column over time."""
    return read_history(info.context.windows(root.subject, start, end), root.key)
