"""Errors as streams, for the tests of concept drift."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from modelwatch.monitors.concept import Found, State, advance, begin

Floats = NDArray[np.float64]


def mistakes(rng: np.random.Generator, *stretches: tuple[float, int]) -> Floats:
    """Errors 0 and 1: stretches of (rate, labels)."""
    return np.concatenate([(rng.random(n) < rate).astype(np.float64) for rate, n in stretches])


def distances(rng: np.random.Generator, *stretches: tuple[float, int]) -> Floats:
    """Absolute errors with a heavy tail: stretches of (scale, labels)."""
    return np.concatenate([scale * rng.lognormal(0.0, 1.0, n) for scale, n in stretches])


def consume(state: State, errors: Floats) -> tuple[State, tuple[Found, ...]]:
    """The state after these errors: one a second, at every third log position."""
    numbers = np.arange(state.labels + 1, state.labels + len(errors) + 1)
    return advance(state, errors, numbers * 1_000_000, numbers * 3)


def watched(task: str, errors: Floats) -> tuple[State, tuple[Found, ...]]:
    """All at once, from the beginning."""
    return consume(begin(task), errors)
