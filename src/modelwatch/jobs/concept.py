"""The stream of errors that concept drift is found on: each prediction's first label, once, in the order of the log.

A label and its prediction meet where the later of the two stands in the log. In that order errors are consumed, so that
the detectors end up the same however often the join ran in between. Corrections change the figures of performance, not
these detectors.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from sqlalchemy import Connection

from modelwatch.alerts.persistence import OUTPUT, Item
from modelwatch.core.figure import Figure, Subject
from modelwatch.core.judging import Judging
from modelwatch.core.window import DAY_US
from modelwatch.errors import CorruptData
from modelwatch.ingest.outcome_rows import Truth, outcome_rows
from modelwatch.jobs.joining import Evidence, by_deployment, conformed_rows, numbers_of
from modelwatch.jobs.joining import Subject as Joining
from modelwatch.jobs.raise_alerts import align
from modelwatch.jobs.rules import Settled, Source, evaluate_rules
from modelwatch.lake.labels import positions_of
from modelwatch.monitors.concept import Found, State, advance, begin, from_bytes, to_bytes
from modelwatch.profiles.outcomes import row_errors
from modelwatch.store import alerts, concept
from modelwatch.store.checks import newest_check
from modelwatch.store.models import DeploymentRow, ModelRow
from modelwatch.store.profiles import Series

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

logger = logging.getLogger("modelwatch.join")

WATCHED: Final = frozenset({"binary", "multiclass", "regression"})
"""The tasks whose errors tell of concept drift."""


def evidence_of(subject: Joining, found: pa.Table, label: Any, value: Any, order: Ints) -> dict[int, Evidence]:
    """The errors of predictions that were labelled for the first time, by deployment.

    `label`, `value` and `order` [n] are what was said first of the rows of `found`, and where in the log.
    """
    judging = Judging(subject.judging.task, subject.judging.positive)
    if judging.task not in WATCHED or not found.num_rows:
        return {}
    met = np.maximum(order, positions_of(found))
    answer = {}
    for place, rows in by_deployment(found):
        deployment = subject.deployments.get(place)
        if deployment is None or deployment.schema is None:
            continue
        chosen = rows[np.lexsort((order[rows], met[rows]))]
        taken = pa.array(chosen)
        conformed = conformed_rows(found.take(taken), deployment.schema, judging)
        truth = Truth(label.take(taken), numbers_of(value.take(taken)))
        errors = row_errors(outcome_rows(judging, conformed, truth))
        known = np.isfinite(errors)
        answer[deployment.id] = Evidence(errors[known], conformed.timestamp[known], met[chosen][known])
    return answer


def save_evidence(connection: Connection, subject: Joining, evidence: Mapping[int, Evidence], now_us: int) -> None:
    """Feed the detectors, in the transaction of what else the labels change; raise alerts of what they find."""
    for deployment_id, new in evidence.items():
        if not len(new.errors):
            continue
        state = load_state(connection, deployment_id, subject.judging.task)
        state, found = advance(state, new.errors, new.at_us, new.order)
        concept.save_state(connection, deployment_id, now_us, int(new.order[-1]), to_bytes(state))
        concept.add_findings(connection, deployment_id, found)
        deployment = next(each for each in subject.deployments.values() if each.id == deployment_id)
        raise_concept(connection, subject.model, deployment, found, now_us)
        check = newest_check(connection, Series(deployment_id)) if found else None
        if check is not None:
            since = min(check.end_us, *(each.at_us for each in found))
            settled = Settled(Source.CHECKS, check.length_us, since, check.end_us)
            evaluate_rules(connection, subject.model, deployment, settled, now_us)


def load_state(connection: Connection, deployment_id: int, task: str) -> State:
    """The detectors of a deployment, at their beginning when it has none or its task has changed."""
    stored = concept.load_state(connection, deployment_id)
    if stored is None:
        return begin(task)
    try:
        state = from_bytes(stored.body)
    except CorruptData as error:
        logger.error("the detectors of deployment %d cannot be read (%s): they begin anew", deployment_id, error)
        return begin(task)
    regression = "regression" in (state.task, task)
    return begin(task) if regression and state.task != task else state


def raise_concept(
    connection: Connection,
    model: ModelRow,
    deployment: DeploymentRow,
    found: Sequence[Found],
    wall_us: int,
) -> None:
    """Open an alert where errors rose for certain and by much; the next finding that they fell ends it.

    What a finding says is certain and no longer counts windows: it takes the place of persistence.
    """
    metric = "mean_absolute_error" if model.task == "regression" else "error_rate"
    figure = Figure(Subject.CONCEPT, metric)
    for each in found:
        known = alerts.alerts_from(connection, deployment.id, Subject.CONCEPT.value, -(2**62))
        at = max([each.at_us, *(row.checked_us + 1 for row in known)])
        still_open = any(row.resolved_us is None for row in known)
        items: dict[Any, Item] = {}
        if each.worse and each.level.raised:
            how = each.text
            items[figure] = Item(
                OUTPUT, each.level, each.after - each.before, None, each.since_us, figure=figure, how=how
            )
        elif each.worse and still_open:
            continue
        if items or still_open:
            length = deployment.length_us or DAY_US
            align(connection, model, deployment, Subject.CONCEPT.value, length, {at: items}, wall_us)
