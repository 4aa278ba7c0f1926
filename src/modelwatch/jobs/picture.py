"""The small series that a message shows: the metric behind the worst item of an alert, window by window."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import Connection

from modelwatch.alerts.episodes import name
from modelwatch.alerts.notification import Picture
from modelwatch.alerts.persistence import Item
from modelwatch.alerts.rule import Condition
from modelwatch.core.figure import Subject
from modelwatch.core.measured import Family, Measured
from modelwatch.core.segment import WHOLE
from modelwatch.core.window import DAY_US, grid
from modelwatch.monitors.drift import SIZES, DriftTable, size_metric, thresholds_for
from modelwatch.store.alerts import AlertRow
from modelwatch.store.binnings import load_binning
from modelwatch.store.checks import newest_checks
from modelwatch.store.measured import read_lines
from modelwatch.store.models import ModelRow, get_deployment
from modelwatch.store.outcome_checks import newest_outcome_checks
from modelwatch.store.profiles import Series

WINDOWS: Final = 60
FEWEST: Final = 3


def picture(connection: Connection, alert: AlertRow, models: Mapping[int, ModelRow]) -> Picture | None:
    """The series of the alert's worst item, None where there is none worth showing."""
    items = alert.items or alert.peak_items
    if not items:
        return None
    first, model = items[0], models[alert.model_id]
    if first.measured is not None:
        return measured_picture(connection, alert, first.measured, model)
    if first.figure is None:
        return drift_picture(connection, alert, first, model)
    if first.figure.subject in (Subject.CONCEPT, Subject.CUSTOM):
        return None
    found = newest_outcome_checks(connection, alert.deployment_id, WINDOWS)
    values = {row.end_us: next((f.value for f in row.figures if f.figure == first.figure), math.nan) for row in found}
    return drawn(first.figure.title, list(values), list(values.values()))


def measured_picture(connection: Connection, alert: AlertRow, of: Measured, model: ModelRow) -> Picture | None:
    """The series of what a rule watches; of a decision there is none."""
    if of.family is Family.LEVEL:
        return None
    deployment = get_deployment(connection, alert.deployment_id)
    length = deployment.length_us or DAY_US
    condition = Condition(
        f"{of.family.value}.{of.metric}",
        "" if of.column is None else of.column.name or of.column.role.value,
        of.segment,
        of.cut,
        "" if of.family is Family.FAIRNESS else of.label,
    )
    since = alert.checked_us - WINDOWS * grid(length)
    lines = read_lines(connection, model, deployment, [condition], since, alert.checked_us)
    track = lines[condition].tracks.get(of, {})
    return drawn(of.title, list(track), [sight.value for sight in track.values()])


def drift_picture(connection: Connection, alert: AlertRow, item: Item, model: ModelRow) -> Picture | None:
    """The size of a column's drift, with the floors that it is held against."""
    segment = WHOLE if item.segment is None else item.segment.key
    times, values = [], []
    for row in newest_checks(connection, Series(alert.deployment_id, segment), WINDOWS):
        place = load_binning(connection, model.id, row.binning).index(item.column)
        times.append(row.end_us)
        values.append(math.nan if place is None else float(DriftTable.from_bytes(row.body).size(place).value))
    metric = size_metric(item.column.role)
    said = thresholds_for(model.settings, 1)
    limits = (said.psi_warning, said.psi_critical) if metric == "psi" else (None, None)
    where = "" if item.segment is None else f" in {item.segment.label}"
    return drawn(f"{SIZES[metric]} of {name(item.column)}{where}", times, values, *limits)


def drawn(
    title: str,
    times: Sequence[int],
    values: Sequence[float],
    warning: float | None = None,
    critical: float | None = None,
) -> Picture | None:
    """A picture of what is known, None of fewer than three values."""
    known = tuple(value if math.isfinite(value) else None for value in values)
    if sum(value is not None for value in known) < FEWEST:
        return None
    return Picture(title, tuple(at / 1e6 for at in times), known, warning, critical)
