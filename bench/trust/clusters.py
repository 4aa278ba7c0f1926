"""Shares whose trials come in clusters: windows that share a reference share its luck."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bench.trust.figure import Figure, at_most, interval, percent


def clustered(section: str, name: str, hits: Sequence[int], each: int, goal: float, note: str = "") -> Figure:
    """`at_most` for hits per cluster of `each` trials: the interval is that of as many independent trials as these
    are worth (design effect: variance between clusters over that of independent trials; Kish, 1965).

    >>> clustered("s", "n", [1, 1, 0, 1, 1], 100, 0.01).measured
    '0.80 % (0.22 to 2.04) of 5 x 100'
    """
    held = np.array(hits, dtype=np.float64)
    trials = len(held) * each
    share = float(held.sum()) / trials
    expected = each * share * (1 - share)
    effect = max(float(held.var(ddof=1)) / expected, 1.0) if expected > 0 and len(held) > 1 else 1.0
    plain = at_most(section, name, int(held.sum()), trials, goal, note)
    low, high = interval(round(held.sum() / effect), max(round(trials / effect), 1))
    measured = f"{percent(share)} % ({percent(low)} to {percent(high)}) of {len(held)} x {each:,}"
    return Figure(plain.section, plain.name, measured, plain.goal, low <= goal, plain.note)
