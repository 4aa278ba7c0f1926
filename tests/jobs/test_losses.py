"""A regression's errors before labels come, end to end: learned from a reference, told of windows whose inputs move."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from modelwatch.core.figure import Figure, Subject
from modelwatch.core.level import Level
from modelwatch.core.window import DAY_US
from modelwatch.jobs.check import check_series
from modelwatch.jobs.recount_outcomes import recount_outcomes
from modelwatch.profiles.outcomes import EMPTY
from modelwatch.store import models, references
from modelwatch.store.engine import reading, writing
from modelwatch.store.outcome_checks import FigureRow, load_outcome_checks
from modelwatch.store.outcomes import find_reference_losses, save_reference_outcomes
from modelwatch.store.profiles import dirty_series
from tests.jobs.folding import NOW, World, new_world

FIRST = NOW - NOW % DAY_US - 6 * DAY_US
ROLES: dict[str, str | list[str]] = {
    "prediction_value": "said",
    "actual_value": "came",
    "timestamp": "at",
    "features": ["size", "kind"],
}
Maker = np.random.Generator


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with new_world(tmp_path) as found:
        with writing(found.engine) as connection:
            model = models.ensure_model(connection, "default", "m", NOW)
            models.set_settings(connection, model.id, "", {"window_seconds": 86_400})
        yield found


def drawn(random: Maker, n: int, moved: float) -> pd.DataFrame:
    """Predictions whose error grows with `size`, of which there is more, but none larger, when inputs have moved."""
    size, other = random.gamma(2.0, 1.0, (2, n))
    size = np.where(random.random(n) < moved, np.maximum(size, other), size)
    kind = random.choice(["a", "b"], n)
    return pd.DataFrame({"size": size, "kind": kind, "said": 10 * size, "error": (0.5 + size) * random.normal(size=n)})


def refer(world: World, random: Maker, n: int) -> pd.DataFrame:
    """A reference with actuals."""
    rows = drawn(random, n, 0.0)
    at = pd.to_datetime(FIRST - 60 * DAY_US + np.arange(n) * (30 * DAY_US // n), unit="us", utc=True)
    rows = rows.assign(at=at, came=rows["said"] - rows["error"])
    world.upload(pa.Table.from_pandas(rows.drop(columns="error"), preserve_index=False), roles=ROLES)
    world.run()
    return rows


def send(world: World, rows: pd.DataFrame, day: int) -> None:
    """A day of predictions without labels."""
    at = FIRST + day * DAY_US + np.arange(len(rows)) * (DAY_US // len(rows))
    world.send(
        [
            {
                "model_id": "m",
                "model_version": "1",
                "prediction_id": f"d{day}-{i}",
                "prediction_value": row["said"],
                "features": {"size": row["size"], "kind": row["kind"]},
                "timestamp": at[i] / 1e6,
            }
            for i, row in enumerate(rows.to_dict("records"))
        ]
    )


def check(world: World) -> dict[int, dict[str, FigureRow]]:
    """{day: {metric: estimated figure}}."""
    world.run()
    while True:
        with reading(world.engine) as connection:
            dirty = dirty_series(connection)
        if not dirty:
            break
        for series, _, _ in dirty:
            check_series(world.engine, series, NOW)
    with reading(world.engine) as connection:
        found = load_outcome_checks(connection, 1, -(2**62), 2**62)
    return {
        (row.end_us - FIRST) // DAY_US - 1: {
            each.figure.metric: each for each in row.figures if each.figure.subject is Subject.ESTIMATED
        }
        for row in found
        if (row.end_us - FIRST) % DAY_US == 0
    }


def test_errors_are_expected_to_grow_where_inputs_move_to_where_the_reference_errs_more(world: World) -> None:
    random = np.random.default_rng(0)
    reference = refer(world, random, 20_000)
    days = [drawn(random, 1_000, moved) for moved in (0.0, 0.0, 0.8, 0.8, 0.8, 0.8)]
    for number, rows in enumerate(days):
        send(world, rows, number)
    found = check(world)
    for number, rows in enumerate(days):
        size, square = found[number]["mae"], found[number]["rmse"]
        real = float(rows["error"].abs().mean()), float(np.sqrt((rows["error"] ** 2).mean()))
        assert size.baseline == pytest.approx(float(reference["error"].abs().mean()))
        assert size.value == pytest.approx(real[0], rel=0.08)
        assert square.value == pytest.approx(real[1], rel=0.12)
        assert size.low <= size.value <= size.high
    assert found[1]["mae"].level is Level.OK
    assert found[5]["mae"].level is Level.WARNING
    assert found[5]["mae"].figure == Figure(Subject.ESTIMATED, "mae")
    assert "worse than the baseline" in found[5]["mae"].text
    assert "estimated without labels" in found[5]["mae"].text


def test_a_reference_is_learned_from_anew_with_its_outcomes(world: World) -> None:
    refer(world, np.random.default_rng(1), 2_000)
    fold = world.fold
    with reading(world.engine) as connection:
        (row,) = references.list_references(connection, 1)
        before = find_reference_losses(connection, row.id)
    assert before is not None
    with writing(world.engine) as connection:
        save_reference_outcomes(connection, row.id, EMPTY)
        assert find_reference_losses(connection, row.id) is None
    model = fold.catalog.model("default", "m", NOW)
    recount_outcomes(world.engine, world.lake, model, world.uploads, fold.position, NOW)
    with reading(world.engine) as connection:
        after = find_reference_losses(connection, row.id)
    assert after is not None
    assert after.binning == before.binning
    np.testing.assert_allclose(after.absolute.effects, before.absolute.effects)


def test_a_reference_of_a_few_rows_teaches_nothing_of_errors(world: World) -> None:
    refer(world, np.random.default_rng(2), 150)
    with reading(world.engine) as connection:
        (row,) = references.list_references(connection, 1)
        assert find_reference_losses(connection, row.id) is None
