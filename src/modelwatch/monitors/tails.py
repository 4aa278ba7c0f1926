"""Tail probabilities of the distributions that tests of significance need, without scipy.

All take and give float64 arrays of any one shape. Tests compare each with scipy: right to 1e-9 of the probability.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from modelwatch.profiles.compiled import compiled

Floats = NDArray[np.float64]

SMALLEST: Final = 1e-300
"""Probabilities below this are given as 0."""
STEPS: Final = 100_000
TINY: Final = 1e-290
PRECISE: Final = 1e-14
WHOLE: Final = 1e-6
"""Counts that are so close to a whole number are one."""


@compiled
def gamma_tail(a: float, x: float) -> float:
    """Q(a, x), the regularised upper incomplete gamma function: its series below a + 1, Lentz's continued fraction
    above (Press et al., Numerical recipes, 6.2)."""
    if x <= 0.0:
        return 1.0
    front = math.exp(-x + a * math.log(x) - math.lgamma(a))
    if x < a + 1.0:
        term = 1.0 / a
        total = term
        for i in range(1, STEPS):
            term *= x / (a + i)
            total += term
            if term < total * PRECISE:
                break
        return 1.0 - total * front
    b = x + 1.0 - a
    c = 1.0 / TINY
    d = 1.0 / b
    h = d
    for i in range(1, STEPS):
        an = -i * (i - a)
        b += 2.0
        d = an * d + b
        d = 1.0 / (d if abs(d) > TINY else TINY)
        c = b + an / c
        c = c if abs(c) > TINY else TINY
        h *= d * c
        if abs(d * c - 1.0) < PRECISE:
            break
    return front * h


@compiled
def beta_fraction(a: float, b: float, x: float) -> float:
    """The continued fraction of the incomplete beta function, by Lentz (Press et al., Numerical recipes, 6.4)."""
    c = 1.0
    d = 1.0 - (a + b) * x / (a + 1.0)
    d = 1.0 / (d if abs(d) > TINY else TINY)
    h = d
    for i in range(1, STEPS):
        even = i * (b - i) * x / ((a + 2 * i - 1.0) * (a + 2 * i))
        d = 1.0 + even * d
        d = 1.0 / (d if abs(d) > TINY else TINY)
        c = 1.0 + even / c
        c = c if abs(c) > TINY else TINY
        h *= d * c
        odd = -(a + i) * (a + b + i) * x / ((a + 2 * i) * (a + 2 * i + 1.0))
        d = 1.0 + odd * d
        d = 1.0 / (d if abs(d) > TINY else TINY)
        c = 1.0 + odd / c
        c = c if abs(c) > TINY else TINY
        h *= d * c
        if abs(d * c - 1.0) < PRECISE:
            break
    return h


@compiled
def beta_below(a: float, b: float, x: float) -> float:
    """I_x(a, b), the regularised incomplete beta function."""
    if x <= 0.0:
        return 0.0
    if x >= 1.0:
        return 1.0
    log = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    front = math.exp(log)
    if x < (a + 1.0) / (a + b + 2.0):
        return front * beta_fraction(a, b, x) / a
    return 1.0 - front * beta_fraction(b, a, 1.0 - x) / b


@compiled
def gamma_tails(a: Floats, x: Floats) -> Floats:
    """`gamma_tail` of each."""
    answer = np.empty(len(a))
    for i in range(len(a)):
        answer[i] = gamma_tail(a[i], x[i]) if a[i] > 0.0 else 1.0
    return answer


@compiled
def variance_ratio_each(x: Floats, df: Floats, behind: Floats) -> Floats:
    """P(df F > x) of each, F with `df` and `behind` degrees of freedom; 1 where df is 0."""
    answer = np.ones(len(x))
    for i in range(len(x)):
        total = behind[i] + max(x[i], 0.0)
        if df[i] > 0.0 and x[i] > df[i]:
            answer[i] = beta_below(0.5 * behind[i], 0.5 * df[i], behind[i] / total)
        elif df[i] > 0.0:  # a share near 1 has lost its last digits
            answer[i] = 1.0 - beta_below(0.5 * df[i], 0.5 * behind[i], max(x[i], 0.0) / total)
    return answer


@compiled
def binomial_at_most(k: Floats, n: Floats, p: Floats) -> Floats:
    """P(X <= k) of each."""
    answer = np.empty(len(k))
    for i in range(len(k)):
        if k[i] >= n[i]:
            answer[i] = 1.0
        elif k[i] < 0.0:
            answer[i] = 0.0
        else:
            answer[i] = beta_below(n[i] - k[i], k[i] + 1.0, 1.0 - p[i])
    return answer


@compiled
def log_choose(n: float, k: float) -> float:
    """The logarithm of n over k."""
    return math.lgamma(n + 1.0) - math.lgamma(k + 1.0) - math.lgamma(max(n - k, 0.0) + 1.0)


@compiled
def hypergeometric_at_least(k: float, n: float, hits: float, total: float) -> float:
    """P(X >= k) where k is at or above the mean, so that the terms fall: each from the one before."""
    most, misses = min(n, hits), total - hits
    x = float(round(k)) if abs(k - round(k)) < WHOLE else k
    if x > most + WHOLE:
        return 0.0
    if x <= max(0.0, n - misses):
        return 1.0
    term = math.exp(log_choose(hits, x) + log_choose(misses, n - x) - log_choose(total, n))
    found = term
    while x < most - WHOLE and term > found * 1e-17:
        term *= (hits - x) * (n - x) / ((x + 1.0) * (misses - n + x + 1.0))
        found += term
        x += 1.0
    return min(found, 1.0)


@compiled
def hypergeometric_each(k: Floats, n: Floats, hits: Floats, total: Floats) -> Floats:
    """P(X <= k) and P(X >= k) [2, m]: the tail that k lies in is summed, the other is what is left."""
    answer = np.empty((2, len(k)))
    for i in range(len(k)):
        if k[i] * total[i] >= n[i] * hits[i]:
            up = hypergeometric_at_least(k[i], n[i], hits[i], total[i])
            answer[0, i] = 1.0 - hypergeometric_at_least(k[i] + 1.0, n[i], hits[i], total[i])
            answer[1, i] = up
        else:
            misses = total[i] - hits[i]
            answer[0, i] = hypergeometric_at_least(n[i] - k[i], n[i], misses, total[i])
            answer[1, i] = 1.0 - hypergeometric_at_least(n[i] - k[i] + 1.0, n[i], misses, total[i])
    return answer


@compiled
def student_above(t: float, df: float) -> float:
    """P(T > t)."""
    if math.isinf(t):
        return 0.0 if t > 0.0 else 1.0
    half = 0.5 * beta_below(0.5 * df, 0.5, df / (df + t * t))
    return half if t >= 0.0 else 1.0 - half


@compiled
def student_each(t: Floats, df: Floats) -> Floats:
    """`student_above` of each."""
    answer = np.empty(len(t))
    for i in range(len(t)):
        answer[i] = student_above(t[i], df[i])
    return answer


def normal_tail(z: Floats) -> Floats:
    """P(Z > z) of the standard normal distribution."""
    flat = [0.5 * math.erfc(value) for value in (np.asarray(z) * math.sqrt(0.5)).ravel().tolist()]
    return np.array(flat).reshape(np.shape(z))


def chi_square_tail(x: Floats, df: NDArray[np.int64] | Floats) -> Floats:
    """P(X > x) of chi-square with `df` >= 0 degrees of freedom, whole or not; 1 where df is 0."""
    x, half = np.broadcast_arrays(np.maximum(np.asarray(x, np.float64), 0.0) / 2, np.asarray(df, np.float64) / 2)
    answer = gamma_tails(half.ravel(), x.ravel()).reshape(x.shape)
    return np.where(answer < SMALLEST, 0.0, np.clip(answer, 0.0, 1.0))


def variance_ratio_tail(x: Floats, df: Floats, behind: Floats) -> Floats:
    """P(X > x) [m] of chi-square with `df` degrees of freedom in units of a variance that was itself estimated on
    `behind` ones: df times Fisher's F."""
    answer = variance_ratio_each(*(np.ascontiguousarray(each, np.float64) for each in (x, df, behind)))
    return np.where(answer < SMALLEST, 0.0, np.clip(answer, 0.0, 1.0))


