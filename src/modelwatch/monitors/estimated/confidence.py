"""Performance of a classifier from its confidence, before labels come: CBPE on counts.

A score that was calibrated on the reference says how likely each prediction is to be right; summed over the window,
that is the expected confusion matrix, and by score bin the expected ROC curve (NannyML's confidence-based performance
estimation; Guillory et al., 'Predicting with confidence on unseen distributions', ICCV 2021). To it is added what the
same sum misses on the reference itself, so that a window like the reference is estimated to perform like it.

It assumes that among predictions of one class and score the share of right ones is as in the reference. Where inputs
move within what the reference covers this holds nearly; where the outcome of the same input changes (concept drift) it
does not, and the estimate does not see it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modelwatch.core.measure import Measure
from modelwatch.core.segment import WHOLE
from modelwatch.monitors.estimated.classes import Classes
from modelwatch.monitors.estimated.curve import LOG_ODDS, Curve, calibrate
from modelwatch.monitors.estimated.estimated import Estimated
from modelwatch.monitors.estimated.figures import Figure
from modelwatch.monitors.performance.estimate import above_0, unit_of, within_01
from modelwatch.monitors.performance.metrics import METRICS
from modelwatch.profiles.outcomes import Fact, Outcomes
from modelwatch.profiles.outcomes.grids import SCORE_BINS

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Confidence:
    """What the labelled predictions of a reference teach; I kinds of predictions, J of actuals.

    `curve` is the probability of `classes.hit` by kind and score bin; `miss` [I, J] how the other actuals share the
    rest, and `missed` [I] on how many effective rows that rests. `score` [256] is the mean score of each bin, `seen`
    [I, 256] the weight of the reference, `noise` the variance of a sum of its weights per unit of weight, `realized`
    its figures and `measures` the same with their intervals.
    """

    classes: Classes
    curve: Curve
    miss: Floats
    missed: Floats
    score: Floats
    seen: Floats
    noise: float
    realized: tuple[Figure, ...]
    measures: tuple[Measure, ...]


def learn(reference: Outcomes, positive: str | None = None, cut: str = WHOLE) -> Confidence:
    """What the labelled predictions of a reference, or of one cut of it, teach; `positive` None: many classes."""
    classes = Classes(reference.labels, positive)
    weights, _ = labelled(reference, classes, cut)
    totals = reference.totals(cut)
    noise = unit_of(totals)
    rows = weights / noise
    kinds = np.arange(len(weights))
    curve = calibrate(rows[kinds, classes.hit], rows.sum(axis=1))
    actual = rows.sum(axis=(0, 2))
    miss = rows.sum(axis=2) + (actual + 1e-9) / (actual.sum() + 1e-9 * len(actual))
    miss[kinds, classes.hit] = 0.0
    missed = miss.sum(axis=1)
    miss = miss / missed[:, None]
    score = scores(reference, cut)
    realized = tuple(classes.figures(weights, score))
    measures = tuple(measured(figure, lucky(weights, figure, noise), noise, cut) for figure in realized)
    return Confidence(classes, curve, miss, missed, score, weights.sum(axis=1), noise, realized, measures)


def estimate(confidence: Confidence, window: Outcomes, cut: str = WHOLE) -> tuple[Estimated, ...]:
    """The metrics of all predictions of a window, or of one cut of it, labelled or not; none if nothing is usable."""
    seen, left = predicted(window, confidence.classes, cut)
    weight = float(seen.sum())
    if weight <= 0 or not confidence.seen.any():
        return ()
    noise = unit_of(window.totals(cut, Fact.SEEN))
    now, before = (expected(confidence, each) for each in (seen, confidence.seen))
    told, base = (confidence.classes.figures(each, confidence.score) for each in (now, before))
    share = left / (left + weight)
    return tuple(
        estimated(confidence, i, (told[i], base[i]), (now, seen), noise, cut, share)
        for i in range(len(confidence.realized))
    )


def estimated(
    confidence: Confidence,
    metric: int,
    figures: tuple[Figure, Figure],
    window: tuple[Floats, Floats],
    noise: float,
    cut: str,
    left_out: float,
) -> Estimated:
    """One metric, from what is expected of window and reference and what the reference realized."""
    (now, before), (weights, seen), real = figures, window, confidence.realized[metric]
    own, shift = learned(confidence, seen, now), learned(confidence, confidence.seen, before)
    moved = doubtful(confidence, (own[0] - shift[0], own[1] - shift[1]))
    moved += noise * mix(confidence, seen, now) + confidence.noise * mix(confidence, confidence.seen, before)
    value = float(np.clip(now.value - before.value + real.value, 0.0, METRICS[now.metric].high))
    measure = measured(now._replace(value=value), lucky(weights, now, noise) + doubtful(confidence, own), noise, cut)
    change_error = float(np.sqrt(moved)) if np.isfinite(value) else np.nan
    fewest = min(now.fewest / noise, real.fewest / confidence.noise)
    return Estimated(measure, confidence.measures[metric], value - real.value, change_error, fewest, left_out)


def lucky(weights: Floats, figure: Figure, noise: float) -> float:
    """The variance of a figure by which rows came to be drawn, with their labels."""
    return noise * float((weights * figure.slope**2).sum())


def measured(figure: Figure, variance: float, noise: float, cut: str) -> Measure:
    """A figure with its interval."""
    error, rows = float(np.sqrt(variance)), figure.weight / noise
    if METRICS[figure.metric].high > 1:
        return above_0(figure.value, error, rows).named(figure.metric, cut, figure.label)
    found = within_01(figure.value, error, rows, figure.fewest / noise)
    return found.named(figure.metric, cut, figure.label)


def labelled(outcomes: Outcomes, classes: Classes, cut: str) -> tuple[Floats, float]:
    """The weights [I, J, 256] of labelled predictions, and that of those which cannot be used."""
    bins, predicted, actual, values = outcomes.cells(Fact.LABELLED, cut)
    kinds = classes.predicted(predicted, outcomes.labels)
    weights = np.zeros((*classes.shape, SCORE_BINS))
    held = (kinds >= 0) & (bins < SCORE_BINS)
    np.add.at(weights, (kinds[held], classes.actual(actual, outcomes.labels)[held], bins[held]), values[held])
    return weights, float(values[~held].sum())


def predicted(outcomes: Outcomes, classes: Classes, cut: str) -> tuple[Floats, float]:
    """The weights [I, 256] of all predictions, and that of those which cannot be used."""
    bins, codes, _, values = outcomes.cells(Fact.PREDICTED, cut)
    kinds = classes.predicted(codes, outcomes.labels)
    weights = np.zeros((classes.shape[0], SCORE_BINS))
    held = (kinds >= 0) & (bins < SCORE_BINS)
    np.add.at(weights, (kinds[held], bins[held]), values[held])
    return weights, float(values[~held].sum())


def scores(outcomes: Outcomes, cut: str) -> Floats:
    """The mean score of the labelled predictions of each bin [256], its middle where there are none."""
    sums, weights = np.zeros((2, SCORE_BINS))
    for fact, into in ((Fact.LABELLED_SCORE, sums), (Fact.LABELLED, weights)):
        bins, _, _, values = outcomes.cells(fact, cut)
        np.add.at(into, bins[bins < SCORE_BINS], values[bins < SCORE_BINS])
    middle = 1 / (1 + np.exp(-LOG_ODDS))
    return np.where(weights > 0, np.divide(sums, weights, out=np.zeros(SCORE_BINS), where=weights > 0), middle)


def expected(confidence: Confidence, seen: Floats) -> Floats:
    """The weights [I, J, 256 or 1] by predicted and actual class that predictions [I, 256] are expected to have."""
    hits = seen * confidence.curve.chance
    rest = seen - hits
    if confidence.classes.positive is None:  # bins say no more than their sum, and with 200 classes cost 80 MB
        hits, rest = hits.sum(axis=1, keepdims=True), rest.sum(axis=1, keepdims=True)
    weights = confidence.miss[:, :, None] * rest[:, None, :]
    weights[np.arange(len(hits)), confidence.classes.hit] += hits
    return np.asarray(weights)


def learned(confidence: Confidence, seen: Floats, figure: Figure) -> tuple[Floats, Floats]:
    """The derivatives of a figure by what was learned: by `curve.chance` [I, 256] and by `miss` [I, J]."""
    kinds = np.arange(len(seen))
    missed = np.einsum("ij,ijb->ib", confidence.miss, figure.slope)
    rest = (seen * (1 - confidence.curve.chance))[:, None, :]
    return seen * (figure.slope[kinds, confidence.classes.hit] - missed), (rest * figure.slope).sum(axis=2)


def doubtful(confidence: Confidence, slopes: tuple[Floats, Floats]) -> float:
    """The variance that the error of what was learned gives to a figure with these derivatives."""
    mean = (confidence.miss * slopes[1]).sum(axis=1)
    among = (confidence.miss * slopes[1] ** 2).sum(axis=1) - mean**2
    return confidence.curve.spread(slopes[0]) + float((np.maximum(among, 0.0) / (confidence.missed + 1)).sum())


def mix(confidence: Confidence, seen: Floats, figure: Figure) -> float:
    """The variance of a figure by which predictions came to be seen, per unit of `noise`."""
    kinds = np.arange(len(seen))
    missed = np.einsum("ij,ijb->ib", confidence.miss, figure.slope)
    chance = confidence.curve.chance
    mean = chance * figure.slope[kinds, confidence.classes.hit] + (1 - chance) * missed
    return float((seen * mean**2).sum())
