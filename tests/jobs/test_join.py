"""The join against counting from scratch: labels late, early, twice, corrected, for nobody, and through crashes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from modelwatch.core.uuid7 import uuid7
from modelwatch.core.window import DAY_US, HOUR_US
from modelwatch.core.wire import Kind
from modelwatch.jobs import label_batch
from modelwatch.lake.contract import TableKey
from modelwatch.lake.lookup import look_up
from modelwatch.store import labels, models
from modelwatch.store.engine import reading, writing
from tests.jobs.folding import NOW, World, new_world
from tests.jobs.truth import Truth

TAGS = {"fairness": {"attributes": [{"role": "tag", "name": "sex"}]}}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with new_world(tmp_path) as found:
        with writing(found.engine) as connection:
            model = models.ensure_model(connection, "default", "m", NOW)
            models.set_settings(connection, model.id, "binary", {**TAGS, "positive_label": "yes"})
        yield found


@pytest.fixture
def truth(world: World) -> Truth:
    found = Truth(world)
    found.predict([f"p{i}" for i in range(150)])
    world.run()
    return found


def joined(world: World) -> labels.Joined:
    with reading(world.engine) as connection:
        return labels.load_joined(connection, 1)


def settle(truth: Truth) -> None:
    truth.world.run()
    while truth.join().step():
        pass


def test_labels_are_counted_at_their_predictions(truth: Truth) -> None:
    truth.label([(f"p{i}", "yes" if i % 3 else "no") for i in range(100)])
    settle(truth)
    assert truth.counted() == truth.expected()
    assert joined(truth.world).matched == 100


def test_twice_the_same_changes_nothing(truth: Truth) -> None:
    for _ in range(2):
        truth.label([("p1", "yes"), ("p2", "no"), ("p1", "yes")])
        settle(truth)
    assert truth.counted() == truth.expected()
    assert (joined(truth.world).matched, joined(truth.world).corrected) == (2, 0)
    assert joined(truth.world).repeated == 2


@pytest.mark.parametrize("flushed", [True, False])
def test_the_last_label_counts_however_often_it_is_corrected(truth: Truth, flushed: bool) -> None:
    for i in range(5):
        truth.label([(f"p{j}", "yes" if (i + j) % 2 else "no") for j in range(10)])
        settle(truth)
        if flushed:
            truth.world.flush()
            truth.join().flush(NOW, 0)
    assert truth.counted() == truth.expected()
    assert (joined(truth.world).matched, joined(truth.world).corrected) == (10, 40)


def test_labels_of_one_batch_are_taken_in_order(truth: Truth) -> None:
    truth.label([("p1", "yes"), ("p1", "no"), ("p2", "no"), ("p2", "yes")])
    settle(truth)
    assert truth.counted() == truth.expected()


def test_a_label_waits_for_its_prediction(truth: Truth) -> None:
    truth.label([("late1", "yes"), ("p3", "yes"), ("never", "no")])
    settle(truth)
    with reading(truth.world.engine) as connection:
        assert labels.orphaned_models(connection) == {1: 2}
    truth.predict(["late1"])
    settle(truth)
    assert truth.counted() == truth.expected()
    with reading(truth.world.engine) as connection:
        assert labels.orphaned_models(connection) == {1: 1}


def test_what_never_gets_a_prediction_expires_with_a_reason(truth: Truth) -> None:
    truth.label([("never", "no")])
    settle(truth)
    truth.now += 31 * DAY_US
    truth.label([("p1", "no")])
    settle(truth)
    with reading(truth.world.engine) as connection:
        assert labels.orphaned_models(connection) == {}
        assert [
            row.reason
            for row in __import__("modelwatch.store.ledger", fromlist=["x"]).list_quarantine(
                connection, "default", "m", None, 10
            )
        ] == ["label_expired"]
    assert joined(truth.world).expired == 1


def test_the_first_of_two_predictions_of_one_id_is_meant(truth: Truth) -> None:
    truth.predict(["twice"])
    truth.predict(["twice"])
    truth.label([("twice", "yes")])
    settle(truth)
    assert truth.counted() == truth.expected()


def test_ids_that_tell_their_time_are_found_in_the_lake(truth: Truth) -> None:
    made = [uuid7((NOW - i * DAY_US) // 1000) for i in range(20)]
    truth.predict(made)
    truth.world.run()
    truth.world.flush()
    truth.label([(each, "yes") for each in made] + [(uuid7(NOW // 1000), "no")])
    settle(truth)
    assert truth.counted() == truth.expected()


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many files of the lake were looked into, look by look."""
    counts: list[int] = []

    def counted(folder: Path, files: list[Any], *rest: Any) -> Any:
        counts.append(len(files))
        return look_up(folder, files, *rest)

    monkeypatch.setattr("modelwatch.lake.local.look_up", counted)
    return counts


