"""What the fold knows of models while it runs: ids, frozen schemas and binnings, made on first sight."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine

from modelwatch.core.column import Schema, SchemaChange
from modelwatch.core.judging import Judging
from modelwatch.core.segment import Cut
from modelwatch.core.window import BUCKET_US, DAY_US, HOUR_US
from modelwatch.jobs.judging import Groups, judging_of
from modelwatch.jobs.watched import Watched, load_watched
from modelwatch.profiles import Binning
from modelwatch.store import labels, models, outcomes, segments
from modelwatch.store.binnings import load_binning
from modelwatch.store.engine import reading, writing
from modelwatch.store.held import HeldRows, load_held


@dataclass(slots=True)
class Deployment:
    """One version in one environment; `told` are the schema changes that were recorded already."""

    id: int
    environment: str
    version: str
    schema: Schema | None
    first_event_us: int | None
    last_event_us: int | None
    last_arrival_us: int | None
    live_us: int | None
    rows: int
    length_us: int | None = None
    told: set[SchemaChange] = field(default_factory=set)

    @property
    def segment_span_us(self) -> int:
        """How long the buckets of its segments are: windows of a day or more stand on a grid of hours."""
        return HOUR_US if (self.length_us or 0) >= DAY_US else BUCKET_US

    def saw(self, first_us: int, last_us: int, received_us: int, rows: int, live_within_us: int) -> None:
        """Take note of rows: when they happened, when they came, and whether they came live."""
        self.first_event_us = first_us if self.first_event_us is None else min(self.first_event_us, first_us)
        self.last_event_us = last_us if self.last_event_us is None else max(self.last_event_us, last_us)
        self.last_arrival_us = received_us
        self.rows += rows
        if self.live_us is None and received_us - last_us <= live_within_us:
            self.live_us = received_us


@dataclass(slots=True)
class Model:
    """One model: its binning (None until a reference stands), its deployments, the rows held back so far, and the
    segments that are watched."""

    id: int
    project: str
    name: str
    binning: Binning | None
    deployments: dict[tuple[str, str], Deployment]
    held: list[HeldRows]
    watched: Watched = field(default_factory=Watched)
    judging: Judging = field(default_factory=Judging)
    groups: Groups = field(default_factory=Groups)


def wanted_judging(connection: Connection, row: models.ModelRow) -> Judging:
    """The rules that a model's settings ask for now."""
    said = segments.load_segmentation(connection, row.id)
    return judging_of(row.task, row.settings, Cut.from_json("" if said is None else said.wanted))


class Catalog:
    """Models by (project, name), loaded when first asked for; the fold is their only writer."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.models: dict[tuple[str, str], Model] = {}

    def model(self, project: str, name: str, now_us: int) -> Model:
        """The model of that name, made when it is new."""
        found = self.models.get((project, name))
        if found is None:
            found = self.models[project, name] = self.load(project, name, now_us)
        return found

    def deployment(self, model: Model, environment: str, version: str, now_us: int) -> Deployment:
        """The deployment of that version, made when it is new: first sight of a version is a deployment."""
        found = model.deployments.get((environment, version))
        if found is None:
            with writing(self.engine) as connection:
                row = models.ensure_deployment(connection, model.id, environment, version, now_us)
            found = model.deployments[environment, version] = from_row(row)
        return found

    def load(self, project: str, name: str, now_us: int) -> Model:
        """A model from the database, made there when it is new."""
        with reading(self.engine) as connection:
            row = models.find_model(connection, project, name)
        if row is None:
            with writing(self.engine) as connection:
                row = models.ensure_model(connection, project, name, now_us)
        with reading(self.engine) as connection:
            binning = None
            if row.binning_hash is not None:
                binning = load_binning(connection, row.id, row.binning_hash)
            known = [from_row(each) for each in models.list_deployments(connection, row.id)]
            held = load_held(connection, row.id)
            watched = load_watched(connection, row.id)
            applied = labels.load_joined(connection, row.id).rules
            judging = Judging.from_json(applied) if applied else wanted_judging(connection, row)
            groups = Groups(judging.ways, dict.fromkeys(outcomes.load_groups(connection, row.id)))
        by_key = {(deployment.environment, deployment.version): deployment for deployment in known}
        return Model(row.id, project, name, binning, by_key, held, watched, judging, groups)

    def forget(self) -> None:
        """Drop what is in memory, so that it is read again as the database has it."""
        self.models.clear()


def from_row(row: models.DeploymentRow) -> Deployment:
    """A stored deployment as the fold keeps it."""
    return Deployment(
        row.id,
        row.environment,
        row.version,
        row.schema,
        row.first_event_us,
        row.last_event_us,
        row.last_arrival_us,
        row.live_us,
        row.rows,
        row.length_us,
    )
