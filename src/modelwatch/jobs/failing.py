"""Which checks fail: the second failure in a row is an alert, a success ends it."""

from __future__ import annotations

import threading

from sqlalchemy import Engine

from modelwatch.alerts.life import CHECK_FAILED, Evaluation
from modelwatch.core.level import Level
from modelwatch.core.segment import from_key
from modelwatch.jobs import conditions
from modelwatch.store import alerts, models
from modelwatch.store.alerts import Evaluated
from modelwatch.store.engine import reading, writing
from modelwatch.store.profiles import Series


class Failing:
    """Remembers series whose last check failed; what was told before a restart is read back.

    An alert names the error's class alone: its words may hold what nobody should read in a message.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.lock = threading.Lock()
        self.tries: dict[Series, int] = {}
        with reading(engine) as connection:
            self.told = {row.deployment_id for row in alerts.unfinished(connection, CHECK_FAILED)}

    @property
    def count(self) -> int:
        """How many series fail."""
        return len(self.tries)

    def failed(self, series: Series, error: Exception, now_us: int) -> None:
        """Show that a check failed, and tell of it when it is not the first time."""
        with self.lock, writing(self.engine) as connection:
            tries = self.tries[series] = self.tries.get(series, 0) + 1
            row = models.get_deployment(connection, series.deployment_id)
            if not series.segment and row.level is not Level.ERROR:  # a segment's level is its own
                values = {"id": row.id, "level": Level.ERROR.value, "level_since_us": row.now_us(now_us)}
                models.update_deployments(connection, [values])
            where = f" of {from_key(series.segment).label}" if series.segment else ""
            title = f"Checks{where} fail: {type(error).__name__}"
            text = f"{type(error).__name__}, {tries} tries; the server's log says more, and it is tried each minute"
            found = conditions.Condition(CHECK_FAILED, Level.WARNING, title, text, confirmed=tries > 1)
            conditions.hold(connection, row.model_id, row.id, found, now_us)
            alerts.note_evaluation(connection, row.id, Evaluated(Evaluation.ERROR, now_us, title))
            self.told.add(row.id)

    def succeeded(self, series: Series, now_us: int) -> None:
        """End what was told when no check of the deployment fails any more."""
        with self.lock:
            self.tries.pop(series, None)
            place = series.deployment_id
            if place not in self.told or any(each.deployment_id == place for each in self.tries):
                return
            with writing(self.engine) as connection:
                conditions.clear(connection, place, CHECK_FAILED, "Checks succeed again", now_us)
                alerts.evaluate_again(connection, place, Evaluation.ERROR, now_us)
            self.told.discard(place)