@pytest.mark.parametrize(("hours", "expected"), [(0, [1, 0]), (-100, [0, 2, 0])])
def test_who_says_when_a_prediction_was_made_has_fewer_files_read(
    truth: Truth, looked: list[int], hours: int, expected: list[int]
) -> None:
    truth.world.flush()
    at = float(truth.predictions["p7"]["timestamp"])
    truth.label([("p7", "yes")], prediction_timestamp=at + hours * 3600)
    settle(truth)
    assert truth.counted() == truth.expected()
    assert looked == expected


def test_labels_that_were_stored_without_the_time_of_their_predictions_are_joined(truth: Truth) -> None:
    truth.label([("p1", "yes"), ("p2", "no")])
    truth.world.run()
    with writing(truth.world.engine) as connection:
        (batch,) = labels.load_inbox(connection, 1, False)
        old = label_batch.from_bytes([batch.body]).drop_columns([label_batch.ABOUT])
        labels.drop_inbox(connection, [batch.id])
        labels.add_inbox(connection, [replace(batch, body=label_batch.to_bytes(old))])
    settle(truth)
    assert truth.counted() == truth.expected()


def test_versions_are_counted_apart(truth: Truth) -> None:
    truth.predict([f"b{i}" for i in range(10)], "2")
    truth.label([(f"b{i}", "yes") for i in range(10)] + [("p1", "no")])
    settle(truth)
    assert truth.counted(2) == truth.expected("2")
    assert truth.counted(1) == truth.expected("1")


def test_nothing_is_joined_before_it_is_known_what_to_judge_by(tmp_path: Path) -> None:
    with new_world(tmp_path) as world:
        truth = Truth(world)
        truth.predict([f"q{i}" for i in range(50)])
        truth.label([("q1", "yes")])
        settle(truth)
        assert truth.counted()["cells"] == {}
        truth.predict([f"r{i}" for i in range(80)])
        settle(truth)
        assert {key[1:]: n for key, n in truth.counted()["cells"].items()} == {
            key[1:]: n for key, n in truth.expected()["cells"].items() if not key[0]
        }


@pytest.mark.parametrize("seed", range(6))
def test_whatever_happens_in_between_the_figures_are_those_from_scratch(world: World, seed: int) -> None:
    truth = Truth(world, seed)
    random = np.random.default_rng(seed)
    truth.predict([f"s{i}" for i in range(120)])
    world.run()
    names = [f"s{i}" for i in range(200)]
    for _ in range(25):
        match int(random.integers(0, 8)):
            case 0:
                truth.predict([str(name) for name in random.choice(names, 10)])
            case 1 | 2 | 3:
                truth.label([(str(name), str(random.choice(["yes", "no"]))) for name in random.choice(names, 15)])
            case 4:
                world.run()
                truth.join().step()
            case 5:
                world.run()
                world.flush()
                world.lake.compact(TableKey("default", "m", Kind.PREDICTIONS))
            case 6:
                truth.join().flush(NOW + HOUR_US, 0)
            case _:
                world.restart()
                while world.fold.position < world.fold.folded and world.fold.step():
                    pass
    settle(truth)
    assert truth.counted() == truth.expected()
