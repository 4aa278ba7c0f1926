"""Ranked predictions end to end: what is stored is what scikit-learn says of the rows as they are known in the end."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import ndcg_score

from modelwatch.core.window import HOUR_US
from modelwatch.core.wire import Kind
from modelwatch.jobs.join import Join
from modelwatch.profiles.outcomes import Total, merge
from modelwatch.store import labels, models
from modelwatch.store.engine import reading, writing
from modelwatch.store.outcomes import Side, load_outcomes
from tests.jobs.folding import NOW, World, new_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with new_world(tmp_path) as found:
        with writing(found.engine) as connection:
            models.ensure_model(connection, "default", "m", NOW)
        yield found


class Lists:
    """Ranked lists of 12, and the relevance that is known of each row."""

    def __init__(self, world: World) -> None:
        self.world, self.random = world, np.random.default_rng(0)
        self.rows: dict[str, dict[str, Any]] = {}
        self.relevance: dict[str, float] = {}

    def show(self, first: int, count: int) -> None:
        rows = []
        for group in range(first, first + count):
            for rank in range(1, 13):
                row = {"model_id": "m", "model_version": "1", "prediction_id": f"g{group}-{rank}"}
                row |= {"group_id": f"g{group}", "rank": rank, "prediction_score": 1 / rank}
                row |= {"features": {"x": float(rank)}, "timestamp": (NOW - group * HOUR_US) / 1e6}
                rows.append(row)
                self.rows[row["prediction_id"]] = row
        self.world.send(rows)

    def judge(self, chosen: list[str]) -> None:
        rows = []
        for each in chosen:
            relevance = float(self.random.integers(0, 4))
            self.relevance[each] = relevance
            rows.append({"model_id": "m", "prediction_id": each, "relevance": relevance, "timestamp": NOW / 1e6})
        self.world.send(rows, Kind.ACTUALS)

    def settle(self) -> None:
        self.world.run()
        while Join(self.world.engine, self.world.lake, self.world.fold.buffer, lambda: True, lambda: NOW).step():
            pass

    def expected(self) -> tuple[int, float, float, int]:
        """(judged groups, sum of NDCG@5, sum of NDCG@10, labelled rows)."""
        groups: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for each, row in self.rows.items():
            groups[row["group_id"]].append((row["rank"], self.relevance.get(each, 0.0)))
        judged = [sorted(rows) for rows in groups.values() if any(relevance for _, relevance in rows)]
        five, ten = (
            sum(ndcg_score([[r for _, r in rows]], [[-k for k, _ in rows]], k=at) for rows in judged) for at in (5, 10)
        )
        return len(judged), five, ten, len(self.relevance)

    def counted(self) -> tuple[int, float, float, int]:
        with reading(self.world.engine) as connection:
            stretches = load_outcomes(connection, 1, -(2**62), 2**62, Side.LABELLED)
        totals = merge(each.outcomes for each in stretches).totals()
        rows = int(totals[Total.ROWS])
        return int(totals[Total.GROUPS]), float(totals[Total.NDCG_5]), float(totals[Total.NDCG_10]), rows


@pytest.mark.parametrize("flushed", [True, False])
def test_what_is_counted_is_what_scikit_learn_says(world: World, flushed: bool) -> None:
    lists = Lists(world)
    lists.show(0, 30)
    lists.settle()
    for _ in range(4):
        lists.judge([str(each) for each in lists.random.choice(sorted(lists.rows), 60, replace=False)])
        lists.settle()
        if flushed:
            world.flush()
    assert lists.counted() == pytest.approx(lists.expected())
    lists.judge(["g40-1", "g40-2"])
    lists.show(30, 20)
    lists.settle()
    assert lists.counted() == pytest.approx(lists.expected())
    with writing(world.engine) as connection:
        labels.ask_rebuilt(connection, 1)
    world.fold.tend_outcomes(threading.RLock())
    assert lists.counted() == pytest.approx(lists.expected())


def test_rows_without_a_group_are_not_ranked(world: World) -> None:
    lists = Lists(world)
    lists.show(0, 20)
    world.send([{"model_id": "m", "model_version": "1", "prediction_id": "alone", "prediction_score": 0.5, "rank": 1}])
    world.send([{"model_id": "m", "prediction_id": "alone", "relevance": 1.0}], Kind.ACTUALS)
    lists.settle()
    assert lists.counted() == (0, 0.0, 0.0, 0)
