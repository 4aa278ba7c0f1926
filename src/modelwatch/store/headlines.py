"""How good each deployment was in its newest window whose labels have come: one figure, kept for lists of models."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, update

from modelwatch.core.level import Level
from modelwatch.store.tables import deployments


@dataclass(frozen=True, slots=True)
class Headline:
    """One metric of the window that ended at `end_us`; `baseline` is what it was held against, None for nothing."""

    metric: str
    value: float
    baseline: float | None
    level: Level
    end_us: int

    def to_json(self) -> str:
        """The stored form."""
        return json.dumps(asdict(self))

    @staticmethod
    def from_json(text: str) -> Headline:
        """The headline that `to_json` wrote."""
        said = json.loads(text)
        return Headline(**{**said, "level": Level(said["level"])})


def save_headline(connection: Connection, deployment_id: int, found: Headline | None) -> None:
    """Keep the headline of a deployment, or forget it."""
    text = None if found is None else found.to_json()
    connection.execute(update(deployments).where(deployments.c.id == deployment_id).values(headline=text))
