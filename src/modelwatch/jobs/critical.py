"""Critical models in the fold: their rows go into the sequential test as they are folded, and what it raises is
committed with them.

Evidence is looked at between commits, in memory; a commit writes the state of the test, what it raised and the alerts
in the transaction of the profiles and the log offset. So a crash loses both or neither, and every row is evidence
once, in the order of the log. Rows that happened more than a day before the newest one are left to the windows: a
late backfill says nothing about now.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine

from modelwatch.core import reference
from modelwatch.core.column import ColumnKey
from modelwatch.core.window import DAY_US
from modelwatch.core.wire import DEFAULT_PROJECT
from modelwatch.errors import CorruptData
from modelwatch.jobs.check import load_subject, settle
from modelwatch.jobs.windows import realign, realign_dependence
from modelwatch.monitors.drift import thresholds_for
from modelwatch.monitors.sequential import (
    Alarms,
    Crossing,
    Expectation,
    Floors,
    State,
    begin,
    expect,
    from_bytes,
    step,
    to_bytes,
    told,
)
from modelwatch.profiles import WIDTH, Profile, decode
from modelwatch.store import models, references, sequential
from modelwatch.store.binnings import load_binning
from modelwatch.store.engine import reading
from modelwatch.store.profiles import Series

logger = logging.getLogger("modelwatch.critical")

REFRESH_US: Final = 1_000_000
"""How soon a changed setting or reference is noticed."""
LOOK_US: Final = 40_000
"""The shortest pause between two looks."""
PAUSE: Final = 9
"""What took long is followed by a pause this many times as long: looking takes a tenth of a core at most."""


@dataclass(slots=True)
class Watched:
    """One deployment of a critical model, what it is tested against, and the rows that wait for a look."""

    deployment_id: int
    binning: str
    keys: tuple[ColumnKey, ...]
    alarms: Alarms
    expected: Expectation
    state: State
    counts: NDArray[np.float64]
    rows: float = 0.0
    weight: float = 0.0
    weight_sq: float = 0.0
    arrived_us: int = 0
    newest_us: int = 0
    changed: bool = True
    found: list[tuple[int, Crossing]] = field(default_factory=list)


def alarms_of(model: models.ModelRow) -> Alarms:
    """The budget and the floors of a model's settings."""
    said = thresholds_for(model.settings, DAY_US)
    floors = Floors(said.psi_warning, said.psi_critical, said.missing_warning, said.missing_critical)
    return Alarms(said.alerts_per_1000_days * (1 - said.part) / 1000, floors)


