"""The join through what goes wrong: rewritten tables, crashes between any two writes, labels of every kind and time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from modelwatch.core.uuid7 import uuid7
from modelwatch.core.window import DAY_US
from modelwatch.core.wire import Kind
from modelwatch.jobs import join, joining
from modelwatch.lake.contract import TableKey
from modelwatch.lake.lookup import look_up
from modelwatch.store import labels, models
from modelwatch.store.engine import reading, writing
from tests.jobs.folding import NOW, World, new_world
from tests.jobs.truth import Truth

PREDICTIONS = TableKey("default", "m", Kind.PREDICTIONS)
LABELS = TableKey("default", "m", Kind.LABELS)
TAGS = {"fairness": {"attributes": [{"role": "tag", "name": "sex"}]}, "positive_label": "yes"}


class Crashed(Exception):
    """The process has ended here."""


@pytest.fixture
def truth(tmp_path: Path) -> Iterator[Truth]:
    with new_world(tmp_path) as world:
        with writing(world.engine) as connection:
            model = models.ensure_model(connection, "default", "m", NOW)
            models.set_settings(connection, model.id, "binary", TAGS)
        found = Truth(world)
        found.predict([f"p{i}" for i in range(150)])
        world.run()
        yield found


def settle(truth: Truth) -> None:
    world = truth.world
    while world.fold.step():
        pass
    world.fold.commit()
    while truth.join().step():
        pass


def join_and_flush(truth: Truth) -> None:
    while truth.join().step():
        pass
    truth.join().flush(NOW, 0)


def labels_in_lake(world: World) -> int:
    return world.lake.scan(LABELS, None, 0, 2**62).read_all().num_rows


def test_the_lake_is_compacted_while_labels_are_looked_for(truth: Truth, monkeypatch: pytest.MonkeyPatch) -> None:
    world = truth.world
    truth.predict([f"q{i}" for i in range(50)])
    world.flush()
    truth.predict([f"r{i}" for i in range(50)])
    world.run()
    world.flush()
    rewritten: list[int] = []

    def compacting(folder: Path, files: Any, *rest: Any) -> Any:
        if not rewritten:
            rewritten.append(world.lake.compact(PREDICTIONS))
            for file in files:
                (folder / file.path).unlink(missing_ok=True)  # as when the old files have been let go of
        return look_up(folder, files, *rest)

    monkeypatch.setattr("modelwatch.lake.local.look_up", compacting)
    truth.label([(f"{each}{i}", "yes" if i % 3 else "no") for each in "pqr" for i in range(50)])
    settle(truth)
    assert rewritten[0] > 0
    assert truth.counted() == truth.expected()


@pytest.mark.parametrize("restarts", [True, False])
@pytest.mark.parametrize("direct", [True, False])
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_commit_of_labels_that_broke_off_is_made_once(
    truth: Truth, monkeypatch: pytest.MonkeyPatch, direct: bool, moment: str, restarts: bool
) -> None:
    """Also when the job fails and the process goes on."""
    world = truth.world
    if direct:
        monkeypatch.setattr(join, "DIRECT_ROWS", 20)
        monkeypatch.setattr(joining, "DIRECT_ROWS", 20)
    real = world.lake.commit
    crashes = [LABELS]

    def commit(table: TableKey, *rest: Any) -> bool:
        crash = table in crashes and bool(crashes.pop())
        if crash and moment == "before":
            raise Crashed
        made = real(table, *rest)
        if crash:
            raise Crashed
        return made

    monkeypatch.setattr(world.lake, "commit", commit)
    truth.label([(f"p{i}", "yes" if i % 3 else "no") for i in range(100)])
    world.run()
    with pytest.raises(Crashed):
        join_and_flush(truth)
    if restarts:
        world.restart()
    truth.label([(f"p{i}", "yes") for i in range(100, 150)])
    settle(truth)
    truth.join().flush(NOW, 0)
    assert truth.counted() == truth.expected()
    assert labels_in_lake(world) == 150
    truth.label([(f"p{i}", "no") for i in range(100)])
    settle(truth)
    truth.join().flush(NOW, 0)
    assert truth.counted() == truth.expected()
    assert labels_in_lake(world) == 150 + sum(i % 3 > 0 for i in range(100))


def test_a_crash_before_anything_is_written_leaves_everything(truth: Truth, monkeypatch: pytest.MonkeyPatch) -> None:
    truth.label([(f"p{i}", "yes") for i in range(20)])
    truth.world.run()

    def crash(*_: Any) -> None:
        raise Crashed

    with monkeypatch.context() as patch:
        patch.setattr(labels, "save_joined", crash)
        with pytest.raises(Crashed):
            truth.join().step()
    assert truth.counted()["cells"] == {}
    truth.world.restart()
    settle(truth)
    assert truth.counted() == truth.expected()


def test_a_thousand_tiny_requests(truth: Truth) -> None:
    for i in range(1_000):
        truth.label([(f"p{i % 200}", "yes" if (i * 7) % 3 else "no")])
    settle(truth)
    assert truth.counted() == truth.expected()
    with reading(truth.world.engine) as connection:
        assert labels.load_joined(connection, 1).matched == 150
        assert labels.orphaned_models(connection) == {1: 50 * 5}


@pytest.mark.parametrize("made", [None, (NOW - DAY_US) // 1000])
def test_labels_thirty_days_late(truth: Truth, made: int | None) -> None:
    ids = [f"old{i}" if made is None else uuid7(made + i) for i in range(20)]
    truth.predict(ids)
    truth.world.run()
    truth.world.flush()
    truth.now = NOW + 30 * DAY_US
    truth.label([(each, "yes") for each in ids])
    settle(truth)
    assert truth.counted() == truth.expected()


def test_corrected_five_times_in_one_pass_and_in_five(truth: Truth) -> None:
    for i in range(5):
        truth.label([("p1", "yes" if i % 2 else "no"), ("p2", "no" if i % 2 else "yes")])
    settle(truth)
    for i in range(5):
        truth.label([("p1", "no" if i % 2 else "yes")])
        settle(truth)
    assert truth.counted() == truth.expected()


SAID: list[tuple[dict[str, Any], str | None]] = [
    ({"actual_label": "yes"}, "yes"),
    ({"actual_label": 1}, "1"),
    ({"actual_label": True}, "true"),
    ({"actual_label": 2.5}, "2.5"),
    ({"actual_value": 3.0}, None),
    ({"relevance": 1, "actual_label": None}, None),
    ({"actual_score": 0.5}, None),
]


def test_a_label_of_another_type_replaces_the_one_before(truth: Truth) -> None:
    """What says no label takes the earlier one back: nothing is known to have come true."""
    pairs = [(first, then) for first in SAID for then in SAID]
    for which in (0, 1):
        rows = [{"prediction_id": f"p{i}", **pair[which][0]} for i, pair in enumerate(pairs)]
        truth.world.send([{"model_id": "m", "timestamp": NOW / 1e6, **row} for row in rows], Kind.ACTUALS)
        settle(truth)
        told = Counter(pair[which][1] for pair in pairs)
        counted: Counter[str | None] = Counter()
        for (cut, _, actual), n in truth.counted()["cells"].items():
            counted[actual] += n if not cut else 0
        assert counted == {label: n for label, n in told.items() if label is not None}
