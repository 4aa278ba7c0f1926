"""Methods on request against references out of the past, from rows that the test counts itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine

from modelwatch.core.reference import Moving, Past, Seasonal, spans
from modelwatch.core.window import DAY_US
from modelwatch.monitors.drift.on_request import compute
from modelwatch.server.queries.on_request import newest_of_all, over_windows
from modelwatch.server.queries.subject import find_subject
from modelwatch.server.queries.windows import load_windows
from modelwatch.store.engine import open_database, reading
from modelwatch.store.migrate import migrate
from tests.jobs.history import START, WALL, History, new_history, traffic

LENGTH = DAY_US


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    found = open_database(tmp_path / "modelwatch.db")
    migrate(found)
    yield found
    found.dispose()


def values(history: History, version: str, metric: str) -> tuple[list[int], np.ndarray, np.ndarray]:
    """Window ends, the metric of x and y in each window by one way, and in the newest by the other."""
    with reading(history.engine) as connection:
        subject = find_subject(connection, "m", WALL, version=version)
        windows = load_windows(connection, subject, START, WALL)
        assert windows is not None
        each = np.stack([over_windows(connection, subject, windows, f, metric).values for f in (0, 1)], axis=1)
        newest = newest_of_all(connection, subject, windows, [metric])[0].values
        return [row.end_us for row in windows.rows], each, newest


@pytest.mark.parametrize("rule", [Moving(days=7), Seasonal(weeks=3)])
def test_each_window_is_held_against_its_own_past(engine: Engine, rule: Past) -> None:
    rng = np.random.default_rng(1)
    history = new_history(engine, rng, 86_400)
    history.choose(rule, window_seconds=86_400)
    history.put(traffic(rng, 28, 20))
    history.check()
    ends, found, newest = values(history, "1", "hellinger")
    np.testing.assert_allclose(found[-1], newest)
    late = [i for i, end in enumerate(ends) if end >= START + 25 * DAY_US]
    assert late
    for i in late:
        now, before = history.between((ends[i] - LENGTH, ends[i])), history.between(*spans(rule, ends[i], LENGTH))
        np.testing.assert_allclose(found[i], compute("hellinger", now, before, history.binning).values, rtol=1e-9)


def test_a_new_version_is_held_against_the_inputs_of_those_before_it(engine: Engine) -> None:
    rng = np.random.default_rng(2)
    history = new_history(engine, rng, 86_400)
    rule = Moving(days=7)
    history.choose(rule, window_seconds=86_400)
    history.put(traffic(rng, 20, 20))
    second = history.deploy("2")
    second.put(traffic(rng, 2, 20, START + 20 * DAY_US))
    second.check()
    ends, found, newest = values(second, "2", "wasserstein")
    np.testing.assert_allclose(found[-1], newest)
    now = second.between((ends[-1] - LENGTH, ends[-1]))
    before = history.between(*spans(rule, ends[-1], LENGTH))
    expected = compute("wasserstein", now, before, history.binning).values
    assert found[-1, 0] == pytest.approx(expected[0])
    assert np.isnan(found[-1, 1])
