"""Sketches of prediction ids on a real log and database: counted once whatever crashes, rolled up as profiles are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from modelwatch.core.window import DAY_US, HOUR_US
from modelwatch.jobs.retain import roll_up_model
from modelwatch.profiles.id_sketch import IdSketch, merge_ids
from modelwatch.store import models
from modelwatch.store.engine import reading
from modelwatch.store.id_sketches import load_sketches
from modelwatch.store.profiles import Series, spans
from tests.jobs.folding import HOLD, NOW, World, new_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with new_world(tmp_path) as made:
        yield made


def sketched(world: World) -> IdSketch:
    """The prediction ids of all buckets together."""
    with reading(world.engine) as connection:
        rows = load_sketches(connection, 1, -(2**62), 2**62)
    return merge_ids(IdSketch.from_bytes(row.body) for row in rows)


def test_repeated_ids_are_counted_once_whatever_crashes(world: World) -> None:
    """Also those of rows that are held back, and none twice when the log is folded again."""
    world.predictions(HOLD // 2)
    world.run()
    world.ids = 0
    world.predictions(HOLD)  # the first half of these ids again
    while world.fold.step():
        pass
    world.restart()  # before the commit
    world.run()
    world.restart()
    world.run()
    found = sketched(world)
    assert (found.rows, len(found.hashes)) == (HOLD + HOLD // 2, HOLD)
    assert sorted(found.counts.tolist()) == [1] * (HOLD // 2) + [2] * (HOLD // 2)


def test_id_sketches_roll_up_with_their_profiles(world: World) -> None:
    world.predictions(3 * HOLD)
    world.run()
    before = sketched(world)
    with reading(world.engine) as connection:
        row = models.get_deployment(connection, 1)
    while roll_up_model(world.engine, row, NOW + 1000 * DAY_US):
        pass
    assert sketched(world) == before
    with reading(world.engine) as connection:
        rolled = [(each.start_us, each.span_us) for each in load_sketches(connection, 1, -(2**62), 2**62)]
        assert rolled == [(start, span) for start, span, _ in spans(connection, Series(1), -(2**62), 2**62)]
    assert {span for _, span in rolled} >= {HOUR_US}
