"""Concept drift in the join: errors in log order, whatever the join's own pace, each prediction's first label once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from modelwatch.core.level import Level
from modelwatch.core.window import BUCKET_US
from modelwatch.core.wire import Kind
from modelwatch.jobs import join
from modelwatch.jobs.join import Join
from modelwatch.monitors.concept import advance, begin, from_bytes, to_bytes
from modelwatch.store import concept, models
from modelwatch.store.alerts import alerts_from
from modelwatch.store.engine import reading, writing
from tests.jobs.folding import NOW, World, new_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with new_world(tmp_path) as found:
        with writing(found.engine) as connection:
            model = models.ensure_model(connection, "default", "m", NOW)
            models.set_settings(connection, model.id, "binary", {"positive_label": "yes"})
        yield found


def stream(seed: int, rates: list[tuple[int, float]]) -> list[tuple[dict[str, Any], dict[str, Any], bool]]:
    """Predictions and their labels; stretches of (number, error rate)."""
    random = np.random.default_rng(seed)
    found = []
    for number, rate in rates:
        for wrong in random.random(number) < rate:
            i = len(found)
            said = "yes" if random.random() < 0.5 else "no"
            truth = said if not wrong else {"yes": "no", "no": "yes"}[said]
            row = {"model_id": "m", "model_version": "1", "prediction_id": f"c{i}", "prediction_label": said}
            at = (NOW - 10_000 * BUCKET_US + i * BUCKET_US) / 1e6
            row |= {"prediction_score": 0.5, "timestamp": at, "features": {"x": float(random.normal())}}
            label = {"model_id": "m", "prediction_id": f"c{i}", "actual_label": truth, "timestamp": at + 60}
            found.append((row, label, bool(wrong)))
    return found


def step(world: World) -> None:
    joining = Join(world.engine, world.lake, world.fold.buffer, lambda: True, lambda: NOW)
    while joining.step():
        pass


def stored(world: World) -> concept.ConceptState:
    with reading(world.engine) as connection:
        found = concept.load_state(connection, 1)
    assert found is not None
    return found


@pytest.mark.parametrize("pace", [100, 700, 5_000])
def test_the_pace_of_the_join_changes_nothing(world: World, pace: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(join, "MOST_ROWS", 400 if pace == 5_000 else 1_000_000)
    sent = stream(1, [(1_500, 0.05), (1_500, 0.4)])
    for first in range(0, len(sent), 100):
        some = sent[first : first + 100]
        # every other batch of labels comes before its predictions, and some labels come twice, or are corrected
        parts = [([row for row, _, _ in some], Kind.PREDICTIONS), ([label for _, label, _ in some], Kind.ACTUALS)]
        for rows, kind in parts if first % 200 else parts[::-1]:
            world.send(rows, kind)
        world.send([{**label, "actual_label": "yes"} for _, label, _ in some[:20]], Kind.ACTUALS)
        if first % pace == 0:
            world.run()
            step(world)
    world.run()
    step(world)
    errors = np.array([float(wrong) for _, _, wrong in sent])
    at = np.array([round(row["timestamp"] * 1e6) for row, _, _ in sent])
    state = from_bytes(stored(world).body)
    wanted, found = advance(begin("binary"), errors, at, np.zeros(len(at), np.int64))
    assert (state.labels, state.first, state.alarms) == (wanted.labels, wanted.first, wanted.alarms)
    assert [(f.label, f.since_label, f.level) for f in state.findings] == [
        (f.label, f.since_label, f.level) for f in found
    ]
    assert len(found) == 1
    with reading(world.engine) as connection:
        kept = concept.load_findings(connection, 1)
        alerts = alerts_from(connection, 1, "concept_drift", -(2**62))
    assert [each.label for each in kept] == [each.label for each in found]
    assert [alert.level for alert in alerts] == [Level.CRITICAL]
    assert alerts[0].title.startswith("Concept drift: error rate rose by 0.")
    assert alerts[0].peak_items[0].how.startswith("The share of mistakes rose")
    assert stored(world).position > 0
    assert to_bytes(from_bytes(stored(world).body)) == stored(world).body
