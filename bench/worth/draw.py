"""Rows of models whose worth is known."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from modelwatch.profiles.outcomes import Outcomes, Rows, count_labelled, count_ranked, ranked_groups

Floats = NDArray[np.float64]
Draw = Callable[[np.random.Generator, int, int], list[Outcomes]]
"""(random, slots, rows a slot) -> what came true in each slot."""

DAY: Final = 12
"""Slots of a day."""
GROUP: Final = 20
"""Rows of a ranked group."""


def slots_of(rows: Rows, k: int) -> list[Outcomes]:
    """`k` slots of equally many rows."""
    return count_labelled(rows, np.repeat(np.arange(k), rows.n // k), k)


def two_classes(auc: float, positives: float, wander: float = 0.0) -> Draw:
    """A calibrated model of that area under the ROC curve: scores of the classes are normal, a shift apart, on the
    logit scale. As many rows are called positive as are. Every `DAY` slots the shift wanders by so many sd."""
    shift = math.sqrt(2) * float(stats.norm.ppf(auc))
    base = math.log(positives / (1 - positives))
    cut = cut_off(shift, positives)

    def draw(random: np.random.Generator, k: int, n: int) -> list[Outcomes]:
        actual = random.random(k * n) < positives
        of_day = np.repeat(random.normal(shift, wander, -(-k // DAY)), DAY * n)[: k * n] if wander else shift
        x = random.normal(size=k * n) + of_day * actual
        score = 1 / (1 + np.exp(-(base + shift * x - shift**2 / 2)))
        rows = Rows(None, ("no", "yes"), (x >= cut).astype(np.int64), actual.astype(np.int64), score, 1)
        return slots_of(rows, k)

    return draw


def cut_off(shift: float, positives: float) -> float:
    """Above which as many rows lie as are positive."""
    low, high = -10.0, 10.0 + shift
    for _ in range(80):
        middle = (low + high) / 2
        above = positives * stats.norm.sf(middle - shift) + (1 - positives) * stats.norm.sf(middle)
        low, high = (middle, high) if above > positives else (low, middle)
    return high


def many_classes(skill: float) -> Draw:
    """Five classes of 40 to 5 %; the predicted one is right with chance `skill`, else drawn at random."""
    shares = np.array([0.4, 0.25, 0.2, 0.1, 0.05])

    def draw(random: np.random.Generator, k: int, n: int) -> list[Outcomes]:
        actual = random.choice(5, k * n, p=shares)
        said = np.where(random.random(k * n) < skill, actual, random.choice(5, k * n, p=shares))
        return slots_of(Rows(None, ("a", "b", "c", "d", "e"), said, actual, np.full(k * n, 0.7)), k)

    return draw


def numbers(spread: float, tails: float = 4.5) -> Draw:
    """Lognormal targets; errors are of Student's t with so many degrees of freedom, times `spread`."""

    def draw(random: np.random.Generator, k: int, n: int) -> list[Outcomes]:
        truth = random.lognormal(2, 0.6, k * n)
        return slots_of(Rows(value=truth + spread * random.standard_t(tails, k * n), truth=truth), k)

    return draw


def ranked(skill: float) -> Draw:
    """Groups of `GROUP` rows, one in ten of them relevant; relevant rows score `skill` sd higher. Counts are groups."""

    def draw(random: np.random.Generator, k: int, n: int) -> list[Outcomes]:
        size = k * n * GROUP
        relevance = np.where(random.random(size) < 0.1, random.integers(1, 4, size), 0).astype(np.float64)
        score = random.normal(size=size) + skill * (relevance > 0)
        groups = ranked_groups(np.repeat(np.arange(k * n), GROUP), None, relevance, score)
        return count_ranked(groups, groups.code // n, k)

    return draw
