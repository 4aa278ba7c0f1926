"""Six weeks of a model whose errors pile up in one region from the fourth week on; its reference has actuals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from modelwatch.core.window import DAY_US, HOUR_US
from modelwatch.core.wire import Kind
from modelwatch.jobs.check import check_series
from modelwatch.jobs.join import Join
from modelwatch.server.services import Services
from modelwatch.settings import Settings
from modelwatch.store import models
from modelwatch.store.engine import reading, writing
from modelwatch.store.profiles import dirty_series
from tests.jobs.folding import NOW, World

DAYS, PER_DAY, BAD_FROM = 42, 200, 21
FIRST = NOW - NOW % DAY_US - DAYS * DAY_US
SETTINGS = {
    "positive_label": "yes",
    "window_seconds": 604_800,
    "label_horizon_days": 3,
    "fairness": {"attributes": [{"name": "region", "role": "tag"}]},
}
REGIONS = ("north", "south", "east", "west")


def made(random: np.random.Generator, n: int, bad: bool) -> dict[str, Any]:
    """Columns of n rows: the score follows `amount`, `noise` says nothing; in the north errors are many when `bad`."""
    region = random.integers(0, 4, n)
    amount = random.normal(1.0 if bad else 0.0, 1.0, n)
    score = 1 / (1 + np.exp(-amount - random.normal(size=n) / 4))
    wrong = random.random(n) < np.where(bad & (region == 0), 0.5, 0.1)
    said = score > 0.5
    return {
        "region": [REGIONS[i] for i in region],
        "amount": amount,
        "noise": random.normal(size=n),
        "prediction_score": score,
        "prediction_label": np.where(said, "yes", "no"),
        "actual_label": np.where(said ^ wrong, "yes", "no"),
    }


def settled(world: World) -> World:
    """Everything sent, folded, joined and checked; the predictions lie in the lake, the last labels wait for it."""
    random = np.random.default_rng(3)
    with writing(world.engine) as connection:
        model = models.ensure_model(connection, "default", "m", NOW)
        models.set_settings(connection, model.id, "binary", SETTINGS)
    world.upload(pa.table(made(random, 3_000, bad=False)), roles={"tags": ["region"]})
    for day in range(DAYS):
        columns = made(random, PER_DAY, day >= BAD_FROM)
        at = FIRST + day * DAY_US + np.arange(PER_DAY) * (DAY_US // PER_DAY)
        rows: list[dict[str, object]] = []
        actuals: list[dict[str, object]] = []
        for i in range(PER_DAY):
            features = {"amount": float(columns["amount"][i]), "noise": float(columns["noise"][i])}
            rows.append(
                {
                    "model_id": "m",
                    "model_version": "1",
                    "prediction_id": f"{day}-{i}",
                    "prediction_score": float(columns["prediction_score"][i]),
                    "prediction_label": str(columns["prediction_label"][i]),
                    "features": features,
                    "tags": {"region": columns["region"][i]},
                    "timestamp": at[i] / 1e6,
                }
            )
            said = {"actual_label": str(columns["actual_label"][i]), "timestamp": (at[i] + HOUR_US) / 1e6}
            actuals.append({"model_id": "m", "prediction_id": f"{day}-{i}", **said})
        world.send(rows)
        world.send(actuals, Kind.ACTUALS)
        if day == DAYS // 2:
            join(world)
            world.flush()
            joining(world).flush(NOW, 0)
    join(world)
    world.flush()
    for _ in range(20):
        with reading(world.engine) as connection:
            waiting = dirty_series(connection)
        for series, _, _ in waiting:
            check_series(world.engine, series, NOW)
    return world


def joining(world: World) -> Join:
    """The join of the world."""
    return Join(world.engine, world.lake, world.fold.buffer, lambda: True, lambda: NOW)


def join(world: World) -> None:
    """Fold and join all that was sent."""
    world.run()
    step = joining(world)
    while step.step():
        pass


def services_of(world: World, folder: Path) -> Services:
    """The app's services over the world."""
    settings = Settings(data=str(folder))
    return Services(settings, world.engine, world.log, lambda: NOW, world.uploads, lambda: world.lake)
