"""/api/v1/models/{model_id}/performance: how good the versions of a model were, and one window close up."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query

from modelwatch.core.segment import from_key
from modelwatch.core.wire import DEFAULT_ENVIRONMENT
from modelwatch.errors import NotFound
from modelwatch.monitors.performance import METRICS
from modelwatch.server.paths import ModelId
from modelwatch.server.permission import permission
from modelwatch.server.queries import performance as queries
from modelwatch.server.queries.label_state import read_labels
from modelwatch.server.queries.outcome_windows import NO_LABELS
from modelwatch.server.queries.performance_window import read_performance_window
from modelwatch.server.queries.segments import asked_segment
from modelwatch.server.queries.subject import find_subject
from modelwatch.server.rest.performance_shapes import (
    Baseline,
    DataPoint,
    Labels,
    MetricFacts,
    MetricSeries,
    MetricsPoint,
    OutcomeWindow,
    Performance,
    PerformanceWindow,
    Target,
    TargetPoint,
    TargetShare,
    VersionPerformance,
)
from modelwatch.server.services import Given
from modelwatch.server.times import parse_time
from modelwatch.store.engine import reading

router = APIRouter(prefix="/api/v1", tags=["performance"], dependencies=[permission("read")])
StartTime = Annotated[str | None, Query(description="ISO 8601 or epoch seconds; 30 days back when absent")]
EndTime = Annotated[str | None, Query(description="ISO 8601 or epoch seconds; now when absent")]
SegmentAsked = Annotated[str, Query(description="a watched segment, e.g. region=us-west, or its key")]
MetricAsked = Annotated[
    str | None,
    Query(
        description="one metric with its classes; the headline metrics when absent",
        json_schema_extra={"enum": [*METRICS, *queries.SHORT]},
    ),
]


@router.get("/models/{model_id}/performance", summary="Performance over time", response_model=Performance)
def get_performance(
    model_id: ModelId,
    services: Given,
    metric: MetricAsked = None,
    start_time: StartTime = None,
    end_time: EndTime = None,
    version: Annotated[str | None, Query(description="every version when absent")] = None,
    environment: str = DEFAULT_ENVIRONMENT,
    segment: SegmentAsked = "",
) -> Performance:
    """Measured once labels have come, estimated before; with baselines, levels, and how far the labels are."""
    start, end = (None if text is None else parse_time(text) for text in (start_time, end_time))
    with reading(services.engine) as connection:
        subject = asked_segment(find_subject(connection, model_id, services.clock(), environment, version), segment)
        rows = subject.versions if version is None else (subject.deployment,)
        subjects = [replace(subject, deployment=row, now_us=row.now_us(services.clock())) for row in rows]
        found = [queries.read_performance(connection, each, start, end, metric) for each in subjects]
        labels = Labels.model_validate(read_labels(connection, subject))
    points = [point for each in found for point in metrics_points(each)]
    return Performance(
        model_id=subject.model.name,
        environment=environment,
        segment=from_key(subject.segment).label if subject.segment else "",
        metrics=sorted(points, key=lambda point: point.timestamp),
        concept_drift_detected=found[0].concept_drift,
        performance_trend=found[0].trend,
        labels=labels,
        versions=[version_performance(each, metric is None) for each in found],
    )


@router.get(
    "/models/{model_id}/performance/window", summary="Performance in one window", response_model=PerformanceWindow
)
def get_performance_window(
    model_id: ModelId,
    services: Given,
    end_time: Annotated[str | None, Query(description="its end; the newest mature window when absent")] = None,
    version: Annotated[str | None, Query(description="the newest when absent")] = None,
    environment: str = DEFAULT_ENVIRONMENT,
    segment: SegmentAsked = "",
) -> PerformanceWindow:
    """Confusion matrix, calibration, curves, errors, classes, delays of labels, and segments side by side."""
    end = None if end_time is None else parse_time(end_time)
    with reading(services.engine) as connection:
        subject = asked_segment(find_subject(connection, model_id, services.clock(), environment, version), segment)
        found = read_performance_window(connection, subject, end)
    if found is None:
        raise NotFound("no window of outcomes has been looked at yet", hint=NO_LABELS)
    return PerformanceWindow.model_validate(found)


def metrics_points(found: queries.Performance) -> list[MetricsPoint]:
    """Every metric of each window that has labels."""
    whole = [line for line in found.lines if not line.label]
    names = {name: short for short, name in queries.SHORT.items()}
    points = []
    for i, window in enumerate(found.windows):
        if window.labelled:
            values = {names.get(line.metric, line.metric): line.values[i] for line in whole}
            points.append(
                MetricsPoint(
                    timestamp=window.end,
                    version=found.version,
                    sample_count=window.labelled,
                    level=window.level,
                    mature=window.mature,
                    **values,
                )
            )
    return points


def version_performance(found: queries.Performance, headlines: bool) -> VersionPerformance:
    """One version, with all lines that were read or those of the headline metrics only."""
    shown = {each.metric for each in found.metrics if each.headline or not headlines}
    return VersionPerformance(
        version=found.version,
        task=found.task,
        state=found.state,
        reason=found.reason,
        performance_trend=found.trend,
        concept_drift_detected=found.concept_drift,
        baseline=None if found.baseline is None else Baseline.model_validate(found.baseline),
        metrics=[MetricFacts.model_validate(each) for each in found.metrics],
        windows=[OutcomeWindow.model_validate(each) for each in found.windows],
        series=[series_of(line, found) for line in found.lines if line.metric in shown],
        target=target_of(found),
    )


def series_of(line: queries.FigureLine, found: queries.Performance) -> MetricSeries:
    """One metric as points."""
    points = [
        DataPoint(
            timestamp=window.end,
            value=line.values[i],
            low=line.lows[i],
            high=line.highs[i],
            rows=line.rows[i],
            level=line.levels[i],
            single_level=line.singles[i],
            text=line.texts[i],
            estimated=line.estimated[i],
            estimated_low=line.estimated_lows[i],
            estimated_high=line.estimated_highs[i],
            estimated_level=line.estimated_levels[i],
            mature=window.mature,
        )
        for i, window in enumerate(found.windows)
    ]
    return MetricSeries(
        metric=line.metric,
        title=line.title,
        label=line.label,
        baseline=line.baseline,
        threshold_warning=line.threshold_warning,
        threshold_critical=line.threshold_critical,
        data_points=points,
    )


def target_of(found: queries.Performance) -> Target | None:
    """The drift of what came true as points."""
    line = found.target
    if line is None:
        return None
    parts = zip(found.windows, line.values, line.levels, strict=True)
    points = [TargetPoint(timestamp=window.end, value=value, level=level) for window, value, level in parts]
    shares = [TargetShare.model_validate(each) for each in line.shares]
    return Target(data_points=points, chance=line.chance, text=line.text, shares=shares)
