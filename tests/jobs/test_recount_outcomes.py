"""Outcomes counted anew by other rules, and those of references, against counting from scratch."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from sklearn.metrics import confusion_matrix

from modelwatch.core.wire import Kind
from modelwatch.jobs.recount_outcomes import recount_outcomes
from modelwatch.profiles.outcomes import Fact
from modelwatch.server.queries.settings import change_settings
from modelwatch.store import labels, outcomes, references
from modelwatch.store.engine import reading, writing
from tests.jobs.folding import NOW, World, new_world
from tests.jobs.truth import Truth

SEX = {"attributes": [{"role": "tag", "name": "sex"}]}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with new_world(tmp_path) as found:
        yield found


@pytest.fixture
def truth(world: World) -> Truth:
    found = Truth(world)
    found.predict([f"p{i}" for i in range(150)])
    found.label([(f"p{i}", "yes" if i % 3 else "no") for i in range(100)])
    world.run()
    found.join().step()
    return found


def tend(truth: Truth) -> None:
    while truth.world.fold.tend_outcomes(threading.RLock()):
        pass


@pytest.mark.parametrize("flushed", [True, False])
def test_a_new_rule_counts_everything_anew(truth: Truth, flushed: bool) -> None:
    if flushed:
        truth.world.flush()
        truth.join().flush(NOW, 0)
    truth.label([("p1", "no"), ("p2", "yes"), ("p120", "yes")])
    truth.world.run()
    truth.join().step()
    assert {key[0] for key in truth.counted()["cells"]} == {""}
    change_settings(truth.world.engine, "default", "m", {"fairness": SEX, "positive_label": "yes"}, NOW)
    tend(truth)
    assert truth.counted() == truth.expected()
    by_sex = Counter((row["tags"]["sex"], row["prediction_label"]) for row in truth.predictions.values())
    seen = truth.seen()
    assert {key: n for key, n in seen.items() if key[0]} == {
        (f'["tag","sex","{sex}"]', label): n for (sex, label), n in by_sex.items()
    }
    truth.label([("p3", "yes"), ("p1", "yes")])
    truth.predict(["more"])
    truth.label([("more", "no")])
    truth.world.run()
    truth.join().step()
    assert truth.counted() == truth.expected()


def test_a_crash_while_counting_anew_is_repaired(truth: Truth, monkeypatch: pytest.MonkeyPatch) -> None:
    change_settings(truth.world.engine, "default", "m", {"fairness": SEX, "positive_label": "yes"}, NOW)
    with monkeypatch.context() as patch:
        patch.setattr("modelwatch.jobs.recount_outcomes.recount_day", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            tend(truth)
    truth.world.restart()
    while truth.world.fold.position < truth.world.fold.folded and truth.world.fold.step():
        pass
    truth.predict(["between"])
    truth.label([("p7", "no")])
    truth.world.run()
    assert truth.join().step() == 0
    tend(truth)
    truth.join().step()
    assert truth.counted() == truth.expected()
    assert sum(n for (cut, _), n in truth.seen().items() if not cut) == 151


def test_counting_anew_twice_is_counting_once(truth: Truth) -> None:
    fold = truth.world.fold
    truth.world.flush()
    model = fold.catalog.model("default", "m", NOW)
    before = truth.counted()
    for _ in range(2):
        recount_outcomes(truth.world.engine, truth.world.lake, model, truth.world.uploads, fold.position, NOW)
    assert truth.counted() == before


def test_other_settings_count_nothing_anew(truth: Truth) -> None:
    change_settings(truth.world.engine, "default", "m", {"psi_warning": 0.2}, NOW)
    assert not truth.world.fold.tend_outcomes(threading.RLock())


def test_a_reference_brings_what_came_true_of_it(world: World) -> None:
    random = np.random.default_rng(0)
    score = random.random(500)
    table = pa.table(
        {
            "x": random.normal(size=500),
            "prediction_score": score,
            "prediction_label": np.where(score > 0.5, "yes", "no"),
            "actual_label": np.where(random.random(500) < score, "yes", "no"),
        }
    )
    world.upload(table)
    world.run()
    with reading(world.engine) as connection:
        (row,) = references.list_references(connection, 1)
        found = outcomes.find_reference_outcomes(connection, row.id)
    assert found is not None
    _, b, c, value = found.cells(Fact.LABELLED)
    held = np.zeros((2, 2))
    np.add.at(held, (c, b), value)
    order = list(found.labels[:2])
    expected = confusion_matrix(table["actual_label"].to_pylist(), table["prediction_label"].to_pylist(), labels=order)
    assert np.array_equal(held, expected)
    with writing(world.engine) as connection:
        labels.ask_rebuilt(connection, 1)
        outcomes.save_reference_outcomes(connection, row.id, type(found)())
    world.fold.tend_outcomes(threading.RLock())
    with reading(world.engine) as connection:
        again = outcomes.find_reference_outcomes(connection, row.id)
    assert again is not None
    assert np.array_equal(again.values, found.values)
    assert Kind.ACTUALS not in {key.kind for key in world.fold.buffer.tables()}


def test_rules_that_are_set_before_anything_is_counted_hold_from_the_start(world: World) -> None:
    truth = Truth(world)
    truth.predict([f"p{i}" for i in range(40)])
    world.run()
    change_settings(world.engine, "default", "m", {"fairness": SEX, "positive_label": "yes", "task": "binary"}, NOW)
    assert not world.fold.tend_outcomes(threading.RLock())  # the first rows are held back still
    truth.predict([f"q{i}" for i in range(100)])
    truth.label([(f"q{i}", "yes") for i in range(60)])
    world.run()
    tend(truth)
    truth.join().step()
    assert truth.counted() == truth.expected()
    assert sum(n for (cut, _), n in truth.seen().items() if not cut) == 140