@lru_cache(maxsize=4096)
def chi_square_point(tail: float, df: int) -> float:
    """The x with P(X > x) = tail, to 1e-10; 0 where df is 0."""
    if df == 0:
        return 0.0
    low, high = 0.0, 100.0 + 10.0 * df
    for _ in range(60):
        middle = (low + high) / 2
        if gamma_tail(df / 2, middle / 2) > tail:
            low = middle
        else:
            high = middle
    return high


def chi_square_points(tail: float, df: NDArray[np.int64]) -> Floats:
    """`chi_square_point` of each of the degrees of freedom."""
    table = np.array([chi_square_point(tail, i) for i in range(int(df.max(initial=0)) + 1)])
    answer: Floats = table[df]
    return answer


def kolmogorov_tail(x: Floats) -> Floats:
    """P(K > x) of Kolmogorov's distribution: the limit of sqrt(n) D (Kolmogorov, Giorn. Ist. Ital. Attuari 4, 1933).

    Above 1 the alternating series, below it the theta series, each to rounding error.
    """
    x = np.maximum(np.asarray(x, dtype=np.float64), 1e-3)
    k = np.arange(1.0, 7.0).reshape(-1, *([1] * x.ndim))
    with np.errstate(under="ignore"):
        alternating = 2 * np.sum((-1.0) ** (k - 1) * np.exp(-2.0 * (k * x) ** 2), axis=0)
        theta = math.sqrt(2 * math.pi) / x * np.sum(np.exp(-(((2 * k - 1) * math.pi) ** 2) / (8 * x**2)), axis=0)
    answer: Floats = np.clip(np.where(x < 1.0, 1.0 - theta, alternating), 0.0, 1.0)
    return answer


