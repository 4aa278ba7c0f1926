"""The words of the GraphQL schema that come from fixed sets; their values are those of the nouns in `core`."""

from __future__ import annotations

from enum import StrEnum
from typing import NewType

import strawberry

from modelwatch.server.times import iso, parse_time

DateTime = NewType("DateTime", int)
"""Microseconds since 1970 inside, text outside."""


def parse_moment(value: object) -> DateTime:
    """A time that a query names; raises `InvalidRequest`."""
    return DateTime(parse_time(str(value)))


DATE_TIME = strawberry.scalar(
    name="DateTime",
    description="ISO 8601 in UTC with microseconds, e.g. 2013-05-01T00:00:00Z",
    serialize=iso,
    parse_value=parse_moment,
)


@strawberry.enum
class Level(StrEnum):
    """How much something matters, the worst first."""

    CRITICAL = "critical"
    WARNING = "warning"
    ERROR = "error"
    NO_DATA = "no_data"
    NOTICE = "notice"
    INSUFFICIENT_DATA = "insufficient_data"
    OK = "ok"


@strawberry.enum
class AlertStatus(StrEnum):
    """Where an alert is in its life."""

    PENDING = "pending"
    FIRING = "firing"
    ACKNOWLEDGED = "acknowledged"
    SILENCED = "silenced"
    RESOLVED = "resolved"


@strawberry.enum
class AlertVerb(StrEnum):
    """What a person may do with an alert."""

    ACKNOWLEDGE = "acknowledge"
    UNACKNOWLEDGE = "unacknowledge"
    SILENCE = "silence"
    UNSILENCE = "unsilence"
    RESOLVE = "resolve"
    REOPEN = "reopen"
    ASSIGN = "assign"
    COMMENT = "comment"


@strawberry.enum
class EvaluationState(StrEnum):
    """Whether the newest window under an alert could be judged."""

    EVALUATED = "evaluated"
    NO_DATA = "no_data"
    INSUFFICIENT_DATA = "insufficient_data"
    ERROR = "error"


@strawberry.enum
class DriftMetric(StrEnum):
    """What is drawn over time."""

    PSI = "psi"
    SMOOTH = "smooth"
    CHI_SQUARE = "chi_square"
    KS = "ks"
    KL = "kl"
    MMD = "mmd"
    CENTROID = "centroid"
    NULLS = "nulls"
    NANS = "nans"
    INFINITE = "infinite"
    MISTYPED = "mistyped"
    OUTSIDE = "outside"
    UNSEEN = "unseen"


@strawberry.enum
class ColumnRole(StrEnum):
    """What a watched column is for."""

    FEATURE = "feature"
    EMBEDDING = "embedding"
    TEXT = "text"
    TAG = "tag"
    PREDICTION_LABEL = "prediction_label"
    PREDICTION_SCORE = "prediction_score"
    PREDICTION_VALUE = "prediction_value"
    PREDICTION_SCORES = "prediction_scores"


@strawberry.enum
class ColumnKind(StrEnum):
    """What a watched column holds."""

    NUMERIC = "numeric"
    CATEGORY = "category"
    BOOLEAN = "boolean"
    VECTOR = "vector"
