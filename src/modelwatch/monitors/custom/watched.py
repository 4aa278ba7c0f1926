"""A metric that is watched: its thresholds, and how it is kept in a model's settings."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from modelwatch.core.window import MIN_ROWS
from modelwatch.monitors.custom.metric import Direction, Metric, MetricKind

MOST_METRICS: Final = 20
"""Metrics of one model."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A metric with the values from which on it matters, None for none; a window with fewer than `min_rows` rows that
    it is taken of says nothing."""

    metric: Metric
    warning: float | None = None
    critical: float | None = None
    min_rows: int = MIN_ROWS

    @property
    def bounded(self) -> bool:
        """Whether it has a threshold, so that it may raise an alert."""
        return self.warning is not None or self.critical is not None

    def to_json(self) -> dict[str, Any]:
        """The stored form, which is what a user writes: `from_json` is the way back."""
        metric = self.metric
        kind = "python" if metric.kind is MetricKind.PYTHON else "expression"
        return {
            "name": metric.name,
            kind: metric.expression,
            "unit": metric.unit,
            "direction": None if metric.direction is None else metric.direction.value,
            "warning": self.warning,
            "critical": self.critical,
            "min_rows": self.min_rows,
        }

    @staticmethod
    def from_json(said: Mapping[str, Any]) -> Watched:
        """The metric that `to_json` wrote.

        >>> Watched.from_json({"name": "loss", "expression": "avg(amount)"}).min_rows
        200
        """
        kind = MetricKind.PYTHON if "python" in said else MetricKind.SQL
        direction = said.get("direction")
        metric = Metric(
            said["name"],
            said["python"] if kind is MetricKind.PYTHON else said["expression"],
            kind,
            said.get("unit") or "",
            None if direction is None else Direction(direction),
        )
        least = said.get("min_rows")
        return Watched(metric, said.get("warning"), said.get("critical"), MIN_ROWS if least is None else int(least))


def watched_metrics(said: Iterable[Mapping[str, Any]] | None) -> list[Watched]:
    """The metrics of a model's settings."""
    return [Watched.from_json(each) for each in said or ()]


def rules_of(metrics: Iterable[Watched]) -> str:
    """What tells one list of metrics from another: values were computed by these rules."""
    said = json.dumps([each.to_json() for each in metrics], sort_keys=True)
    return hashlib.blake2b(said.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
