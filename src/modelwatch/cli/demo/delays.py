"""The model that the demo watches: does this flight arrive more than 15 minutes late?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score
from threadpoolctl import threadpool_limits

from modelwatch.cli.demo.flights import FEATURES, Flights

MODEL_ID: Final = "flight-delay"
MODEL_VERSION: Final = "2013.1"
REFERENCE_MONTHS: Final = (1, 2, 3)
FOLDS: Final = 3
THREADS: Final = 1
"""Threads that have to share a core with a server spend most of their time waiting for each other."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scored:
    """What the model says of every flight.

    Both frames hold the columns of `Flights` and: score, the chance of being late; predicted, 'late' or 'on_time'.
    `reference` is January to March, each day scored by a model that has not seen that day; `production` is April to
    December, scored by the model of all three months. `auc` is by month, over the flights that landed; month 0 is the
    reference.
    """

    reference: pd.DataFrame
    production: pd.DataFrame
    threshold: float
    auc: dict[int, float]


def train(flights: Flights) -> Scored:
    """Fits the model to January to March and scores the whole year with it."""
    first = flights.frame["month"].isin(REFERENCE_MONTHS)
    reference, production = flights.frame[first], flights.frame[~first]
    honest, scores = held_out(reference), chance(fit(reference), production)
    # as many flights are called late as were late
    threshold = float(np.quantile(honest, 1 - reference["late"].mean()))
    reference, production = judged(reference, honest, threshold), judged(production, scores, threshold)
    months = production.groupby("month")
    return Scored(
        reference, production, threshold, {0: auc(reference), **{int(month): auc(rows) for month, rows in months}}
    )


def held_out(rows: pd.DataFrame) -> Floats:
    """Scores of days that the scoring model has not seen: the days are dealt into `FOLDS` folds."""
    fold = rows["day"].dt.day_of_year.to_numpy() % FOLDS
    scores = np.empty(len(rows))
    for number in range(FOLDS):
        scores[fold == number] = chance(fit(rows[fold != number]), rows[fold == number])
    return scores


def fit(rows: pd.DataFrame) -> HistGradientBoostingClassifier:
    """A small boosted model of the rows whose outcome is known; the same rows give the same model."""
    known = rows[rows["late"].notna()]
    model = HistGradientBoostingClassifier(
        categorical_features="from_dtype",
        early_stopping=False,
        l2_regularization=5.0,
        learning_rate=0.08,
        max_iter=100,
        max_leaf_nodes=15,
        random_state=2013,
    )
    with threadpool_limits(THREADS, "openmp"):
        return model.fit(known[list(FEATURES)], known["late"].astype(int))


def chance(model: HistGradientBoostingClassifier, rows: pd.DataFrame) -> Floats:
    """The chance of being late, 0 to 1, of each row."""
    with threadpool_limits(THREADS, "openmp"):
        scores: Floats = model.predict_proba(rows[list(FEATURES)])[:, 1]
    return scores


def judged(rows: pd.DataFrame, scores: Floats, threshold: float) -> pd.DataFrame:
    """The rows with their score and the label that follows from it."""
    return rows.assign(score=scores, predicted=labels(scores >= threshold))


def labels(late: npt.NDArray[np.bool_] | pd.Series) -> npt.NDArray[np.str_]:
    """'late' or 'on_time'."""
    return np.where(late, "late", "on_time")


def auc(rows: pd.DataFrame) -> float:
    """How well the scores rank the flights whose outcome is known, .5 to 1."""
    known = rows["late"].notna()
    return float(roc_auc_score(rows.loc[known, "late"], rows.loc[known, "score"]))
