"""The second opinion: where the labels fall best into two stretches, and how far apart these are.

The likelihood ratio of one change against none, at the cut where it is largest (Hinkley, Inference about the
change-point in a sequence of random variables, Biometrika 57, 1970), of mistakes by their binomial likelihood, of ranks
by their variance. Its square root is in standard errors. Neighbours that are alike make any two stretches differ: it
is divided by the design effect, which is how much more the sums of the blocks vary around their stretch than those of
independent labels would, where that is more than chance.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from modelwatch.monitors.concept.history import Block
from modelwatch.monitors.concept.rhythm import Scale, longest_wave
from modelwatch.monitors.concept.rhythm import effect as wave

Floats = NDArray[np.float64]

LEAST_BEFORE: Final = 256
"""Labels that the stretch before a change must have."""
OUTLAST: Final = 4_096
"""A change must last longer than the longest wave that is known, but no longer than these labels."""
LEAST_ERRORS: Final = 10.0
"""Mistakes that the stretch with more of them must have: a burst of a few is no concept."""


@dataclass(frozen=True, slots=True)
class Split:
    """The best cut: before block `at`; means of what was fed, standard errors between them, the design effect."""

    at: int
    before: float
    after: float
    certainty: float
    design_effect: float


def best(blocks: Sequence[Block], mistakes: bool, rhythm: Sequence[Scale] = ()) -> Split | None:
    """The cut at which the two stretches differ most; None where there is none that may be judged.

    `rhythm` is how much stretches vary by themselves at every length.
    """
    table = np.array([(block.labels, block.fed, block.squares) for block in blocks], dtype=np.float64)
    table = table.reshape(-1, 3)
    n0, s0 = np.cumsum(table[:-1, :2], axis=0).T
    n, s, q = table.sum(axis=0)
    n1, s1 = n - n0, s - s0
    allowed = n0 >= LEAST_BEFORE
    if mistakes:
        allowed &= np.where(s1 / n1 > s0 / n0, s1, s0) >= LEAST_ERRORS
    if not allowed.any():
        return None
    m0, m1 = s0 / n0, s1 / n1
    if mistakes:
        ratio = 2 * (entropy(s, n) - entropy(s0, n0) - entropy(s1, n1))
    else:
        between = n0 * n1 / n * (m1 - m0) ** 2
        within = np.maximum(q - s**2 / n - between, 1e-12 * max(q, 1.0))
        ratio = between / (within / n)
    cut = int(np.argmax(np.where(allowed, ratio, -1.0)))
    if n1[cut] < min(longest_wave(rhythm), OUTLAST):
        return None
    shorter = int(min(n0[cut], n1[cut]))
    effect = max(design_effect(table, cut + 1, mistakes), wave(rhythm, shorter))
    certainty = math.sqrt(max(float(ratio[cut]), 0.0) / effect)
    return Split(cut + 1, float(m0[cut]), float(m1[cut]), certainty, effect)


def entropy(errors: Floats, labels: Floats) -> Floats:
    """n times the entropy of a share of errors, in nats: less the log likelihood of these errors at that share."""
    rest = labels - errors
    with np.errstate(divide="ignore", invalid="ignore"):
        some = np.where(errors > 0, errors * np.log(errors / labels), 0.0)
        others = np.where(rest > 0, rest * np.log(rest / labels), 0.0)
    answer: Floats = -(some + others)
    return answer


def design_effect(table: Floats, at: int, mistakes: bool) -> float:
    """How much more the sums of blocks vary around the mean of their stretch than those of independent labels; 1 where
    it is not more by two standard errors. `table` [K, 3] are labels, sums and sums of squares."""
    total, freedom = 0.0, 0
    for part in (table[:at], table[at:]):
        n, s, q = part.sum(axis=0)
        mean = s / n
        variance = mean * (1 - mean) if mistakes else q / n - mean**2
        if len(part) < 2 or variance <= 1e-12:
            continue
        total += float(((part[:, 1] - part[:, 0] * mean) ** 2 / part[:, 0]).sum() / variance)
        freedom += len(part) - 1
    effect = total / max(freedom, 1)
    return effect if effect > 1 + 2 * math.sqrt(2 / max(freedom, 1)) else 1.0