KOLMOGOROV_99: Final = 1.627623611518957
"""P(K > this) = 1 %."""


def binomial_tails(k: Floats, n: Floats, p: Floats) -> tuple[Floats, Floats]:
    """P(X <= k) and P(X >= k) of a binomial count, 0 < p < 1; exact, by the incomplete beta function.

    k and n may be fractional (effective counts): the beta function goes on between whole numbers.
    """
    flat = [np.ascontiguousarray(each, dtype=np.float64).ravel() for each in np.broadcast_arrays(k, n, p)]
    low = binomial_at_most(*flat)
    high = binomial_at_most(flat[1] - flat[0], flat[1], 1 - flat[2])
    shape = np.shape(np.broadcast_arrays(k, n, p)[0])
    return tuple(np.where(tail < SMALLEST, 0.0, np.clip(tail, 0.0, 1.0)).reshape(shape) for tail in (low, high))  # type: ignore[return-value]


def hypergeometric_tails(k: Floats, n: Floats, hits: Floats, total: Floats) -> tuple[Floats, Floats]:
    """P(X <= k) and P(X >= k) [m], X being those of `hits` among `total` rows that fall on n drawn ones.

    The tails of Fisher's exact test (On the interpretation of chi-square, J. Royal Statistical Society 85, 1922).
    Counts may be fractional (effective counts): the gamma function goes on between whole numbers.
    """
    found = hypergeometric_each(*(np.ascontiguousarray(each, np.float64) for each in (k, n, hits, total)))
    found = np.where(found < SMALLEST, 0.0, np.clip(found, 0.0, 1.0))
    return found[0], found[1]


def student_tail(t: Floats, df: Floats) -> Floats:
    """P(T > t) [m] of Student's t with `df` [m] > 0 degrees of freedom, whole or not."""
    return student_each(np.ascontiguousarray(t, np.float64), np.ascontiguousarray(df, np.float64))
