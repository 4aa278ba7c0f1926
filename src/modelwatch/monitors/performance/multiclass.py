"""The metrics of a model of many classes: over all classes and per class.

Averages follow scikit-learn: macro is the plain mean over the labels that were predicted or came true, weighted the
mean by how often each came true; a class that was never predicted has precision 0 in them. Errors of averages by the
delta method over the cells of the confusion matrix (Takahashi, Yamamoto, Kuchiba and Koyama, Applied Intelligence 52,
2022).
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from modelwatch.core.measure import Measure
from modelwatch.core.segment import WHOLE
from modelwatch.monitors.performance.binary import loss_metrics
from modelwatch.monitors.performance.calibration import expected_calibration_error
from modelwatch.monitors.performance.confusion import Confusion, against_rest, confusion
from modelwatch.monitors.performance.estimate import Estimate, nothing, share, within_01
from modelwatch.monitors.performance.log_loss import multiclass_log_loss_ratio
from modelwatch.monitors.performance.roc_auc import roc_auc
from modelwatch.monitors.performance.scores import class_scores, top_label_scores
from modelwatch.profiles.outcomes import Fact, Outcomes

Floats = NDArray[np.float64]


def multiclass(outcomes: Outcomes, cut: str = WHOLE) -> list[Measure]:
    """Every metric over all classes, then those of each class (`label` names it)."""
    table = confusion(outcomes, cut)
    right = share(float(np.trace(table.counts)), table.weight, table.unit)
    found: dict[str, Estimate] = {"accuracy": right}
    for part in ("precision", "recall", "f1"):
        found |= {f"{part}_{how}": averaged(table, part, how) for how in ("macro", "weighted")}
        found[f"{part}_micro"] = right  # one label a row: every miss is a false positive and a false negative
    areas = class_areas(outcomes, cut)
    found["roc_auc_macro"] = one_against_rest(areas)
    found |= loss_metrics(outcomes, cut)
    found["log_loss_ratio"] = multiclass_log_loss_ratio(outcomes, cut)
    found["ece"] = expected_calibration_error(top_label_scores(outcomes, cut))
    whole = [estimate.named(metric, cut) for metric, estimate in found.items()]
    return whole + list(per_class(table, areas, cut))


def per_class(table: Confusion, areas: dict[str, Estimate], cut: str) -> Iterator[Measure]:
    """The metrics of each class against the rest."""
    for i, label in enumerate(table.labels):
        cells = against_rest(table, i)
        yield cells.precision().named("precision", cut, label)
        yield cells.recall().named("recall", cut, label)
        yield cells.f1().named("f1", cut, label)
        yield share(cells.tp + cells.fn, table.weight, table.unit).named("positive_rate", cut, label)
    for label, area in areas.items():
        yield area.named("roc_auc", cut, label)


def class_areas(outcomes: Outcomes, cut: str) -> dict[str, Estimate]:
    """The area under the ROC curve of each class against the rest, where the scores of all classes are known."""
    _, of, _, _ = outcomes.cells(Fact.CLASS_SCORE, cut)
    names = [outcomes.labels[code] for code in np.unique(of).tolist() if code < len(outcomes.labels)]
    return {name: roc_auc(class_scores(outcomes, name, cut)) for name in names}


def one_against_rest(areas: dict[str, Estimate]) -> Estimate:
    """The mean of the classes' areas.

    They are of the same rows; the error takes them as fully dependent, which is the most it can be.
    """
    parts = [area for area in areas.values() if not math.isnan(area.value)]
    if not parts:
        return nothing()
    value, error = (float(np.mean([getattr(each, name) for each in parts])) for name in ("value", "error"))
    rows = max(part.rows for part in parts)
    return within_01(value, error, rows, rows)


def averaged(table: Confusion, part: str, how: str) -> Estimate:
    """Precision, recall or F1 averaged over classes: macro or weighted."""
    counts, total = table.counts, table.weight
    if total <= 0:
        return nothing()
    came, said = counts.sum(axis=1), counts.sum(axis=0)
    values, by_came, by_said, by_hit = slopes(np.diag(counts), came, said, part)
    k = len(came)
    weights = np.full(k, 1 / k) if how == "macro" else came / total
    value = float(weights @ values)
    # how the average moves with one more row of each cell [actual, predicted]
    gradient = (weights * by_came)[:, None] + (weights * by_said)[None, :] + np.diag(weights * by_hit)
    if how == "weighted":
        gradient = gradient + (values[:, None] - value) / total
    centred = gradient - float((counts * gradient).sum()) / total
    error = math.sqrt(float((counts * centred**2).sum()) * table.unit)
    return within_01(value, error, total / table.unit, total / table.unit)


def slopes(hits: Floats, came: Floats, said: Floats, part: str) -> tuple[Floats, Floats, Floats, Floats]:
    """Each class's figure, and its slope in how often it came true, was said, and was said rightly."""
    none = np.zeros_like(hits)
    if part == "f1":
        of, by_came, by_said, factor = came + said, 1.0, 1.0, 2.0
    elif part == "recall":
        of, by_came, by_said, factor = came, 1.0, 0.0, 1.0
    else:
        of, by_came, by_said, factor = said, 0.0, 1.0, 1.0
    values = np.divide(factor * hits, of, out=none.copy(), where=of > 0)
    fall = -np.divide(values, of, out=none.copy(), where=of > 0)
    rise = np.divide(factor, of, out=none.copy(), where=of > 0)
    return values, fall * by_came, fall * by_said, rise
