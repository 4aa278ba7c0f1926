"""Predictions as the fold or the lake has them, with their actuals where known -> outcomes by bucket."""

from __future__ import annotations

import numpy as np

from modelwatch.core.judging import Judging
from modelwatch.ingest.conform import Conformed
from modelwatch.ingest.outcome_rows import Truth, outcome_rows
from modelwatch.jobs.buckets import buckets_of
from modelwatch.jobs.judging import Groups
from modelwatch.profiles.outcomes import Outcomes, count_labelled, count_seen


def seen(judging: Judging, groups: Groups, rows: Conformed) -> dict[int, Outcomes]:
    """What every prediction says, by bucket."""
    starts, slots = buckets_of(rows.timestamp)
    counted = count_seen(outcome_rows(judging, rows, None, groups.cuts(rows)), slots.astype(np.int64), len(starts))
    return dict(zip(starts, counted, strict=True))


def labelled(judging: Judging, groups: Groups, rows: Conformed, truth: Truth) -> dict[int, Outcomes]:
    """What came true of predictions, by the bucket of the prediction."""
    starts, slots = buckets_of(rows.timestamp)
    counted = count_labelled(outcome_rows(judging, rows, truth, groups.cuts(rows)), slots.astype(np.int64), len(starts))
    return dict(zip(starts, counted, strict=True))
