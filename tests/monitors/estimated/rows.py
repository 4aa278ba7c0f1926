"""Rows of a classifier as `Outcomes`, and the car-loan chunks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from modelwatch.profiles.outcomes import Cuts, Outcomes, Rows, count_labelled, count_seen, merge


def binary(
    score: np.ndarray,
    actual: np.ndarray,
    weight: np.ndarray | None = None,
    predicted: np.ndarray | None = None,
    cuts: tuple[Cuts, ...] = (),
) -> Outcomes:
    """Predictions of the class `yes` from a score of .5 on, all labelled."""
    if predicted is None:
        predicted = (score >= 0.5).astype(int)
    rows = Rows(weight, ("no", "yes"), predicted, actual.astype(int), score, positive=1, cuts=cuts)
    return together(rows)


def together(rows: Rows) -> Outcomes:
    """What is seen and what came true of rows, in one slot."""
    slots = np.zeros(rows.n, int)
    return merge((*count_seen(rows, slots, 1), *count_labelled(rows, slots, 1)))


def car_loan(chunk: str) -> Outcomes:
    """5,000 predictions, from the counts of NannyML's synthetic car loan data (Apache License 2.0)."""
    held = pd.read_csv(Path(__file__).parent / "car_loan.csv")
    held = held[held["chunk"] == chunk]
    times = held["rows"].to_numpy()
    score, predicted, actual = (np.repeat(held[name].to_numpy(), times) for name in ("score", "predicted", "actual"))
    return binary(score.astype(float), actual, predicted=predicted)
