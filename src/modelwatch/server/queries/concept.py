"""Concept drift of a version: how far its detectors are, and what they have found."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection

from modelwatch.core.level import Level
from modelwatch.core.window import DAY_US
from modelwatch.monitors.concept import Found, from_bytes
from modelwatch.profiles.outcomes import Fact, merge
from modelwatch.profiles.outcomes.grids import delay_ends_s
from modelwatch.server.queries.subject import Subject
from modelwatch.store import concept, labels
from modelwatch.store.outcomes import Side, load_outcomes

NOT_WATCHED = "Errors of this kind of model are not watched: only right or wrong, and distances"
NO_LABELS = "No label has been joined to a prediction yet"
LEARNING = "Too few labels so far to find a change"
WATCHING = "Every new label is looked at"
WATCHED = ("binary", "multiclass", "regression")
LAG_US = 28 * DAY_US
"""How far back the lag of labels is taken from."""


@dataclass(frozen=True, slots=True)
class ConceptFinding:
    """One change of the errors. `before` and `after` are mean errors, `since` when it happened and `at` when it was
    certain, both by the time of the predictions."""

    level: Level
    worse: bool
    at: int
    since: int
    before: float
    after: float
    labels_before: int
    labels_after: int
    label: int
    detectors: list[str]
    certainty: float
    recurs: int
    text: str


@dataclass(frozen=True, slots=True)
class ConceptDrift:
    """`state` is off, waiting, learning or watching. `error` is the mean error of the present concept: a share of
    mistakes, or a mean absolute error (`metric`). `label_lag_s` is the median time from a prediction to its label."""

    state: str
    reason: str
    metric: str
    labels: int
    waiting: int
    error: float | None
    label_lag_s: float | None
    updated: int | None
    level: Level
    drift_since: int | None
    findings: list[ConceptFinding]


def read_concept(connection: Connection, subject: Subject) -> ConceptDrift:
    """What the detectors of a version have seen and found, the newest finding first."""
    model, deployment = subject.model, subject.deployment
    metric = "mean_absolute_error" if model.task == "regression" else "error_rate"
    stored = concept.load_state(connection, deployment.id)
    waiting = labels.waiting_models(connection).get(model.id, 0)
    lag = median_lag(connection, deployment.id, deployment.last_event_us)
    if stored is None:
        off = model.task and model.task not in WATCHED
        state, reason = ("off", NOT_WATCHED) if off else ("waiting", NO_LABELS)
        return ConceptDrift(state, reason, metric, 0, waiting, None, lag, None, Level.NO_DATA, None, [])
    running = from_bytes(stored.body)
    found = [finding(each) for each in reversed(concept.load_findings(connection, deployment.id))]
    state, reason = ("learning", LEARNING) if running.learning and not found else ("watching", WATCHING)
    error = None if np.isnan(running.mean) else float(running.mean)
    drifted = bool(found) and found[0].worse and found[0].level is not Level.OK
    level = found[0].level if drifted else Level.INSUFFICIENT_DATA if state == "learning" else Level.OK
    since = found[0].since if drifted else None
    return ConceptDrift(
        state, reason, metric, running.labels, waiting, error, lag, stored.updated_us, level, since, found
    )


def finding(found: Found) -> ConceptFinding:
    """One finding as it is shown."""
    return ConceptFinding(
        found.level,
        found.worse,
        found.at_us,
        found.since_us,
        found.before,
        found.after,
        found.labels_before,
        found.labels_after,
        found.label,
        list(found.detectors),
        found.certainty,
        found.recurs,
        found.text,
    )


def median_lag(connection: Connection, deployment_id: int, now_us: int | None) -> float | None:
    """The median delay in seconds of the labels of the last weeks, to a quarter of a doubling; None without labels."""
    if now_us is None:
        return None
    stretches = load_outcomes(connection, deployment_id, now_us - LAG_US, now_us + 1, Side.LABELLED)
    bins, _, _, counts = merge(each.outcomes for each in stretches).cells(Fact.DELAY)
    if not len(bins):
        return None
    middle = int(bins[np.searchsorted(np.cumsum(counts), counts.sum() / 2)])
    return float(delay_ends_s()[middle])
