"""Tail probabilities of the distributions that tests of significance need, without scipy.

All take and give float64 arrays of any one shape. Tests compare each with scipy.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SMALLEST: Final = 1e-300
"""Probabilities below this are given as 0."""


def normal_tail(z: Floats) -> Floats:
    """P(Z > z) of the standard normal distribution."""
    flat = [0.5 * math.erfc(value) for value in (np.asarray(z) * math.sqrt(0.5)).ravel().tolist()]
    return np.array(flat).reshape(np.shape(z))


def chi_square_tail(x: Floats, df: NDArray[np.int64]) -> Floats:
    """P(X > x) of chi-square with whole `df` >= 0 degrees of freedom; 1 where df is 0.

    The finite sums of Abramowitz and Stegun 26.4.4 and 26.4.5: all terms are positive, so they are exact to rounding.
    """
    half = np.maximum(np.asarray(x, dtype=np.float64), 0.0) / 2
    df = np.asarray(df)
    odd = df % 2 == 1
    with np.errstate(under="ignore", divide="ignore", over="ignore", invalid="ignore"):
        # the first term of each sum, e^-h or e^-h sqrt(h) / gamma(3/2); the next ones follow by multiplication
        order = np.where(odd, 0.5, 0.0)
        term = np.exp(-half + order * np.log(np.where(half > 0, half, 1.0))) * np.where(
            odd, 2 / math.sqrt(math.pi), 1.0
        )
        term = np.where(half > 0, term, np.where(odd, 0.0, 1.0))
        answer = np.where(odd, 2 * normal_tail(np.sqrt(2 * half)), 0.0)
        for _ in range(int(df.max(initial=0) + 1) // 2):
            answer = answer + np.where(order < df / 2, term, 0.0)
            order = order + 1
            term = term * half / order
    return np.where(df == 0, 1.0, np.minimum(np.where(answer < SMALLEST, 0.0, answer), 1.0))


@lru_cache(maxsize=1024)
def chi_square_point(tail: float, df: int) -> float:
    """The x with P(X > x) = tail, to 1e-10; 0 where df is 0."""
    if df == 0:
        return 0.0
    low, high = 0.0, 100.0 + 10.0 * df
    for _ in range(60):
        middle = (low + high) / 2
        if float(chi_square_tail(np.array(middle), np.array(df))) > tail:
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
    """P(X <= k) and P(X >= k) of a binomial count, 0 < p < 1; k and n may be fractional (effective counts).

    The normal approximation of Peizer and Pratt (J. American Statistical Association 63, 1968): within 10 % of the
    probability, in the far tail too, and within 1 % but for the last counts before 0 and n.
    """
    return at_most(k, n, p), at_most(n - k, n, 1 - p)


def at_most(k: Floats, n: Floats, p: Floats) -> Floats:
    """P(X <= k) of a binomial count; 1 where k >= n."""
    q = 1 - p
    inside = (k < n) & (k > -1)
    k = np.where(inside, k, 0.0)
    size = np.where(inside, n, 1.0)
    d = k + 2 / 3 - (size + 1 / 3) * p + 0.02 * (q / (k + 1) - p / (size - k) + (q - 0.5) / (size + 1))
    skew = (
        1 + q * peizer(np.divide(k + 0.5, size * p)) + p * peizer(np.divide(np.maximum(size - k - 0.5, 0.0), size * q))
    )
    z = d * np.sqrt(np.maximum(skew, 0.0) / ((size + 1 / 6) * p * q))
    return np.where(inside, normal_tail(-z), 1.0)


def peizer(x: Floats) -> Floats:
    """g(x) = (1 - x^2 + 2 x ln x) / (1 - x)^2, with its limits 1 at 0 and 0 at 1."""
    near = np.abs(x - 1) < 1e-4
    safe = np.where(near | (x <= 0), 0.5, x)
    full = (1 - safe**2 + 2 * safe * np.log(safe)) / (1 - safe) ** 2
    return np.where(near, (1 - x) / 3, np.where(x <= 0, 1.0, full))
