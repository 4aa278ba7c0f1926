"""Metrics of weights by predicted class, actual class and score bin, and what each weight changes in them.

The weights may be counted or expected: the same functions give what was realized and what is estimated. Every metric
is a ratio of sums or made of such, so its derivatives are exact, and with them its variance (the delta method; of the
area under the ROC curve these are the placements of DeLong, DeLong, Clarke-Pearson, Biometrics 44, 1988).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from modelwatch.profiles.outcomes.count import LOG_FLOOR

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


class Figure(NamedTuple):
    """A metric's value, NaN where it has none, and its derivatives by the weights, in a shape that broadcasts.

    `weight` is the weight behind it, `fewest` that of the scarcest kind of rows that it needs.
    """

    metric: str
    label: str
    value: float
    slope: Floats
    weight: float
    fewest: float


def ratio(metric: str, weights: Floats, top: Floats, bottom: Floats, label: str = "") -> Figure:
    """The weights times `top` over the weights times `bottom`, both [I, J] by predicted and actual class."""
    table = weights.sum(axis=2)
    below = float((table * bottom).sum())
    if below <= 0:
        return nothing(metric, label, (*top.shape, 1))
    value = float((table * top).sum()) / below
    behind = float(table[bottom > 0].sum())
    return Figure(metric, label, value, ((top - value * bottom) / below)[:, :, None], behind, behind)


def nothing(metric: str, label: str, shape: tuple[int, ...]) -> Figure:
    """A metric that these weights do not have."""
    return Figure(metric, label, np.nan, np.zeros(shape), 0.0, 0.0)


def binary_figures(weights: Floats) -> Iterator[Figure]:
    """Those of a model of two classes; `weights` [3, 2, B]: predicted 0, 1 or nothing, actual 0 or 1, score bin."""
    tn, fp, fn, tp = (np.zeros((3, 2)) for _ in range(4))
    tn[0, 0], fp[1, 0], fn[0, 1], tp[1, 1] = 1, 1, 1, 1
    yield ratio("accuracy", weights, tp + tn, tp + tn + fp + fn)
    yield ratio("precision", weights, tp, tp + fp)
    recall, specificity = ratio("recall", weights, tp, tp + fn), ratio("specificity", weights, tn, tn + fp)
    yield from (recall, specificity, balanced(recall, specificity))
    yield ratio("f1", weights, 2 * tp, 2 * tp + fp + fn)
    yield roc_auc(weights)


def balanced(recall: Figure, specificity: Figure) -> Figure:
    """The mean of recall and specificity."""
    value, slope = (recall.value + specificity.value) / 2, (recall.slope + specificity.slope) / 2
    weight, fewest = recall.weight + specificity.weight, min(recall.fewest, specificity.fewest)
    return Figure("balanced_accuracy", "", value, slope, weight, fewest)


def roc_auc(weights: Floats) -> Figure:
    """The chance that a positive scores above a negative, those of one bin counted half; `weights` [I, 2, B]."""
    negative, positive = weights.sum(axis=0)
    n, p = float(negative.sum()), float(positive.sum())
    if n <= 0 or p <= 0:
        return nothing("roc_auc", "", weights.shape)
    below = (np.cumsum(negative) - negative / 2) / n
    above = (positive.sum() - np.cumsum(positive) + positive / 2) / p
    value = float(positive @ below) / p
    slope = np.stack(((above - value) / n, (below - value) / p))
    return Figure("roc_auc", "", value, np.broadcast_to(slope, weights.shape), n + p, min(n, p))


def score_figures(weights: Floats, score: Floats) -> Iterator[Figure]:
    """Log loss, and its ratio to that of the base rate; `weights` [I, 2, B], `score` [B] is what each bin says."""
    kept = np.clip(score, LOG_FLOOR, 1 - LOG_FLOOR)
    loss = -np.log(np.stack((1 - kept, kept)))
    shares, whole = weights.sum(axis=(0, 2)), float(weights.sum())
    if whole <= 0:
        yield from (nothing(metric, "", weights.shape) for metric in ("log_loss", "log_loss_ratio"))
        return
    value = float((weights * loss).sum()) / whole
    yield Figure("log_loss", "", value, np.broadcast_to((loss - value) / whole, weights.shape), whole, whole)
    if shares.min() <= 0:
        yield nothing("log_loss_ratio", "", weights.shape)
        return
    base = -np.log(shares / whole)
    entropy = float(shares @ base) / whole
    slope = (loss - value / entropy * base[:, None]) / (whole * entropy)
    yield Figure(
        "log_loss_ratio", "", value / entropy, np.broadcast_to(slope, weights.shape), whole, float(shares.min())
    )


def multiclass_figures(weights: Floats, labels: tuple[str, ...]) -> Iterator[Figure]:
    """Those of a model of K classes; `weights` [K, K + 1, B], the last actual class being all that are not named.

    Macro figures are means over the classes that are predicted or occur; one that has none of its own counts as 0, as
    in scikit-learn.
    """
    k = len(labels)
    right = np.eye(k, k + 1)
    yield ratio("accuracy", weights, right, np.ones((k, k + 1)))
    table = weights.sum(axis=2)
    occurs = table.sum(axis=1) + table[:, :k].sum(axis=0) > 0
    each: dict[str, list[Figure]] = {"precision": [], "recall": [], "f1": []}
    for i, label in enumerate(labels):
        hit, predicted, actual = np.zeros((3, k, k + 1))
        hit[i, i], predicted[i, :], actual[:, i] = 1, 1, 1
        each["precision"].append(ratio("precision", weights, hit, predicted, label))
        each["recall"].append(ratio("recall", weights, hit, actual, label))
        each["f1"].append(ratio("f1", weights, 2 * hit, predicted + actual, label))
    for metric, figures in each.items():
        yield from figures
        yield mean_of(f"{metric}_macro", figures, occurs, float(table.sum()))


def mean_of(metric: str, figures: list[Figure], occurs: Bools, whole: float) -> Figure:
    """The mean of the figures of the classes that occur, over rows that weigh `whole`."""
    kept = [figure for figure, held in zip(figures, occurs, strict=True) if held]
    if not kept:
        return nothing(metric, "", (1, 1, 1))
    value = float(np.mean([np.nan_to_num(figure.value) for figure in kept]))
    slope = sum((figure.slope for figure in kept), np.zeros(1)) / len(kept)
    return Figure(metric, "", value, slope, whole, max(figure.fewest for figure in kept))
