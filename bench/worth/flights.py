"""The flights of 2013: the metrics of the bins against those of the rows, and what the judge says of the year."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd
from sklearn import metrics as sk

from bench.trust.effort import Effort
from bench.trust.figure import Figure
from modelwatch.cli.demo.delays import Scored, train
from modelwatch.cli.demo.flights import load
from modelwatch.core.measure import Measure
from modelwatch.monitors.performance import HEADLINES, binary, binning_bounds, judged, scatter, scores_of
from modelwatch.profiles.outcomes import Outcomes, Rows, count_labelled

EQUAL: Final = "Flights of April to December 2013: the largest difference from scikit-learn on the rows"
DAYS: Final = "Flights of 2013: windows raised by any headline metric, of all windows of that length"
YEAR: Final = "Flights of 2013 by month, against the held-out days of January to March"
NAMES: Final = ("ROC AUC", "average precision", "log loss, Brier, accuracy, F1")
WINDOWS: Final = (500, 2_000, 10_000)
WEEKS_OF_A_MONTH: Final = 30.4 / 7
MOST: Final = 200
"""Windows of one size that are compared."""


def flights(effort: Effort, random: np.random.Generator) -> Iterator[Figure]:
    """Both tables."""
    del effort, random
    scored = train(load())
    yield from equal(scored)
    yield from year(scored)
    yield from short_windows(scored)


def counted(rows: pd.DataFrame, threshold: float) -> Outcomes:
    """What came true of flights that landed."""
    known = rows[rows["late"].notna()]
    score = known["score"].to_numpy()
    said, actual = (score >= threshold).astype(np.int64), known["late"].to_numpy().astype(np.int64)
    return count_labelled(Rows(None, ("on_time", "late"), said, actual, score, 1), np.zeros(len(known), np.int64), 1)[0]


def equal(scored: Scored) -> Iterator[Figure]:
    """Differences over windows of consecutive flights, and over the months."""
    known = scored.production[scored.production["late"].notna()]
    months = [rows for _, rows in known.groupby("month")]
    for name, windows in (("months", months), *((f"{size:,} flights", cut(known, size)) for size in WINDOWS)):
        found = np.array([differences(rows, scored.threshold) for rows in windows])
        largest = dict(
            zip(("ROC AUC", "average precision", "log loss, Brier, accuracy, F1"), found.max(axis=0), strict=False)
        )
        words = ", ".join(f"{metric} {value:.1g}" for metric, value in largest.items())
        bounds = found[:, 3:].mean(axis=0)
        note = f"{len(windows)} windows; mean bound of ROC AUC {bounds[0]:.4f}, of average precision {bounds[1]:.4f}"
        yield Figure(EQUAL, name, words, "ROC AUC ≤ 0.001", bool(largest["ROC AUC"] <= 0.001), note)


def cut(rows: pd.DataFrame, size: int) -> list[pd.DataFrame]:
    """Windows of so many consecutive rows, evenly over all."""
    starts = np.unique(np.linspace(0, len(rows) - size, MOST).astype(int))
    return [rows.iloc[start : start + size] for start in starts]


def differences(rows: pd.DataFrame, threshold: float) -> tuple[float, float, float, float, float]:
    """(ROC AUC, average precision, the most of the exact ones, bound of ROC AUC, of average precision)."""
    outcomes = counted(rows, threshold)
    found = {each.metric: each.value for each in binary(outcomes, "late")}
    actual, score = rows["late"].to_numpy().astype(int), rows["score"].to_numpy()
    said = score >= threshold
    exact = {
        "log_loss": sk.log_loss(actual, score),
        "brier": sk.brier_score_loss(actual, score),
        "accuracy": sk.accuracy_score(actual, said),
        "f1": sk.f1_score(actual, said),
    }
    bounds = binning_bounds(scores_of(outcomes, "late"))
    return (
        abs(found["roc_auc"] - sk.roc_auc_score(actual, score)),
        abs(found["pr_auc"] - sk.average_precision_score(actual, score)),
        max(abs(found[name] - value) for name, value in exact.items()),
        bounds["roc_auc"],
        bounds["pr_auc"],
    )


def year(scored: Scored) -> Iterator[Figure]:
    """What the judge says of each month as one window."""
    before = binary(counted(scored.reference, scored.threshold), "late")
    weeks = windows_of(scored.reference, scored.threshold, 7)
    varies = scatter([measured for _, measured in weeks], held_in_one=WEEKS_OF_A_MONTH)
    yield Figure(YEAR, "January to March", words(before))
    for month, rows in scored.production.groupby("month"):
        now = binary(counted(rows, scored.threshold), "late")
        found = judged(now, before, "binary")
        told = judged(now, before, "binary", varies=varies)
        levels = "; ".join(
            f"{by}: " + ", ".join(f"{each.metric} {each.level}" for each in levels)
            for by, levels in (("by rows", found), ("by how weeks vary", told))
        )
        yield Figure(YEAR, pd.Timestamp(2013, int(month), 1).strftime("%B"), words(now), note=levels)


def short_windows(scored: Scored) -> Iterator[Figure]:
    """Days and weeks: of the reference, where nothing is wrong, and of the months."""
    before = binary(counted(scored.reference, scored.threshold), "late")
    for word, days in (("days", 1), ("weeks", 7)):
        own = windows_of(scored.reference, scored.threshold, days)
        varies = scatter([measured for _, measured in own])
        for name, known in (
            ("rows taken as independent", {}),
            ("by how days vary" if days == 1 else "by how weeks vary", varies),
        ):
            raised: dict[str, list[bool]] = {}
            for start, measured in own + windows_of(scored.production, scored.threshold, days):
                found = judged(measured, before, "binary", varies=known)
                month = "reference" if start.month <= 3 else start.strftime("%b")
                raised.setdefault(month, []).append(any(each.level.raised for each in found))
            told = ", ".join(f"{month} {sum(each)} of {len(each)}" for month, each in raised.items())
            yield Figure(DAYS, f"{word}, {name}", told)
        sizes = ", ".join(f"{name} {varies[name].variance ** 0.5:.3f}" for name in HEADLINES["binary"])
        yield Figure(DAYS, f"{word}: sd beyond chance in the reference", sizes)


def windows_of(rows: pd.DataFrame, threshold: float, days: int) -> list[tuple[pd.Timestamp, list[Measure]]]:
    """The first day and the measures of each stretch of so many days."""
    stretch = (rows["day"] - rows["day"].min()).dt.days // days
    return [(part["day"].iloc[0], binary(counted(part, threshold), "late")) for _, part in rows.groupby(stretch)]


def words(found: list[Measure]) -> str:
    """The headline metrics and the share of late flights."""
    names = ("roc_auc", "balanced_accuracy", "log_loss_ratio", "log_loss", "accuracy", "f1", "positive_rate")
    held = {each.metric: each for each in found}
    return ", ".join(f"{name} {held[name].value:.3f}" for name in names)
