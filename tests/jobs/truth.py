"""A world whose predictions come true, and the same figures from scratch: plain Python over all that was sent."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from modelwatch.core.window import BUCKET_US, HOUR_US
from modelwatch.core.wire import Kind
from modelwatch.jobs.join import Join
from modelwatch.profiles.outcomes import Fact, Outcomes, Total, merge
from modelwatch.store.engine import reading
from modelwatch.store.outcomes import Side, load_outcomes
from tests.jobs.folding import NOW, World


@dataclass
class Truth:
    """Sends predictions and actuals to a world and remembers them as they should be counted."""

    world: World
    seed: int = 0
    predictions: dict[str, dict[str, Any]] = field(default_factory=dict)
    sent: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = np.random.default_rng(self.seed)
        self.now = NOW

    def predict(self, ids: list[str], version: str = "1") -> None:
        """Predictions of these ids, some minutes apart."""
        rows = []
        for each in ids:
            score = float(self.random.integers(0, 101)) / 100
            row = {
                "model_id": "m",
                "model_version": version,
                "prediction_id": each,
                "prediction_score": score,
                "prediction_label": "yes" if score > 0.5 else "no",
                "features": {"x": float(self.random.normal())},
                "tags": {"sex": "FM"[int(self.random.integers(0, 2))]},
                "timestamp": (NOW - int(self.random.integers(1, 200)) * HOUR_US // 7) / 1e6,
            }
            rows.append(row)
            self.predictions.setdefault(each, row)
        self.world.send(rows)

    def label(self, pairs: list[tuple[str, str]], **more: Any) -> None:
        """Actuals, one request."""
        rows = [
            {"model_id": "m", "prediction_id": each, "actual_label": said, "timestamp": NOW / 1e6, **more}
            for each, said in pairs
        ]
        self.world.send(rows, Kind.ACTUALS)
        self.sent += pairs

    def join(self) -> Join:
        """A join of the world as it is after a restart, too."""
        world = self.world
        return Join(world.engine, world.lake, world.fold.buffer, lambda: True, lambda: self.now)

    def seen(self, deployment: int = 1) -> dict[tuple[str, str], int]:
        """{(cut, predicted label): predictions} as counted."""
        with reading(self.world.engine) as connection:
            stretches = load_outcomes(connection, deployment, -(2**62), 2**62, Side.SEEN)
        whole, found = merge(each.outcomes for each in stretches), Counter[tuple[str, str]]()
        for cut in whole.cuts:
            for label, weight in zip(*whole.cells(Fact.PREDICTED, cut)[1::2], strict=True):
                found[cut, whole.labels[label]] += round(weight)
        return dict(found)

    def expected(self, version: str = "1") -> dict[str, Any]:
        """What should have been counted."""
        last = dict(self.sent)
        cells: Counter[tuple[str, str, str]] = Counter()
        buckets: Counter[int] = Counter()
        brier = 0.0
        for each, said in last.items():
            row = self.predictions.get(each)
            if row is None or row["model_version"] != version:
                continue
            for cut in ("", f'["tag","sex","{row["tags"]["sex"]}"]'):
                cells[cut, row["prediction_label"], said] += 1
            at = round(float(row["timestamp"]) * 1e6)
            buckets[at - at % BUCKET_US] += 1
            brier += (row["prediction_score"] - (said == "yes")) ** 2
        return {"cells": dict(cells), "buckets": dict(buckets), "brier": round(brier, 6)}

    def counted(self, deployment: int = 1) -> dict[str, Any]:
        """What has been counted."""
        with reading(self.world.engine) as connection:
            stretches = load_outcomes(connection, deployment, -(2**62), 2**62, Side.LABELLED)
        whole = merge(each.outcomes for each in stretches)
        rows = {s.start_us: int(s.outcomes.totals()[Total.ROWS]) for s in stretches}
        return {
            "cells": confusion(whole),
            "buckets": {start: n for start, n in rows.items() if n},
            "brier": round(float(whole.totals()[Total.BRIER]), 6),
        }


def confusion(found: Outcomes) -> dict[tuple[str, str, str], int]:
    """{(cut, predicted, actual): rows}."""
    cells: Counter[tuple[str, str, str]] = Counter()
    for cut in found.cuts:
        _, b, c, value = found.cells(Fact.LABELLED, cut)
        for predicted, actual, weight in zip(b.tolist(), c.tolist(), value.tolist(), strict=True):
            cells[cut, found.labels[predicted], found.labels[actual]] += round(weight)
    return {key: n for key, n in cells.items() if n}
