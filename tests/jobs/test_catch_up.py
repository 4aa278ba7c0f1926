"""A data folder from before there was a join: its actuals are joined, once, in their order."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from modelwatch.core.wire import Kind
from modelwatch.jobs.catch_up import catch_up
from modelwatch.jobs.flush import finish_commits
from modelwatch.lake.contract import TableKey
from modelwatch.lake.local import LocalLake
from modelwatch.lake.naming import LOG_POSITION, table_folder
from modelwatch.store import labels, models
from modelwatch.store.engine import reading, writing
from modelwatch.store.migrate import downgrade, migrate
from tests.jobs.folding import NOW, World, new_world
from tests.jobs.truth import Truth

KEY = TableKey("default", "m", Kind.ACTUALS)
TAGS = {"fairness": {"attributes": [{"role": "tag", "name": "sex"}]}, "positive_label": "yes"}


@pytest.fixture
def truth(tmp_path: Path) -> Iterator[Truth]:
    with new_world(tmp_path) as world:
        with writing(world.engine) as connection:
            model = models.ensure_model(connection, "default", "m", NOW)
            models.set_settings(connection, model.id, "binary", TAGS)
        yield Truth(world)


def age(world: World, positions: bool) -> None:
    """Make the folder one of the version before; rows of the lake did not have their place in the log then."""
    world.flush()
    downgrade(world.engine, "0005")
    if not positions:
        rows = world.lake.scan(KEY, None, 0, 2**62).read_all().drop_columns([LOG_POSITION])
        shutil.rmtree(world.folder / "lake" / table_folder(KEY))
        world.lake = LocalLake(world.folder / "lake")
        world.lake.commit(KEY, rows.schema, world.lake.write(KEY, rows, "old"), 0)
    migrate(world.engine)
    world.restart()


def settle(truth: Truth) -> None:
    world = truth.world
    while world.fold.step():
        pass
    world.fold.commit()
    assert finish_commits(world.engine, world.lake) == 0
    catch_up(world.engine, world.lake, world.fold.buffer)
    joining = truth.join()
    world.fold.tend_outcomes(joining.alone)
    while joining.step():
        pass


@pytest.mark.parametrize("positions", [True, False])
def test_actuals_of_an_older_version_are_joined(truth: Truth, positions: bool) -> None:
    world = truth.world
    truth.predict([f"p{i}" for i in range(150)])
    truth.label([(f"p{i}", "yes") for i in range(60)] + [("later", "no")])
    world.run()
    truth.label([(f"p{i}", "yes" if i % 3 else "no") for i in range(40)])  # corrections
    world.run()
    age(world, positions)
    truth.label([(f"p{i}", "no") for i in range(10)])
    truth.predict(["later"])
    settle(truth)
    assert truth.counted() == truth.expected()
    with reading(world.engine) as connection:
        assert labels.catching_up(connection) == {}
        assert labels.load_joined(connection, 1).matched == 61


def test_a_crash_in_between_changes_nothing(truth: Truth) -> None:
    world = truth.world
    truth.predict([f"p{i}" for i in range(150)])
    truth.label([(f"p{i}", "yes" if i % 3 else "no") for i in range(60)])
    world.run()
    age(world, positions=True)
    with reading(world.engine) as connection:
        before = labels.catching_up(connection)
    assert catch_up(world.engine, world.lake, world.fold.buffer) == 60
    with writing(world.engine) as connection:
        for model_id, position in before.items():
            connection.exec_driver_sql("insert into label_catch_ups values (?, ?)", (model_id, position))
    settle(truth)
    assert truth.counted() == truth.expected()


def test_labels_wait_while_older_ones_are_in_the_lake_alone(truth: Truth) -> None:
    truth.predict([f"p{i}" for i in range(150)])
    truth.label([("p1", "yes")])
    truth.world.run()
    age(truth.world, positions=True)
    truth.label([("p1", "no")])
    truth.world.run()
    truth.world.fold.tend_outcomes(truth.join().alone)
    assert truth.join().step() == 0
    settle(truth)
    assert truth.counted() == truth.expected()
