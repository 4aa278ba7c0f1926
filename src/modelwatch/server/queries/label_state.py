"""How labels come: what was matched, what waits, and how long they take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection

from modelwatch.core.window import DAY_US
from modelwatch.profiles.outcomes import Fact, Outcomes
from modelwatch.profiles.outcomes.grids import delay_ends_s
from modelwatch.server.queries.subject import Subject
from modelwatch.store.labels import count_inbox, load_joined


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of a model, all versions and environments: `matched` with predictions, of which `corrected` replaced
    an earlier one and `repeated` said the same again; `waiting` for the join; `orphaned`, whose prediction is not known
    yet; `expired`, given up after the horizon."""

    matched: int
    corrected: int
    repeated: int
    waiting: int
    orphaned: int
    expired: int
    horizon_days: float


@dataclass(frozen=True, slots=True)
class DelayBar:
    """Labels that took from `above` to `up_to` seconds; None where there is no end."""

    above: float
    up_to: float | None
    labels: float


@dataclass(frozen=True, slots=True)
class Delays:
    """How long the labels of a window took, in seconds, 19 % exact; the quantiles are None without labels."""

    p50: float | None
    p90: float | None
    p99: float | None
    bars: list[DelayBar]


def read_labels(connection: Connection, subject: Subject) -> Labels:
    """What has become of the labels that were sent."""
    joined = load_joined(connection, subject.model.id)
    waiting, orphaned = count_inbox(connection, subject.model.id)
    days = subject.model.horizon_us / DAY_US
    return Labels(joined.matched, joined.corrected, joined.repeated, waiting, orphaned, joined.expired, days)


def delays_in(outcomes: Outcomes, cut: str) -> Delays:
    """The delays of the labels of some outcomes."""
    bins, _, _, counts = outcomes.cells(Fact.DELAY, cut)
    ends = delay_ends_s()
    starts = np.concatenate(([0.0], ends[:-1]))
    bars = [
        DelayBar(float(starts[i]), float(ends[i]) if np.isfinite(ends[i]) else None, count)
        for i, count in zip(bins.tolist(), counts.tolist(), strict=True)
        if count > 0
    ]
    return Delays(quantile(bars, 0.5), quantile(bars, 0.9), quantile(bars, 0.99), bars)


def quantile(bars: Sequence[DelayBar], q: float) -> float | None:
    """The end of the bar that holds the quantile; None without labels, or where it lies beyond all measure."""
    wanted, held = q * sum(bar.labels for bar in bars), 0.0
    for bar in bars:
        held += bar.labels
        if held >= wanted:
            return bar.up_to
    return None
