"""The figures of every group: rates with Wilson's interval (J. American Statistical Association 22, 1927), means."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from modelwatch.core.measure import Measure
from modelwatch.monitors.fairness import metrics as named
from modelwatch.monitors.fairness.counts import (
    Confusion,
    Moments,
    calibration,
    confusion,
    divided,
    held,
    moments,
    place_of,
)
from modelwatch.profiles.outcomes import Fact, Outcomes, Total

Floats = NDArray[np.float64]

Z95: Final = 1.959963984540054


class Interval(NamedTuple):
    """Values and the ends of their 95 % intervals, of one shape."""

    value: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of G groups: `rates` name the rows of `hits` and `base` [R, G], `means` those of `moments` [K, G].

    `interval` and `rows` [R + K, G] are of both, rates first.
    """

    rates: tuple[str, ...]
    hits: Floats
    base: Floats
    means: tuple[str, ...]
    moments: Moments
    interval: Interval

    @property
    def names(self) -> tuple[str, ...]:
        """Of all rows."""
        return self.rates + self.means

    @property
    def rows(self) -> Floats:
        """Effective rows that each figure is of [R + K, G]."""
        return np.concatenate((self.base, self.moments.rows))


def figures(
    outcomes: Outcomes, groups: Sequence[str], favourable: str, positive: str = "", effect: float = 1.0
) -> Figures:
    """Every figure of some groups: of values without labels, of classes only accuracy without a favourable one."""
    cells = held(outcomes, groups)
    if not outcomes.labels:
        predicted = moments(cells, Fact.SEEN, Total.VALUE, effect)
        error = moments(cells, Fact.TOTAL, Total.ERROR, effect)
        return made({}, len(groups), {named.MEAN_PREDICTION: predicted, named.MEAN_ERROR: error})
    rates = rates_of(confusion(cells, place_of(outcomes, favourable), effect))
    if not favourable:
        return made({named.ACCURACY: rates[named.ACCURACY]}, len(groups), {})
    scores = calibration(cells, outcomes, favourable, positive, effect)
    unknown, rows = np.full(len(groups), np.nan), scores.gap.rows
    means = {
        named.CALIBRATION_GAP: scores.gap,
        named.CALIBRATION_ERROR: Moments(rows, scores.error, unknown, rows),
        named.MEAN_SCORE: Moments(rows, scores.score, unknown, rows),
    }
    return made(rates, len(groups), means)


def rates_of(counts: Confusion) -> dict[str, tuple[Floats, Floats]]:
    """(hits, base) of every rate that a confusion says."""
    positive, negative = counts.tp + counts.fn, counts.fp + counts.tn
    return {
        named.SELECTION_RATE: (counts.selected, counts.seen),
        named.TRUE_POSITIVE_RATE: (counts.tp, positive),
        named.FALSE_POSITIVE_RATE: (counts.fp, negative),
        named.PRECISION: (counts.tp, counts.tp + counts.fp),
        named.ACCURACY: (counts.right, positive + negative),
        named.BASE_RATE: (positive, positive + negative),
    }


def made(rates: dict[str, tuple[Floats, Floats]], count: int, means: dict[str, Moments]) -> Figures:
    """The figures as arrays, with their intervals."""
    nothing = np.empty((0, count))
    hits, base = (np.array([each[i] for each in rates.values()]) if rates else nothing for i in (0, 1))
    parts = ("rows", "mean", "deviation", "events")
    held = Moments(
        *(np.array([getattr(each, part) for each in means.values()]) if means else nothing for part in parts)
    )
    half = Z95 * np.sqrt(mean_variance(held))
    wilson = of_rates(hits, base)
    of_means = (held.mean, held.mean - half, held.mean + half)
    found = Interval(*(np.concatenate(pair) for pair in zip(wilson, of_means, strict=True)))
    return Figures(tuple(rates), hits, base, tuple(means), held, found)


def of_rates(hits: Floats, base: Floats) -> Interval:
    """Wilson's interval of shares."""
    n = np.where(base > 0, base, np.nan)
    p, z = np.minimum(hits / n, 1.0), Z95
    middle = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(np.maximum(p * (1 - p), 0) / n + z**2 / (4 * n**2))
    return Interval(p, np.clip(middle - half, 0.0, p), np.clip(middle + half, p, 1.0))


def mean_variance(of: Moments) -> Floats:
    """The squared standard errors of means; NaN under two rows."""
    return divided(of.deviation**2, of.rows - 1)


def measures(found: Figures, groups: Sequence[str]) -> Iterator[Measure]:
    """Each figure of each group, with its standard error."""
    share = found.interval.value[: len(found.rates)]
    variance = np.concatenate((divided(np.maximum(share * (1 - share), 0.0), found.base), mean_variance(found.moments)))
    value, low, high = (each.tolist() for each in found.interval)
    error, rows = np.sqrt(variance).tolist(), found.rows.tolist()
    for row, name in enumerate(found.names):
        of_each = zip(value[row], error[row], low[row], high[row], rows[row], groups, strict=True)
        yield from (Measure(name, *each) for each in of_each)
