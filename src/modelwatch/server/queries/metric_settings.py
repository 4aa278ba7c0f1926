"""Whether the metrics that a user asks for can be computed of a model's rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from modelwatch.errors import InvalidRequest
from modelwatch.metrics import ColumnInfo, check_metric, visible_columns
from modelwatch.monitors.custom.watched import watched_metrics
from modelwatch.store import models


def model_columns(connection: Connection, model_id: int) -> list[ColumnInfo]:
    """The columns that a metric of the model may read: those of all its versions."""
    schemas = [each.schema for each in models.list_deployments(connection, model_id) if each.schema is not None]
    return visible_columns(column for schema in schemas for column in schema.columns)


def computable(connection: Connection, model_id: int, said: Sequence[Mapping[str, Any]]) -> None:
    """Raises `InvalidRequest`, which names the metric, for the first one that cannot be computed."""
    columns = model_columns(connection, model_id)
    for each in watched_metrics(said):
        try:
            check_metric(each.metric, columns)
        except InvalidRequest as error:
            raise InvalidRequest(f"metric {each.metric.name[:100]!r}: {error.message}", hint=error.hint) from error
