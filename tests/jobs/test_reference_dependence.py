"""What a reference's rows say of dependence is stored with it, and is what windows are judged by."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from modelwatch.core.column import ColumnKey
from modelwatch.core.window import HOUR_US
from modelwatch.core.wire import Role
from modelwatch.jobs.check import load_subject
from modelwatch.monitors.drift.dependence import Dependence
from modelwatch.profiles import Binning
from modelwatch.store import references
from modelwatch.store.engine import reading
from modelwatch.store.profiles import Series
from tests.jobs.folding import HOLD, NOW, World, new_world

X, Z = ColumnKey(Role.FEATURE, "x"), ColumnKey(Role.FEATURE, "z")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with new_world(tmp_path) as made:
        yield made


def stored(world: World) -> tuple[Dependence, Binning]:
    """The design effects of the newest reference, and its bins."""
    with reading(world.engine) as connection:
        row = references.list_references(connection, 1)[0]
        body = references.load_binning(connection, 1, row.binning).body
    assert row.dependence is not None
    return Dependence.from_bytes(row.dependence), Binning.from_bytes(body)


def test_customers_of_an_uploaded_file_are_seen_in_its_order(world: World) -> None:
    rng = np.random.default_rng(1)
    customers, each, icc = 2_000, 10, 0.3
    x = np.repeat(rng.normal(0, np.sqrt(icc), customers), each) + rng.normal(0, np.sqrt(1 - icc), customers * each)
    world.upload(pa.table({"x": x, "z": rng.permutation(x)}))
    world.predictions(5, features={"x": 0.0, "z": 0.0})
    world.run()
    found, binning = stored(world)
    effect = {column.key: found.largest[f] for f, column in enumerate(binning.columns)}
    # Kish: 1 + (10 - 1) .3 = 3.7
    assert 2.5 < effect[X] < 5.5
    assert effect[Z] == 1.0
    with reading(world.engine) as connection:
        subject = load_subject(connection, Series(1), NOW + HOUR_US)
    assert subject is not None
    used = subject.standing.yardstick.for_window(1e9)
    np.testing.assert_allclose(used.scores, found.scores)


def test_first_rows_are_looked_at_in_the_order_in_which_they_came(world: World) -> None:
    world.predictions(HOLD)
    world.run()
    found, binning = stored(world)
    assert len(found.largest) == len(binning)