class Critical:
    """The sequential tests of all critical models; used by the thread of the fold alone."""

    def __init__(self, engine: Engine, clock: Callable[[], int]) -> None:
        self.engine, self.clock = engine, clock
        self.watched: dict[int, Watched] = {}
        self.gone: set[int] = set()
        self.raised: list[Series] = []
        self.next_refresh_us = self.next_look_us = 0

    def forget(self) -> None:
        """Go back to what was committed."""
        self.watched.clear()
        self.gone.clear()
        self.next_refresh_us = 0

    def refresh(self) -> None:
        """Take note of models that became critical, or are no more, and of references that changed."""
        now = self.clock()
        if now < self.next_refresh_us:
            return
        with reading(self.engine) as connection:
            here: set[int] = set()
            for model in models.list_models(connection, DEFAULT_PROJECT):
                if model.settings.get("critical"):
                    for deployment in models.list_deployments(connection, model.id):
                        if self.take_up(connection, model, deployment, now):
                            here.add(deployment.id)
        self.gone |= self.watched.keys() - here
        for deployment_id in self.gone & self.watched.keys():
            del self.watched[deployment_id]
        self.gone -= here
        ended = self.clock()
        self.next_refresh_us = ended + max(REFRESH_US, PAUSE * (ended - now))

    def take_up(
        self, connection: Connection, model: models.ModelRow, deployment: models.DeploymentRow, now_us: int
    ) -> bool:
        """Watch a deployment, on from where its state stands or from the beginning; False where nothing can be
        expected: no reference stands, or it is a moving one, which has no one distribution to test."""
        rule = reference.from_json(model.settings.get("reference"))
        if not isinstance(rule, reference.Standing) or model.binning_hash is None:
            return False
        place = (model.id, deployment.environment, deployment.version)
        stored = references.find_reference(connection, *place, rule.kind)
        if stored is None:
            return False
        digest = blake2b(stored.body + (stored.dependence or b""), digest_size=8).hexdigest()
        key = f"{model.binning_hash}-{stored.id}-{digest}"
        known = self.watched.get(deployment.id)
        if known is not None and known.state.key == key:
            known.alarms = alarms_of(model)
            return True
        binning = load_binning(connection, model.id, model.binning_hash)
        own = load_binning(connection, model.id, stored.binning)
        design = realign_dependence(stored.dependence, own, binning).largest
        expected = expect(realign(decode(stored.body, own), own, binning), binning, design)
        state = self.stored_state(connection, deployment.id, key)
        if state is None:
            replaced = known is not None or sequential.load_state(connection, deployment.id) is not None
            reason = f"a new reference: {stored.label}" if replaced else f"first look, against {stored.label}"
            state = begin(expected, key, reason, now_us, alarms_of(model))
        keys = tuple(column.key for column in binning.columns)
        counts = np.zeros((len(binning), WIDTH))
        newest = deployment.last_event_us or 0
        self.watched[deployment.id] = Watched(
            deployment.id, binning.id, keys, alarms_of(model), expected, state, counts, newest_us=newest
        )
        return True

    def stored_state(self, connection: Connection, deployment_id: int, key: str) -> State | None:
        """The committed state, None when there is none for this reference."""
        row = sequential.load_state(connection, deployment_id)
        if row is None:
            return None
        try:
            state = from_bytes(row.body)
        except CorruptData:
            logger.exception("the sequential state of deployment %d begins anew", deployment_id)
            return None
        return state if state.key == key else None

    def add(self, deployment_id: int, buckets: Mapping[int, Profile], arrived_us: int, newest_us: int) -> None:
        """Take rows of a deployment, by the buckets in which they happened."""
        mine = self.watched.get(deployment_id)
        if mine is None:
            return
        mine.newest_us, mine.arrived_us = max(mine.newest_us, newest_us), max(mine.arrived_us, arrived_us)
        for start, profile in buckets.items():
            if profile.binning == mine.binning and start > mine.newest_us - DAY_US:
                mine.counts += profile.counts
                mine.rows += profile.rows
                mine.weight += profile.weight
                mine.weight_sq += profile.weight_sq

    def look(self, hurry: bool = False) -> bool:
        """Look at the rows that wait, when it is time or in a hurry; True when something was raised."""
        begun = self.clock()
        if not hurry and begun < self.next_look_us:
            return False
        waiting = [mine for mine in self.watched.values() if mine.rows]
        for mine in waiting:
            self.look_at(mine)
        if waiting:
            ended = self.clock()
            self.next_look_us = ended + max(LOOK_US, PAUSE * (ended - begun))
        return any(mine.found for mine in waiting)

    def look_at(self, mine: Watched) -> None:
        """One step of one test."""
        per_weight = mine.weight / mine.weight_sq if mine.weight_sq > 0 else 0.0
        cells = mine.expected.cells(mine.counts, per_weight)
        mine.state, crossings = step(mine.state, mine.expected, cells, mine.rows, mine.arrived_us, mine.alarms)
        mine.found.extend((mine.newest_us, each) for each in crossings)
        mine.counts[:] = 0.0
        mine.rows = mine.weight = mine.weight_sq = 0.0
        mine.changed = True

    def save(self, connection: Connection, now_us: int) -> None:
        """Write states and what was raised, and open alerts, in the fold's transaction."""
        for deployment_id in self.gone:
            sequential.drop_state(connection, deployment_id)
        for mine in self.watched.values():
            if mine.changed:
                sequential.save_state(connection, mine.deployment_id, now_us, to_bytes(mine.state))
            if mine.found:
                self.save_found(connection, mine, now_us)

    def save_found(self, connection: Connection, mine: Watched, now_us: int) -> None:
        """Store crossings and bring the alerts in line with them."""
        for at_us, each in mine.found:
            row = sequential.CrossingRow(
                at_us,
                mine.keys[each.column],
                each.level,
                each.psi if math.isfinite(each.psi) else 0.0,
                each.cause,
                told(each),
                each.rows,
                each.start + 1,
                each.end,
                each.evidence,
                each.asked,
                now_us,
            )
            sequential.add_crossing(connection, mine.deployment_id, row)
        series = Series(mine.deployment_id)
        subject = load_subject(connection, series, now_us)
        if subject is not None:
            settle(connection, series, subject, [], now_us, min(at_us for at_us, _ in mine.found))

    def saved(self) -> None:
        """Take note that the transaction is durable."""
        self.gone.clear()
        for mine in self.watched.values():
            mine.changed = False
            if mine.found:
                self.raised.append(Series(mine.deployment_id))
                mine.found = []

    def take_raised(self) -> list[Series]:
        """The series that were raised since this was last asked, all durable."""
        answer, self.raised = self.raised, []
        return answer
