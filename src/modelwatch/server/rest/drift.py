"""/api/v1/models/{model_id}/drift: one column over time, or the newest figures of all."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy import Connection

from modelwatch.core.level import Level
from modelwatch.core.segment import from_key
from modelwatch.core.wire import DEFAULT_ENVIRONMENT, Role
from modelwatch.monitors.drift.on_request import FACTS
from modelwatch.server.paths import ModelId
from modelwatch.server.permission import permission
from modelwatch.server.queries.on_request import EVERY_METRIC, checked_metric
from modelwatch.server.queries.segments import asked_segment
from modelwatch.server.queries.series import Asked, read_latest, read_series
from modelwatch.server.queries.subject import Subject, find_subject
from modelwatch.server.rest.shapes import Moment, Shape
from modelwatch.server.services import Given
from modelwatch.server.times import parse_time
from modelwatch.store.engine import reading

METRIC_TEXT = "stored with every check: psi to unseen; computed on request: jensen_shannon to g_test"

router = APIRouter(prefix="/api/v1", tags=["drift"], dependencies=[permission("read")])


class Point(Shape):
    """One window; `timestamp` is its end. `chance` is what the value stays under in 99 % of windows without change."""

    timestamp: Moment
    value: float | None
    status: str
    level: Level
    rows: float
    chance: float | None
    p_value: float | None


class Series(Shape):
    """The windows of one version against its own reference."""

    version: str
    reference: str | None
    data_points: list[Point]
    threshold_warning: float | None
    threshold_critical: float | None


class MethodFacts(Shape):
    """What must be known of a value before it is compared with another program's.

    Such a method is computed when it is asked for; its thresholds are to read it by, levels come from the check.
    """

    label: str
    compares: str
    groups: str
    base: str | None
    citation: str


class FeatureDrift(Shape):
    """One column; `data_points` are those of the newest version in the range, `series` holds every version."""

    model_id: str
    environment: str
    segment: str
    feature: str
    role: str
    metric: str
    method: MethodFacts | None
    version: str
    data_points: list[Point]
    threshold_warning: float | None
    threshold_critical: float | None
    series: list[Series]


class FeatureNow(Shape):
    """One column in the newest window; `since` is when its level began."""

    feature: str
    role: Role
    value: float | None
    status: str
    level: Level
    since: Moment | None
    chance: float | None
    psi: float | None
    ks: float | None
    kl: float | None
    mmd: float | None
    centroid: float | None
    nulls: float | None


class ModelDrift(Shape):
    """Every column in the newest window, the worst first."""

    model_id: str
    environment: str
    segment: str
    version: str
    metric: str
    method: MethodFacts | None
    timestamp: Moment | None
    features: list[FeatureNow]


@router.get(
    "/models/{model_id}/drift", summary="Drift of one feature or of all", response_model=FeatureDrift | ModelDrift
)
def get_drift(
    model_id: ModelId,
    services: Given,
    feature: Annotated[str | None, Query(description="a feature, or a role such as prediction_score")] = None,
    metric: Annotated[str, Query(description=METRIC_TEXT, json_schema_extra={"enum": list(EVERY_METRIC)})] = "psi",
    start_time: Annotated[str | None, Query(description="ISO 8601 or epoch seconds; 30 days back when absent")] = None,
    end_time: Annotated[str | None, Query(description="ISO 8601 or epoch seconds; now when absent")] = None,
    version: Annotated[str | None, Query(description="every version when absent")] = None,
    environment: str = DEFAULT_ENVIRONMENT,
    segment: Annotated[str, Query(description="a watched segment, e.g. region=us-west, or its key")] = "",
) -> FeatureDrift | ModelDrift:
    """Now is the model's own: the wall clock when it is live, else its newest event."""
    asked = Asked(checked_metric(metric), moment(start_time), moment(end_time))
    with reading(services.engine) as connection:
        subject = asked_segment(find_subject(connection, model_id, services.clock(), environment, version), segment)
        if feature is None:
            return all_features(connection, subject, asked)
        return one_feature(connection, subject, feature, asked, every=version is None, wall_us=services.clock())


def label_of(subject: Subject) -> str:
    """The segment that is told of, '' for the whole."""
    return from_key(subject.segment).label if subject.segment else ""


def moment(text: str | None) -> int | None:
    """A time parameter in microseconds."""
    return None if text is None else parse_time(text)


def facts(metric: str) -> MethodFacts | None:
    """What must be known of a method that is computed on request; None for those that every check stores."""
    return MethodFacts.model_validate(FACTS[metric]) if metric in FACTS else None


def one_feature(
    connection: Connection, subject: Subject, feature: str, asked: Asked, *, every: bool, wall_us: int
) -> FeatureDrift:
    """One column of one version, or of every version."""
    rows = subject.versions if every else (subject.deployment,)
    subjects = [replace(subject, deployment=row, now_us=row.now_us(wall_us)) for row in rows]
    role, found = read_series(connection, subjects, feature, asked)
    series = [Series.model_validate(each) for each in found]
    first = series[0] if series else None
    return FeatureDrift(
        model_id=subject.model.name,
        environment=subject.deployment.environment,
        segment=label_of(subject),
        feature=feature,
        role=role,
        metric=asked.metric,
        method=facts(asked.metric),
        version=first.version if first else subject.deployment.version,
        data_points=first.data_points if first else [],
        threshold_warning=first.threshold_warning if first else None,
        threshold_critical=first.threshold_critical if first else None,
        series=series,
    )


def all_features(connection: Connection, subject: Subject, asked: Asked) -> ModelDrift:
    """Every column in the newest window of the range."""
    end, lines = read_latest(connection, subject, asked)
    features = [
        FeatureNow(
            feature=line.name,
            role=line.role,
            value=line.value,
            status=line.level.status,
            level=line.level,
            since=line.since,
            chance=line.chance,
            psi=line.psi,
            ks=line.ks,
            kl=line.kl,
            mmd=line.mmd,
            centroid=line.centroid,
            nulls=line.nulls,
        )
        for line in lines
    ]
    return ModelDrift(
        model_id=subject.model.name,
        environment=subject.deployment.environment,
        segment=label_of(subject),
        version=subject.deployment.version,
        metric=asked.metric,
        method=facts(asked.metric),
        timestamp=end,
        features=features,
    )
