"""Performance of a regression before labels come: how large the error usually is where the inputs now are.

The loss of a prediction (the size of its error, or its square) is taken to be a mean plus an effect of the bin of each
feature: E loss = mean + sum_f effect_f[bin_f]. So the mean loss of any window is linear in the counts of its profile,
and no row is read. NannyML's direct loss estimation learns the same with boosted trees from rows; this model sees
the distribution of each feature, not which values come together.

Effects are fitted by backfitting (Buja, Hastie, Tibshirani: 'Linear smoothers and additive models', Annals of
Statistics 17, 1989): those of neighbouring bins of a number are drawn to each other, by as much as predicts best on
tenths of the reference that were left out, those of a category to zero. The same ten fits without a tenth tell how sure
an estimate is (the delete-a-group jackknife: Kott, 2001).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from modelwatch.core.measure import Measure
from modelwatch.core.segment import WHOLE
from modelwatch.monitors.estimated.estimated import Estimated
from modelwatch.monitors.performance.estimate import above_0, nothing
from modelwatch.profiles.binning import NULL, WIDTH
from modelwatch.profiles.compiled import compiled

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

FOLDS: Final = 10
SMOOTHNESS: Final = (1e1, 1e2, 1e3, 1e4, 1e5, 1e6)
"""How strongly neighbouring bins may be drawn to each other, in rows."""
RIDGE: Final = 10.0
"""How many rows of no effect a category begins with."""
SWEEPS: Final = 40
STILL: Final = 1e-3
"""Backfitting ends when no effect moves by more than this share of the loss's standard deviation."""
MOST_ROWS: Final = 50_000
LEAST: Final = 1e-9


class Fit(NamedTuple):
    """An additive model: `mean`, and `effects` [F, WIDTH] whose mean over the rows fitted is zero for each feature."""

    mean: float
    effects: Floats
    residual: Floats


@dataclass(frozen=True, slots=True, eq=False)
class LossModel:
    """What a reference teaches about the loss.

    `mean` is the reference's mean loss, `effects` [F, WIDTH] what each slot adds to it; `without` [10, F, WIDTH] and
    `means` [10] are the same without a tenth of the rows. `share` [F, WIDTH] are the reference's own shares, `rows`
    its effective rows, `spread` the standard deviation of the loss, `fitted` that of what the model says of rows.
    `explained` is the share of the loss's variance that is told right on rows left out; 0 or less: nothing is known.
    """

    mean: float
    effects: Floats
    means: Floats
    without: Floats
    share: Floats
    rows: float
    spread: float
    fitted: float
    explained: float


