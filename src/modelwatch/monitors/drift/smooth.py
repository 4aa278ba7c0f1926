"""Neyman's smooth test that a window's numbers come from the reference: has the location or the scale of ranks moved?

    T = n m / (n + m) (d1^2 + d2^2),    d: difference of the mean scores of window and reference

The scores are the first two Legendre polynomials of the reference's probability-integral transform (Neyman, 'Smooth
test' for goodness of fit, Skandinavisk Aktuarietidskrift 20, 1937; two samples: Rayner, Thas and Best, Smooth tests
of goodness of fit, 2009), made orthonormal under the pooled rows, so that T ~ chi-square(2) whatever the column's
distribution: ties, counts, a single value (then T is 0). Scores are bounded: one outlier is one row at the end.

On bins each row takes the middle rank of its bin. A bin of several values holds at most 2/256 of the reference, so
no row's rank is off by more than 1/256 and neither mean score by more than 3.5/256 standard deviations; on rows of
continuous columns T differs by about 1 % (tests hold both).

Where the rows of the reference depend on each other, the covariance of the two mean scores is taken from the variance
between its blocks, and T is Hotelling's (The generalization of Student's ratio, Ann. Math. Statistics 2, 1931):
T (v - 1) / 2v ~ F(2, v - 1) with v degrees of freedom.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from modelwatch.profiles.compiled import compiled

Floats = NDArray[np.float64]

COMPONENTS: Final = 2
SMALLEST_VARIANCE: Final = 1e-12
MOST_SKEW: Final = 1.0
"""Beyond it a cubic no longer says how long a tail is."""


@compiled
def mean_scores(current: Floats, reference: Floats, pooled: Floats) -> Floats:
    """The differences [F, 2] of the mean scores of shares [F, 256]; `pooled` are the shares that standardise them.

    Zero where a score does not vary: one value has no location or scale that could move.
    """
    return scores_and_cubes(current, reference, pooled)[:, :2]


@compiled
def scores_and_cubes(current: Floats, reference: Floats, pooled: Floats) -> Floats:
    """The differences of the mean scores, and the mean cubes of the scores, [F, 4]."""
    answer = np.zeros((len(current), 4))
    for f in range(len(current)):
        passed = 0.0
        w, wa, waa, waaa, waaaa = 0.0, 0.0, 0.0, 0.0, 0.0
        da, daa = 0.0, 0.0
        for i in range(current.shape[1]):
            q = reference[f, i]
            a = passed + 0.5 * q - 0.5
            passed += q
            weight = pooled[f, i]
            aa = a * a
            w += weight
            wa += weight * a
            waa += weight * aa
            waaa += weight * aa * a
            waaaa += weight * aa * aa
            difference = current[f, i] - q
            da += difference * a
            daa += difference * aa
        if w <= 0.0:
            continue
        mean, square = wa / w, waa / w
        variance = square - mean * mean
        if variance <= SMALLEST_VARIANCE:
            continue
        slope = (waaa / w - mean * square) / variance
        rest = waaaa / w - square * square - slope * slope * variance
        answer[f, 0] = da / np.sqrt(variance)
        level = square - slope * mean
        one, two = 1 / np.sqrt(variance), 1 / np.sqrt(rest) if rest > SMALLEST_VARIANCE else 0.0
        answer[f, 1] = (daa - slope * da) * two
        passed = 0.0
        for i in range(current.shape[1]):
            a = passed + 0.5 * reference[f, i] - 0.5
            passed += reference[f, i]
            first, second = (a - mean) * one, (a * a - slope * a - level) * two
            answer[f, 2] += pooled[f, i] / w * first**3
            answer[f, 3] += pooled[f, i] / w * second**3
    return answer


def smooth_test(current: Floats, reference: Floats, n: Floats, m: Floats) -> tuple[Floats, Floats]:
    """sqrt(n m / (n + m)) times the score differences [F, 2] of counts on bins [F, 256] worth n and m [F] rows, and
    how skew these are when nothing has changed."""
    p = current / np.maximum(current.sum(axis=1, keepdims=True), 1e-300)
    q = reference / np.maximum(reference.sum(axis=1, keepdims=True), 1e-300)
    total = np.maximum(n + m, 1e-300)
    pooled = (p * n[:, None] + q * m[:, None]) / total[:, None]
    found = scores_and_cubes(p, q, pooled)
    both = n * m / total
    of_one = both**1.5 * (1 / np.maximum(n, 1.0) ** 2 - 1 / np.maximum(m, 1.0) ** 2)
    return found[:, :2] * np.sqrt(both)[:, None], np.clip(found[:, 2:] * of_one[:, None], -MOST_SKEW, MOST_SKEW)


def straightened(scores: Floats, skewness: Floats) -> Floats:
    """Skew scores as if they were normal (Hall, On the removal of skewness by transformation, J. Royal Statistical
    Society B 54, 1992): where few rows decide a score, as the second one of a column of zeros, its far tail is longer.

    >>> straightened(np.array([4.0, -4.0]), np.array([0.3, 0.3])).round(1).tolist()
    [3.3, -4.8]
    """
    answer: Floats = scores - skewness * (scores**2 - 1) / 6 + skewness**2 * scores**3 / 108
    return answer


def smooth_p(
    scores: Floats, covariance: Floats, freedom: float, skewness: Floats | float = 0.0
) -> tuple[Floats, Floats]:
    """T and its p-value [F] of standardised score differences [F, 2] with that skewness [F, 2].

    `covariance` [F, 3] (first, both, second) is that of the scores, 1, 0, 1 for independent rows; `freedom` is how
    many degrees of freedom it stands on, inf when it is known. Where it is 1, 0, 1 it counts as known.
    """
    a, b, c = covariance.T
    x, y = scores.T
    distance = (c * x * x - 2 * b * x * y + a * y * y) / (a * c - b * b)
    known = (a == 1.0) & (b == 0.0) & (c == 1.0)
    with np.errstate(under="ignore"):
        straight = np.sum(straightened(scores, np.asarray(skewness)) ** 2, axis=1)
        p = np.exp(-np.where(known, straight, distance) / 2)
        if np.isfinite(freedom):
            p = np.where(known, p, np.exp(-(freedom - 1) / 2 * np.log1p(distance / freedom)))
    return distance, np.where(p < 1e-300, 0.0, p)
