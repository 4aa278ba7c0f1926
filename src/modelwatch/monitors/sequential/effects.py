"""How large a certain change is: the floors of the drift check, on the rows of one epoch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from modelwatch.core.level import CODE, Level
from modelwatch.monitors.drift import psi as stability
from modelwatch.monitors.drift import rates
from modelwatch.monitors.drift.groups import QUANTILES, floored
from modelwatch.monitors.sequential.cells import ABOVE, BELOW, RATES
from modelwatch.monitors.sequential.expectation import Expectation, Floats

Codes = NDArray[np.uint8]

MIN_SHAPE_ROWS: Final = 50
"""Under this many usable values no shape is judged; so few are certain of a very large change only."""
MIN_RATE_ROWS: Final = 10
"""A rate is known within a third of itself, or better, from 10 rows on: three bad rows in a burst wake nobody."""


def net_psi(expected: Expectation, counts: Floats) -> Floats:
    """PSI [..., F] of the usable values of `counts` [..., F, CELLS], less its mean under no drift; the open ends of
    numbers are part of the first and the last tenth."""
    now, before = joined_ends(expected, counts), joined_ends(expected, expected.urn)
    before = np.broadcast_to(before, now.shape)
    present = (now > 0) | (before > 0)
    n, m = now.sum(axis=-1), before.sum(axis=-1)
    flat = (-1, now.shape[-1])
    shares = (
        floored(now.reshape(flat), present.reshape(flat)),
        floored(before.reshape(flat), present.reshape(flat)),
    )
    size = stability.psi(*shares).reshape(n.shape)
    freedom = np.maximum(present.sum(axis=-1) - 1, 0)
    spread = 1 / np.maximum(n, 1e-9) + 1 / np.maximum(m, 1e-9)
    answer: Floats = np.where((n > 0) & (m > 0), size - stability.psi_mean(spread, freedom), 0.0)
    return answer


def joined_ends(expected: Expectation, counts: Floats) -> Floats:
    """Usable values only, with the open ends in the outermost tenths that the reference has."""
    values = np.where(expected.value, counts, 0.0)
    tenths = expected.value[:, :QUANTILES]
    rows = np.arange(len(expected))
    first, last = np.argmax(tenths, axis=1), QUANTILES - 1 - np.argmax(tenths[:, ::-1], axis=1)
    values[..., rows, first] += values[..., BELOW]
    values[..., rows, last] += values[..., ABOVE]
    values[..., [BELOW, ABOVE]] = 0.0
    return values


def rises(expected: Expectation, counts: Floats) -> tuple[Floats, Floats]:
    """Shares of all rows [..., F, rates] that each watched rate has in `counts`, and those expected."""
    cells = list(RATES)
    total = np.maximum(counts.sum(axis=-1, keepdims=True), 1e-300)
    expected_total = np.maximum(expected.urn.sum(axis=-1, keepdims=True), 1e-300)
    before: Floats = expected.urn[:, cells] / expected_total
    now: Floats = counts[..., cells] / total
    return now, np.broadcast_to(before, now.shape)


@dataclass(frozen=True, slots=True)
class Floors:
    """From where on a change is large: net PSI of the values, and points by which a rate goes up."""

    psi_warning: float = stability.WARNING
    psi_critical: float = stability.CRITICAL
    rate_warning: float = rates.WARNING
    rate_critical: float = rates.CRITICAL


def size_levels(expected: Expectation, counts: Floats, floors: Floors) -> Codes:
    """Codes [..., F, causes] of how large each change is by itself, certain or not: ok, warning or critical."""
    psi = net_psi(expected, counts)
    usable = np.where(expected.value, counts, 0.0).sum(axis=-1)
    now, before = rises(expected, counts)
    few = counts[..., list(RATES)] < MIN_RATE_ROWS
    shape = graded(np.where(usable < MIN_SHAPE_ROWS, 0.0, psi), floors.psi_warning, floors.psi_critical)
    rate = graded(np.where(few, 0.0, now - before), floors.rate_warning, floors.rate_critical)
    return np.concatenate((shape[..., None], rate), axis=-1)


def graded(size: Floats, warning: float, critical: float) -> Codes:
    """Codes of sizes held against two floors."""
    answer = np.full(size.shape, CODE[Level.OK], dtype=np.uint8)
    answer[size >= warning] = CODE[Level.WARNING]
    answer[size >= critical] = CODE[Level.CRITICAL]
    return answer
