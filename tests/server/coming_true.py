"""A model whose predictions came true, written as the join and the checks write it: no log, fold or HTTP before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwatch.alerts.persistence import Persistence
from modelwatch.core.column import ColumnKey
from modelwatch.core.judging import Judging
from modelwatch.core.segment import Segment
from modelwatch.core.window import BUCKET_US, DAY_US, HOUR_US
from modelwatch.core.wire import Role
from modelwatch.jobs.outcome_check import checked_outcomes, load_judged
from modelwatch.jobs.settle_outcomes import settle_outcomes
from modelwatch.profiles.outcomes import Rows, count_labelled, count_seen
from modelwatch.profiles.outcomes.count import Cuts
from modelwatch.server.services import Services
from modelwatch.store import labels, models, segments
from modelwatch.store.engine import writing
from modelwatch.store.outcomes import Side, add_outcomes
from tests.server.running import NOW_US, START_S

NAME = "loans/<b>"
FIRST_US = START_S * 1_000_000
ROWS = 600
HOURS = 24
GROUPS = ('women "F"', "men, M")
SEX = ColumnKey(Role.TAG, "sex")
SEGMENT_KEYS = tuple(Segment(SEX, value).key for value in GROUPS)
LABELS = ("yes", "no")
SETTINGS: dict[str, Any] = {
    "positive_label": "yes",
    "window_seconds": 86_400,
    "label_horizon_days": 3,
    "fairness": {"attributes": [{"name": "sex", "role": "tag"}]},
}


@dataclass
class Day:
    """What was predicted in a day and what came true, for an oracle to look at."""

    score: NDArray[np.float64]
    truth: NDArray[np.bool_]
    group: NDArray[np.int64]
    known: NDArray[np.bool_]


@dataclass
class Story:
    """One version of the model; days are told one after the other."""

    services: Services
    version: str = "1"
    task: str = "binary"
    settings: dict[str, Any] = field(default_factory=lambda: dict(SETTINGS))
    days: list[Day] = field(default_factory=list)
    first_us: int = FIRST_US

    def __post_init__(self) -> None:
        self.random = np.random.default_rng(len(self.version))
        with writing(self.services.engine) as connection:
            model = models.ensure_model(connection, "default", NAME, NOW_US)
            models.set_settings(connection, model.id, self.task, self.settings)
            row = models.ensure_deployment(connection, model.id, "production", self.version, NOW_US)
            segments.add_watched(connection, model.id, {key: i for i, key in enumerate(SEGMENT_KEYS)}, building=False)
            rules = Judging(self.task, "yes" if self.task == "binary" else None).to_json()
            labels.save_joined(connection, labels.Joined(model.id, judging=rules, matched=7, corrected=2, expired=1))
        self.model_id, self.deployment_id = model.id, row.id

    def day(self, skill: float, labelled: float = 1.0, unfair: bool = False) -> Day:
        """One more day whose scores part the labels by `skill` standard deviations."""
        truth = self.random.random(ROWS) < 0.4
        score = 1 / (1 + np.exp(-(self.random.normal(size=ROWS) + skill * (truth - 0.5))))
        group = self.random.integers(0, 2, ROWS)
        if unfair:
            score = np.where(group == 0, score * 0.6, score)
        found = Day(score, truth, group, self.random.random(ROWS) < labelled)
        at = self.first_us + len(self.days) * DAY_US
        self.days.append(found)
        self.add(Side.SEEN, self.rows(found, np.ones(ROWS, bool), told=False), at)
        if found.known.any():
            self.add(Side.LABELLED, self.rows(found, found.known, told=True), at)
        return found

    def rows(self, day: Day, kept: NDArray[np.bool_], told: bool) -> Rows:
        """Some rows of a day as they are counted."""
        n = int(kept.sum())
        delay = np.full(n, HOUR_US) if told else None
        cuts = [Cuts(day.group[kept], SEGMENT_KEYS)]
        if self.task == "regression":
            value = day.score[kept] * 100
            truth = value + self.random.normal(0, 5, n) if told else None
            return Rows(value=value, truth=truth, delay_us=delay, cuts=cuts)
        return Rows(
            labels=LABELS,
            predicted=np.where(day.score[kept] > 0.5, 0, 1),
            actual=np.where(day.truth[kept], 0, 1) if told else None,
            score=day.score[kept],
            positive=0,
            delay_us=delay,
            cuts=cuts,
        )

    def add(self, side: Side, rows: Rows, at: int) -> None:
        """Store rows that were spread over the hours of a day."""
        slots = np.arange(rows.n) % HOURS
        count = count_seen if side is Side.SEEN else count_labelled
        parts = count(rows, slots.astype(np.int64), HOURS)
        with writing(self.services.engine) as connection:
            starts = {at + i * HOUR_US: part for i, part in enumerate(parts)}
            add_outcomes(connection, self.deployment_id, side, BUCKET_US, starts)

    def check(self, hours: Sequence[int] = (23,)) -> None:
        """Look at the windows that hold some hours of each day."""
        now = self.first_us + len(self.days) * DAY_US - HOUR_US
        with writing(self.services.engine) as connection:
            seen = {"first_event_us": self.first_us, "last_event_us": now}
            models.update_deployments(connection, [{"id": self.deployment_id, **seen}])
            model = models.get_model(connection, self.model_id)
            row = models.get_deployment(connection, self.deployment_id)
            judged = load_judged(connection, model, row, 0, now, DAY_US)
            assert judged is not None
            buckets = [self.first_us + d * DAY_US + h * HOUR_US for d in range(len(self.days)) for h in hours]
            fresh = checked_outcomes(connection, judged, buckets, NOW_US)
            settle_outcomes(connection, judged, fresh, Persistence(), NOW_US)


def fallen(services: Services, version: str = "1", days: int = 14, bad: int = 4, **settings: Any) -> Story:
    """Good days, then bad ones."""
    story = Story(services, version, settings={**SETTINGS, **settings})
    for number in range(days):
        story.day(2.0 if number < days - bad else 0.4)
    story.check()
    return story
