"""A model whose rows are kept beside the profiles that are stored of them, so that tests can count them again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine

from modelwatch.core import reference
from modelwatch.core.column import ColumnKey
from modelwatch.core.reference import Rule
from modelwatch.core.window import BUCKET_US, DAY_US
from modelwatch.core.wire import Role
from modelwatch.jobs.check import check_series
from modelwatch.profiles import (
    Binning,
    NumericValues,
    Profile,
    Values,
    decode,
    encode,
    fit,
    merge,
    profile,
    profile_buckets,
)
from modelwatch.store import models, references
from modelwatch.store.checks import CheckRow, load_checks
from modelwatch.store.engine import reading, writing
from modelwatch.store.profiles import Series, Stretch, load_stretches, mark_dirty, save_stretches

X, Y = ColumnKey(Role.FEATURE, "x"), ColumnKey(Role.PREDICTION_SCORE, "")
START = 1_700_000_000_000_000 // DAY_US * DAY_US
WALL = START + 1_000 * DAY_US
Rows = NDArray[np.float64]


@dataclass
class History:
    """One version of a model; `rows` are (time, x, y) of all that was put: x is a feature, y a score."""

    engine: Engine
    model_id: int
    series: Series
    binning: Binning
    rows: list[Rows] = field(default_factory=list)

    def put(self, rows: Rows) -> None:
        """Store rows [n, 3] in their 5-minute buckets, added to what is there, and mark these dirty."""
        self.rows.append(rows)
        buckets = rows[:, 0].astype(np.int64) // BUCKET_US * BUCKET_US
        starts, slots = np.unique(buckets, return_inverse=True)
        counted = profile_buckets(self.binning, columns_of(rows), slots.astype(np.int32), len(starts))
        with writing(self.engine) as connection:
            first, last = int(starts[0]), int(starts[-1])
            known = load_stretches(connection, self.series, first, last + 1)
            old = {each.start_us: decode(each.body, self.binning) for each in known if each.span_us == BUCKET_US}
            summed = [
                (start, merge(old[start], each) if start in old else each)
                for start, each in zip(starts.tolist(), counted, strict=True)
            ]
            written = [Stretch(at, BUCKET_US, p.rows, self.binning.id, encode(p, self.binning)) for at, p in summed]
            save_stretches(connection, self.series, written)
            mark_dirty(connection, self.series, starts.tolist(), 0, 1)
            row = models.get_deployment(connection, self.series.deployment_id)
            seen = {
                "first_event_us": min(row.first_event_us or WALL, int(buckets.min())),
                "last_event_us": max(row.last_event_us or 0, int(buckets.max()) + BUCKET_US - 1),
            }
            models.update_deployments(connection, [{"id": row.id, **seen}])

    def count(self, rows: Rows) -> Profile:
        """The profile of rows."""
        return profile(self.binning, columns_of(rows))

    def between(self, *spans: tuple[int, int]) -> Profile:
        """All rows in any of the stretches, counted directly; a row in two stretches counts twice."""
        rows = np.concatenate(self.rows)
        inside = [rows[(rows[:, 0] >= start) & (rows[:, 0] < end)] for start, end in spans]
        return self.count(np.concatenate(inside))

    def choose(self, rule: Rule, **settings: Any) -> int:
        """Set the rule of the model's reference; returns the row that names it."""
        stored = reference.to_json(rule)
        with writing(self.engine) as connection:
            models.set_settings(connection, self.model_id, "", {"reference": stored, **settings})
            values = reference_values(self.model_id, rule.kind or "", self.binning.id, b"", 0.0)
            return references.save_reference(connection, {**values, "rule": reference.text(rule), "version": ""})

    def deploy(self, version: str) -> History:
        """Another version of the same model, without rows."""
        with writing(self.engine) as connection:
            row = models.ensure_deployment(connection, self.model_id, "production", version, 1)
        return History(self.engine, self.model_id, Series(row.id), self.binning)

    def check(self) -> int:
        """Check what is dirty."""
        return check_series(self.engine, self.series, WALL)

    def checks(self) -> list[CheckRow]:
        """What was said of each window."""
        with reading(self.engine) as connection:
            return load_checks(connection, self.series, -(2**62), 2**62)


def columns_of(rows: Rows) -> dict[ColumnKey, Values]:
    """The features of rows."""
    return {X: NumericValues(rows[:, 1]), Y: NumericValues(rows[:, 2])}


def reference_values(model_id: int, kind: str, binning: str, body: bytes, rows: float) -> dict[str, Any]:
    """A row of `refs`."""
    return {
        "model_id": model_id,
        "environment": "production",
        "version": "1",
        "kind": kind,
        "label": kind,
        "rows": rows,
        "created_us": 0,
        "binning": binning,
        "file": "",
        "body": body,
    }


def new_history(engine: Engine, rng: np.random.Generator, window_seconds: int) -> History:
    """A model with an uploaded reference of 5,000 rows and no predictions."""
    columns = {X: NumericValues(rng.normal(0, 1, 5_000)), Y: NumericValues(rng.normal(0, 1, 5_000))}
    binning = fit(columns)
    counted = profile(binning, columns)
    with writing(engine) as connection:
        model = models.ensure_model(connection, "default", "m", 0)
        deployment = models.ensure_deployment(connection, model.id, "production", "1", 0)
        models.set_settings(connection, model.id, "", {"window_seconds": window_seconds})
        body = references.BinningRow(binning.id, "uploaded", None, 0, binning.to_bytes())
        references.save_binning(connection, model.id, body)
        models.set_binning(connection, model.id, binning.id)
        values = reference_values(model.id, "uploaded", binning.id, encode(counted, binning), counted.rows)
        references.save_reference(connection, values)
    return History(engine, model.id, Series(deployment.id), binning)


def traffic(rng: np.random.Generator, days: int, per_hour: int, start: int = START, shift: float = 0.0) -> Rows:
    """Rows in the first and seventh five minutes of each hour of some days; x follows the hour, y does not."""
    n = days * 24 * per_hour
    half = start + np.sort(rng.integers(0, days * 48, n)) * 6 * BUCKET_US
    time = half + rng.integers(0, BUCKET_US, n)
    hour = time % DAY_US / DAY_US * 2 * np.pi
    return np.column_stack((time.astype(np.float64), np.sin(hour) + rng.normal(shift, 1, n), rng.normal(0, 1, n)))
