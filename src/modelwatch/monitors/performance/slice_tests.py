"""Is the mean loss of some rows higher than that of others? One-sided tests and intervals that hold far in the tail.

A search makes ten thousand comparisons, so each has to be right at one in a million.

- **Losses that are 0 or 1**: Fisher's exact test (On the interpretation of chi-square, J. Royal Statistical Society 85,
  1922): given all errors, those of the slice are a hypergeometric count. Interval: Newcombe's score interval for the
  difference of two proportions (Statistics in Medicine 17, 1998, method 10).
- **Other losses**: the larger of two p-values, that of the mean under permutation (pooled variance) and Welch's
  (Biometrika 34, 1947; own variances). To first order the tail of the one is off by the factor
  exp(+z^3 g / 6 sqrt(n)), that of the other by exp(-z^3 g / 3 sqrt(n)), g being the skewness (Hall, The bootstrap and
  Edgeworth expansion, 1992): whichever way losses are skewed, one of them errs on the quiet side, and rows that only
  spread more are no worse for Welch. Interval: Welch's.
- **Rows in clusters** (a day, a customer) that share their fate: the same two with the variance of sums of clusters
  (Liang and Zeger, Biometrika 73, 1986) and Student's t with the effective number of clusters (Kish) less one. What a
  cluster does to both sides of a comparison cancels.
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from modelwatch.monitors.performance.loss_sums import LossSums
from modelwatch.monitors.tails import hypergeometric_tails, normal_tail, student_above, student_tail
from modelwatch.profiles.compiled import compiled

Floats = NDArray[np.float64]


def worse_p(rows: LossSums, others: LossSums, binary: bool) -> Floats:
    """P-values [m] that the mean loss of `rows` [m] is no higher than that of `others` [m]; no row is in both."""
    if binary:
        n, m = rows.rows, others.rows
        errors, others_errors = rows.mean * n, others.mean * m
        return hypergeometric_tails(errors, n, errors + others_errors, n + m)[1]
    return np.maximum(pooled_p(rows, others), welch_p(rows, others))


def pooled_p(rows: LossSums, others: LossSums) -> Floats:
    """The p-values of the mean of `rows` when losses are dealt anew to all rows, by its normal approximation."""
    both = rows + others
    n, m = rows.rows, others.rows
    error = np.sqrt(both.variance * (inverse(n) + inverse(m)))
    return normal_tail(standardised(rows.mean - others.mean, error))


def welch_p(rows: LossSums, others: LossSums) -> Floats:
    """The p-values of Welch's t."""
    error, df = welch(rows, others)
    return student_tail(standardised(rows.mean - others.mean, error), df)


def welch(rows: LossSums, others: LossSums) -> tuple[Floats, Floats]:
    """The standard errors [m] of the difference of means, and their degrees of freedom."""
    n, m = rows.rows, others.rows
    a, b = rows.variance * inverse(n), others.variance * inverse(m)
    spread = a**2 * inverse(n - 1) + b**2 * inverse(m - 1)
    df = np.divide((a + b) ** 2, spread, out=np.ones_like(a), where=spread > 0)
    return np.sqrt(a + b), np.maximum(df, 1.0)


def standardised(difference: Floats, error: Floats) -> Floats:
    """Differences over their errors; infinite where there is no error and a difference, 0 where neither."""
    flat = np.where(difference > 0, np.inf, np.where(difference < 0, -np.inf, 0.0))
    answer: Floats = np.divide(difference, error, out=flat, where=error > 0)
    return answer


def inverse(values: Floats) -> Floats:
    """1 / value; 0 for what is not positive."""
    return np.divide(1.0, values, out=np.zeros_like(values), where=values > 0)


def excess_interval(rows: LossSums, others: LossSums, binary: bool, miss: float) -> tuple[Floats, Floats]:
    """Intervals [m] of the difference of means that miss it on either side with probability `miss`."""
    difference = rows.mean - others.mean
    if not binary:
        error, df = welch(rows, others)
        width = student_points(miss, df) * error
        return difference - width, difference + width
    z = -NormalDist().inv_cdf(miss)
    (low, high), (others_low, others_high) = (wilson(each, z) for each in (rows, others))
    below = np.sqrt((rows.mean - low) ** 2 + (others_high - others.mean) ** 2)
    above = np.sqrt((high - rows.mean) ** 2 + (others.mean - others_low) ** 2)
    return difference - below, difference + above


def wilson(rows: LossSums, z: float) -> tuple[Floats, Floats]:
    """Wilson's score interval [m] of a share (J. American Statistical Association 22, 1927)."""
    p, part = rows.mean, z * z * inverse(rows.rows)
    middle = (p + part / 2) / (1 + part)
    width = np.sqrt(np.maximum(p * (1 - p), 0.0) * part + part**2 / 4) / (1 + part)
    return middle - width, middle + width


def clustered(rows: Floats, others: Floats) -> tuple[float, float, float]:
    """One comparison of rows in clusters, each side [2, G] = (sum of w, sum of w loss) by cluster.

    Gives the p-value, and error and degrees of freedom of the difference of means; 1, inf and 1 with under two clusters
    on a side.
    """
    sizes = rows[0].sum(), others[0].sum()
    df = min(float(side[0].sum() ** 2 / max((side[0] ** 2).sum(), 1e-300)) for side in (rows, others)) - 1
    if min(sizes) <= 0 or df < 1:
        return 1.0, math.inf, 1.0
    means = [side[1].sum() / size for side, size in zip((rows, others), sizes, strict=True)]
    common = (rows[1].sum() + others[1].sum()) / sum(sizes)
    own = cluster_error(rows, others, means[0], means[1])
    score = cluster_error(rows, others, common, common)
    difference = np.array([means[0] - means[1]] * 2)
    t = standardised(difference, np.array([own, score]))
    return float(student_tail(t, np.array([df, df])).max()), own, df


def cluster_error(rows: Floats, others: Floats, mean: float, others_mean: float) -> float:
    """The standard error of a difference of means from what each cluster adds to it."""
    parts = (rows[1] - mean * rows[0]) / rows[0].sum() - (others[1] - others_mean * others[0]) / others[0].sum()
    count = int(((rows[0] > 0) | (others[0] > 0)).sum())
    return float(np.sqrt((parts**2).sum() * count / max(count - 1, 1)))


def student_points(tail: float, df: Floats) -> Floats:
    """The t [m] with P(T > t) = tail, 0 < tail < 1/2, for each of the degrees of freedom >= 1."""
    return student_point_each(tail, np.asarray(df, np.float64))


@compiled
def student_point_each(tail: float, df: Floats) -> Floats:
    """The points by bisection, to 1e-9 of them."""
    answer = np.empty(len(df))
    for i in range(len(df)):
        low, high = 0.0, 2.0
        while student_above(high, df[i]) > tail:
            high *= 2.0
        while high - low > 1e-9 * high:
            middle = 0.5 * (low + high)
            if student_above(middle, df[i]) > tail:
                low = middle
            else:
                high = middle
        answer[i] = high
    return answer
