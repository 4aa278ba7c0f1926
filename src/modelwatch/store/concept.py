"""The detectors of concept drift of each deployment, and what they found."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from modelwatch.core.level import Level
from modelwatch.monitors.concept import Found
from modelwatch.store.outcome_tables import concept_findings, concept_states
from modelwatch.store.upsert import upsert


@dataclass(frozen=True, slots=True)
class ConceptState:
    """The stored detectors; `position` is the place in the log up to which labels were consumed."""

    updated_us: int
    position: int
    body: bytes


def load_state(connection: Connection, deployment_id: int) -> ConceptState | None:
    """The detectors of a deployment, None before its first label."""
    query = select(concept_states).where(concept_states.c.deployment_id == deployment_id)
    row = connection.execute(query).one_or_none()
    return None if row is None else ConceptState(row.updated_us, row.position, row.body)


def save_state(connection: Connection, deployment_id: int, now_us: int, position: int, body: bytes) -> None:
    """Keep the detectors, in the transaction of the labels that they consumed."""
    values = {"deployment_id": deployment_id, "updated_us": now_us, "position": position, "body": body}
    upsert(connection, concept_states, [values], ["deployment_id"])


def add_findings(connection: Connection, deployment_id: int, found: Sequence[Found]) -> None:
    """Keep what the detectors found."""
    rows: list[dict[str, Any]] = [
        {
            "deployment_id": deployment_id,
            "at_us": each.at_us,
            "level": each.level.value,
            "body": json.dumps({**asdict(each), "level": each.level.value}),
        }
        for each in found
    ]
    if rows:
        connection.execute(insert(concept_findings), rows)


def load_findings(connection: Connection, deployment_id: int, limit: int = 200) -> list[Found]:
    """What was found, the newest last, at most the newest `limit`."""
    query = select(concept_findings.c.body).where(concept_findings.c.deployment_id == deployment_id)
    rows = connection.execute(query.order_by(concept_findings.c.id.desc()).limit(limit)).scalars()
    return [found_of(json.loads(body)) for body in reversed(list(rows))]


def found_of(said: dict[str, Any]) -> Found:
    """A stored finding."""
    tuples = {name: tuple(said[name]) for name in ("detectors", "alarms")}
    return Found(**{**said, **tuples, "level": Level(said["level"])})


def drop_concept(connection: Connection, deployment_id: int) -> None:
    """Forget detectors and findings of a deployment."""
    connection.execute(delete(concept_states).where(concept_states.c.deployment_id == deployment_id))
    connection.execute(delete(concept_findings).where(concept_findings.c.deployment_id == deployment_id))
