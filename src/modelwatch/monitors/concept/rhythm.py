"""How much a stretch of labels varies by itself, at every length: what no change of concept may be mistaken for.

Errors come in waves: an evening, a stormy day, a weekend. For blocks of 32 labels, 64, 128 and so on the squared
difference of neighbouring blocks is held against what independent labels would give, twice their variance over the
length (von Neumann, Distribution of the ratio of the mean square successive difference to the variance, Annals of
Mathematical Statistics 12, 1941). The mean of that ratio is the design effect at that length; the largest is left out,
so that one real change does not count. It is remembered when the detectors begin anew: waves outlast a finding.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from modelwatch.monitors.concept.history import BLOCK

LONGEST: Final = 15
"""Lengths up to 32 x 2^15, a million labels."""
LEAST: Final = 7
"""Differences that a length must have to tell something."""
MANY: Final = 16
"""Differences from which on the mean makes up for the largest that is left out; of fewer one may be a real change."""
EULER: Final = 0.5772156649
NOTHING: Final = (-1.0, -1.0)
SURE: Final = 2.0
"""Standard errors above 1 from which on an effect is believed."""


class Scale(NamedTuple):
    """Blocks of one length: `pairs` differences, their `total` in units of what independent labels give, and the
    `largest`. `last` is (sum, squares) of the last block, `half` of one that waits for its neighbour, or `NOTHING`."""

    pairs: int = 0
    total: float = 0.0
    largest: float = 0.0
    last: tuple[float, float] = NOTHING
    half: tuple[float, float] = NOTHING


def add(scales: list[Scale], fed: float, squares: float, mistakes: bool) -> None:
    """One more block of `BLOCK` labels, by the sum of what was fed and of its squares."""
    value, labels = (fed, squares), BLOCK
    for place in range(LONGEST + 1):
        if place == len(scales):
            scales.append(Scale())
        scale = scales[place]
        if scale.last != NOTHING:
            ratio = difference(scale.last, value, labels, mistakes)
            scale = scale._replace(pairs=scale.pairs + 1, total=scale.total + ratio, largest=max(scale.largest, ratio))
        scale = scale._replace(last=value)
        if scale.half == NOTHING:
            scales[place] = scale._replace(half=value)
            return
        value, labels = (scale.half[0] + value[0], scale.half[1] + value[1]), 2 * labels
        scales[place] = scale._replace(half=NOTHING)


def difference(a: tuple[float, float], b: tuple[float, float], labels: int, mistakes: bool) -> float:
    """The squared difference of the means of two blocks, in units of what independent labels give."""
    both = (a[0] + b[0] + 0.5) / (2 * labels + 1)
    variance = both * (1 - both) if mistakes else (a[1] + b[1]) / (2 * labels) - ((a[0] + b[0]) / (2 * labels)) ** 2
    if variance <= 1e-12:
        return 0.0
    return ((a[0] - b[0]) / labels) ** 2 / (2 * variance / labels)


def effect(scales: Sequence[Scale], labels: int) -> float:
    """How many labels of a stretch of `labels` tell as much as one independent label; 1 where nothing speaks against.

    Beyond the longest length that is known waves are taken to go on.
    """
    answer, known, at_known = 1.0, 0, 1.0
    for length, found in effects(scales):
        if length > labels:
            break
        answer, known, at_known = max(answer, found), length, found
    return max(answer, 1 + (at_known - 1) * labels / known) if known else answer


def longest_wave(scales: Sequence[Scale]) -> int:
    """The greatest length at which stretches vary more than independent labels would; 0 when none does."""
    return max((length for length, found in effects(scales) if found > 1), default=0)


def expected_largest(pairs: int) -> float:
    """What the largest of so many squared differences is of itself: of chi-square variables of one degree of freedom
    (Gumbel's limit; Embrechts, Klüppelberg and Mikosch, Modelling extremal events, 1997)."""
    return 2 * math.log(pairs) - math.log(math.log(pairs)) - math.log(math.pi) + 2 * EULER


def effects(scales: Sequence[Scale]) -> Iterator[tuple[int, float]]:
    """(length, effect) of the lengths that have enough differences to tell."""
    for place, scale in enumerate(scales):
        if scale.pairs < LEAST:
            return
        left = scale.pairs - (expected_largest(scale.pairs) if scale.pairs >= MANY else 1)
        mean = (scale.total - scale.largest) / left
        yield BLOCK << place, mean if mean > 1 + SURE * math.sqrt(3 / scale.pairs) else 1.0
