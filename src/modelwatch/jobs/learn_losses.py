"""Labelled rows of a reference -> where a regression errs, by the bins of what it is told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from modelwatch.core.judging import Judging
from modelwatch.core.window import MIN_ROWS
from modelwatch.ingest.conform import Conformed
from modelwatch.ingest.outcome_rows import Floats, Truth, outcome_rows
from modelwatch.jobs.losses import REGRESSION
from modelwatch.jobs.profiled import profiled_values
from modelwatch.jobs.take_reference import Upload
from modelwatch.monitors.estimated import learn_loss
from modelwatch.profiles import Binning
from modelwatch.profiles.places import placeable, places
from modelwatch.store.outcomes import ReferenceLosses

MOST_ROWS: Final = 200_000
"""Rows that are kept to learn from, evenly spread over the file."""


class Erred(NamedTuple):
    """Rows of a reference: the slots [n, G] of each in the columns that have one, its error, NaN where it is not known,
    and its weight."""

    slots: NDArray[np.int16]
    error: Floats
    weight: Floats

    def every(self, step: int, first: int = 0) -> Erred:
        """Some of the rows."""
        return Erred(self.slots[first::step], self.error[first::step], self.weight[first::step])


def learn_losses(upload: Upload, judging: Judging, binning: Binning) -> ReferenceLosses | None:
    """What the rows of a reference teach of a regression's errors; None for any other, and of too few rows."""
    kept = placeable(binning)
    if judging.task != REGRESSION or not len(kept):
        return None
    rows = erred_rows(upload, judging, binning)
    if rows is None or np.isfinite(rows.error).sum() < MIN_ROWS:
        return None
    slots, ordered = rows.slots.astype(np.int64), binning.numeric[kept]
    losses = np.abs(rows.error), rows.error**2
    size, square = (learn_loss(slots, loss, ordered, rows.weight) for loss in losses)
    return ReferenceLosses(binning.id, size, square)


def erred_rows(upload: Upload, judging: Judging, binning: Binning) -> Erred | None:
    """The labelled rows of a file, every so many of a long one; None when it has none."""
    held: list[Erred] = []
    step, read = 1, 0
    for rows, truth in upload.labelled():
        slots = places(binning, profiled_values(rows, binning), rows.rows).astype(np.int16)
        weight = np.ones(rows.rows) if rows.weight is None else rows.weight
        held.append(Erred(slots, errors_of(judging, rows, truth), weight).every(step, -read % step))
        read += rows.rows
        while sum(len(part.error) for part in held) > MOST_ROWS:
            step *= 2
            held = [joined(held).every(2)]
    return joined(held) if held else None


def joined(parts: Sequence[Erred]) -> Erred:
    """Rows one below the other."""
    return Erred(*map(np.concatenate, zip(*parts, strict=True)))


def errors_of(judging: Judging, rows: Conformed, truth: Truth) -> Floats:
    """What was predicted less what came true [n], NaN where either is not known."""
    told = outcome_rows(judging, rows, truth)
    if told.value is None or told.truth is None:
        return np.full(rows.rows, np.nan)
    return np.asarray(told.value - told.truth, np.float64)