def learn_loss(codes: Ints, loss: Floats, ordered: Bools, weight: Floats | None = None) -> LossModel:
    """The model of the losses [n] of a reference, rows in the order of time.

    `codes` [n, F] are the slots of each row in the columns of a binning, `ordered` [F] is true for numbers. Rows whose
    loss is not finite are left out. Raises `ValueError` for fewer than ten rows.
    """
    kept = np.flatnonzero(np.isfinite(loss))
    if len(kept) < FOLDS:
        raise ValueError(f"{len(kept)} rows with a loss are too few to learn from, {FOLDS} are needed")
    weights = np.ones(len(loss)) if weight is None else np.asarray(weight, np.float64)
    total, counted = np.asarray(loss, np.float64)[kept], weights[kept]
    mean = float(np.average(total, weights=counted))
    share = shares(codes[kept], counted)
    few = kept[:: -(-len(kept) // MOST_ROWS)]
    slots, target, mass = np.ascontiguousarray(codes[few].T), loss[few].astype(np.float64), weights[few]
    fold = np.arange(len(few)) * FOLDS // len(few)
    smooth, fits = chosen(slots, target, mass, ordered, fold)
    whole = fitted(slots, target, mass, ordered, smooth)
    effects = whole.effects - (whole.effects * share).sum(axis=1, keepdims=True)
    outside = np.concatenate([fit.residual[fold == k] for k, fit in enumerate(fits)])
    spread = float(np.sqrt(np.average((total - mean) ** 2, weights=counted)))
    unexplained = float(np.average(outside**2, weights=mass)) if spread > 0 else 1.0
    told = target - whole.residual
    return LossModel(
        mean,
        effects,
        np.array([fit.mean for fit in fits]),
        np.stack([fit.effects for fit in fits]),
        share,
        float(counted.sum() ** 2 / (counted**2).sum()),
        spread,
        float(np.sqrt(np.average((told - np.average(told, weights=mass)) ** 2, weights=mass))),
        1 - unexplained / max(float(np.average((target - mean) ** 2, weights=mass)), LEAST**2),
    )


def estimate_loss(
    model: LossModel, counts: Floats, weight: float, rows: float, metric: str = "mae", cut: str = WHOLE
) -> Estimated:
    """The mean loss of a window of which the profile is `counts` [F, WIDTH], its weight and effective rows.

    NaN for an empty window.
    """
    reference = above_0(model.mean, model.spread / float(np.sqrt(model.rows)), model.rows).named(metric, cut)
    if weight <= 0 or rows <= 0:
        return Estimated(nothing().named(metric, cut), reference, np.nan, np.nan, 0.0)
    share = counts / weight
    value = max(model.mean + float((share * model.effects).sum()), 0.0)
    told = model.means + (model.without * share).sum(axis=(1, 2))
    before = model.means + (model.without * model.share).sum(axis=(1, 2))
    scale = value / model.mean if model.mean > 0 else 1.0  # the spread of a loss grows with its mean
    luck = (model.spread * scale) ** 2 / rows
    error = np.sqrt(luck + jackknife(told))
    moved = np.sqrt(model.fitted**2 * (1 / rows + 1 / model.rows) + jackknife(told - before))
    measure = above_0(value, float(error), rows).named(metric, cut)
    return Estimated(measure, reference, value - model.mean, float(moved), min(rows, model.rows))


def rooted(square: Estimated, metric: str = "rmse") -> Estimated:
    """The estimate of the root of a mean, RMSE from the mean squared error say."""
    now, before = (root_of(side, metric) for side in (square.measure, square.reference))
    moved = square.change_error / max(2 * now.value, LEAST)
    return Estimated(now, before, now.value - before.value, moved, square.fewest, square.left_out)


def root_of(measure: Measure, metric: str) -> Measure:
    """The root of a figure above 0, by the delta method."""
    value, low, high = (float(np.sqrt(x)) for x in (measure.value, measure.low, measure.high))
    error = measure.error / max(2 * value, LEAST)
    return Measure(metric, value, error, low, high, measure.rows, measure.cut, measure.label)


def jackknife(values: Floats) -> float:
    """The variance of a figure of which `values` [10] are what it is without a tenth of the rows each."""
    return float(((values - values.mean()) ** 2).sum() * (len(values) - 1) / len(values))


def shares(codes: Ints, weight: Floats) -> Floats:
    """The share of the weight in each slot of each column [F, WIDTH]."""
    counts = np.array([np.bincount(column, weight, minlength=WIDTH) for column in codes.T]).reshape(-1, WIDTH)
    return np.asarray(counts / weight.sum(), np.float64)


def chosen(slots: Ints, loss: Floats, weight: Floats, ordered: Bools, fold: Ints) -> tuple[float, list[Fit]]:
    """The smoothness that predicts left-out tenths best, and the fits without each of them."""
    best: tuple[float, float, list[Fit]] | None = None
    for smooth in SMOOTHNESS:
        fits = [fitted(slots, loss, weight * (fold != k), ordered, smooth) for k in range(FOLDS)]
        lost = sum(float((weight * fit.residual**2)[fold == k].sum()) for k, fit in enumerate(fits))
        if best is None or lost < best[0]:
            best = lost, smooth, fits
    assert best is not None
    return best[1], best[2]


def fitted(slots: Ints, loss: Floats, weight: Floats, ordered: Bools, smooth: float) -> Fit:
    """The model of the rows that have weight; `residual` [n] is of all rows."""
    mean = float(np.average(loss, weights=weight))
    spread = float(np.sqrt(np.average((loss - mean) ** 2, weights=weight)))
    residual, effects = loss - mean, np.zeros((len(slots), WIDTH))
    mass = shares(slots.T, weight) * weight.sum()
    for _ in range(SWEEPS if spread > 0 else 0):
        moved = sweep(slots, residual, weight, mass, effects, ordered, smooth)
        if moved < STILL * spread:
            break
    return Fit(mean, effects, residual)


@compiled
def sweep(
    slots: Ints, residual: Floats, weight: Floats, mass: Floats, effects: Floats, ordered: Bools, smooth: float
) -> float:
    """One round over the features, each fitted to what the others leave; how far an effect moved at most."""
    farthest = 0.0
    for f in range(len(slots)):
        sums = mass[f] * effects[f]
        for i in range(len(residual)):
            sums[slots[f, i]] += weight[i] * residual[i]
        new = sums / (mass[f] + RIDGE)
        if ordered[f]:
            smoothed(sums, mass[f], smooth, new)
        new -= (new * mass[f]).sum() / max(mass[f].sum(), LEAST)
        step = new - effects[f]
        for i in range(len(residual)):
            residual[i] -= step[slots[f, i]]
        effects[f] = new
        for b in range(WIDTH):
            if mass[f, b] > 0:
                farthest = max(farthest, abs(step[b]))
    return farthest


@compiled
def smoothed(sums: Floats, mass: Floats, smooth: float, new: Floats) -> None:
    """Effects of the 256 ordered bins: least squares with squared steps between neighbours, a tridiagonal system."""
    ahead = np.empty(NULL)
    for b in range(NULL):
        links = (b > 0) + (b < NULL - 1)
        diagonal = mass[b] + LEAST + smooth * links
        right = sums[b]
        if b > 0:
            diagonal -= smooth * ahead[b - 1]
            right += smooth * new[b - 1]
        ahead[b] = smooth / diagonal
        new[b] = right / diagonal
    for b in range(NULL - 2, -1, -1):
        new[b] += ahead[b] * new[b + 1]
