"""Every figure of a group against that of its reference group: differences, ratios, p-values.

- Rates: the difference has Newcombe's interval (Statistics in Medicine 17, 1998, method 10), the ratio Katz's on the
  logarithm (Biometrics 34, 1978), with half a row added to all four cells where one is empty (Walter, Biometrika 62,
  1975). That they are equal is tested exactly, by twice the smaller tail of Fisher's test: it is right however few the
  rows, and however far in the tail it is asked.
- Means: the difference has Welch's interval (Biometrika 34, 1947). Their p-value is the larger one of Welch's and that
  of pooled variances: where values are skewed one of the two errs on the quiet side (Hall, The bootstrap and Edgeworth
  expansion, 1992).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from modelwatch.monitors.fairness.counts import Moments, divided
from modelwatch.monitors.fairness.figures import Z95, Figures, Interval, mean_variance
from modelwatch.monitors.tails import hypergeometric_tails, student_tail

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LARGEST: Final = 700.0
"""The logarithm that no ratio's interval goes beyond."""


@dataclass(frozen=True, slots=True)
class Compared:
    """[R + K, m] each, rates first: `difference` is group less reference group, `ratio` (NaN for means) the smaller
    over the larger, `standardised` (NaN for rates) the difference in pooled standard deviations (Cohen's d)."""

    difference: Interval
    ratio: Interval
    standardised: Floats
    p: Floats
    enough: NDArray[np.bool_]


def compared(found: Figures, group: Ints, against: Ints, min_rows: float, min_events: float) -> Compared:
    """Groups against reference groups, m pairs of places; `enough` where there are rows and events to judge by."""
    hits, base, of = found.hits, found.base, found.moments
    rows, events = found.rows, np.concatenate((hits, of.events))
    expected = rows[:, group] * divided(events[:, group] + events[:, against], rows[:, group] + rows[:, against], 0.0)
    enough = (np.minimum(rows[:, group], rows[:, against]) >= min_rows) & (
        np.maximum(expected, events[:, group]) >= min_events
    )
    unknown = np.full((len(found.means), len(group)), np.nan)
    ratio = ratios(hits[:, group], base[:, group], hits[:, against], base[:, against])
    return Compared(
        differences(found, group, against),
        Interval(*(np.concatenate((each, unknown)) for each in ratio)),
        np.concatenate((np.full((len(hits), len(group)), np.nan), standardised(of, group, against))),
        np.concatenate((rates_p(hits, base, group, against), means_p(of, group, against))),
        enough,
    )


def differences(found: Figures, group: Ints, against: Ints) -> Interval:
    """By the distances of each figure to the ends of its own interval: Newcombe's of rates, the usual one of means."""
    value, low, high = found.interval
    a, b = value[:, group], value[:, against]
    under = np.sqrt((a - low[:, group]) ** 2 + (high[:, against] - b) ** 2)
    over = np.sqrt((high[:, group] - a) ** 2 + (b - low[:, against]) ** 2)
    return Interval(a - b, a - b - under, a - b + over)


def ratios(a: Floats, n: Floats, b: Floats, m: Floats) -> Interval:
    """a of n against b of m: the smaller rate over the larger one; NaN where both are 0."""
    ahead = a * m > b * n
    a, b, n, m = np.where(ahead, b, a), np.where(ahead, a, b), np.where(ahead, m, n), np.where(ahead, n, m)
    known = (n > 0) & (m > 0) & (b > 0)
    value = divided(a * m, np.where(known, b * n, 0.0))
    half = np.where(a > 0, 0.0, 0.5)
    a, b, n, m = (np.where(known, each + k * half, 1.0) for each, k in ((a, 1), (b, 1), (n, 2), (m, 2)))
    log, error = np.log(a * m / (b * n)), np.sqrt(np.maximum(1 / a - 1 / n + 1 / b - 1 / m, 0.0))
    low, high = np.exp(log - Z95 * error), np.exp(np.minimum(log + Z95 * error, LARGEST))
    return Interval(value, np.where(known, np.fmin(low, value), np.nan), np.where(known, high, np.nan))


def rates_p(hits: Floats, base: Floats, group: Ints, against: Ints) -> Floats:
    """The p-values that both groups have the same rate; 1 where there are no rows to tell."""
    base = np.round(base)
    hits = np.minimum(np.round(hits), base)
    k, n = hits[:, group], base[:, group]
    low, high = hypergeometric_tails(
        k.ravel(), n.ravel(), (k + hits[:, against]).ravel(), (n + base[:, against]).ravel()
    )
    answer: Floats = np.minimum(2 * np.minimum(low, high), 1.0)
    return answer.reshape(k.shape)


def means_p(of: Moments, group: Ints, against: Ints) -> Floats:
    """The larger of Welch's p-value and that of pooled variances; 1 where there are no rows to tell."""
    variance = mean_variance(of)
    n, m, a, b = of.rows[:, group], of.rows[:, against], variance[:, group], variance[:, against]
    gap = np.abs(of.mean[:, group] - of.mean[:, against])
    known = (n > 2) & (m > 2) & np.isfinite(gap) & np.isfinite(a + b)
    n, m, a, b, gap = (np.where(known, each, other) for each, other in ((n, 3), (m, 3), (a, 1), (b, 1), (gap, 0)))
    pooled = (a * (n - 1) * n + b * (m - 1) * m) / (n + m - 2) * (1 / n + 1 / m)
    freedom = np.maximum(divided((a + b) ** 2, a**2 / (n - 1) + b**2 / (m - 1), 1.0), 1.0)
    own = student_tail(studentized(gap, a + b).ravel(), freedom.ravel())
    shared = student_tail(studentized(gap, pooled).ravel(), (n + m - 2).ravel())
    return np.where(known, np.minimum(2 * np.maximum(own, shared).reshape(gap.shape), 1.0), 1.0)


def studentized(gap: Floats, variance: Floats) -> Floats:
    """A difference in its standard errors; 0 for none, without end where nothing varies."""
    return np.where(gap == 0, 0.0, divided(gap, np.sqrt(variance), np.inf))


def standardised(of: Moments, group: Ints, against: Ints) -> Floats:
    """The difference of means in pooled standard deviations; NaN where nothing varies."""
    n, m = of.rows[:, group], of.rows[:, against]
    spread = np.sqrt(divided(n * of.deviation[:, group] ** 2 + m * of.deviation[:, against] ** 2, n + m))
    return divided(of.mean[:, group] - of.mean[:, against], spread)
