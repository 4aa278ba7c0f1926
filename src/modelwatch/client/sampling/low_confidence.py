"""What the model is unsure of, and labels that are rare, always; the rest at a rate."""

from __future__ import annotations

import math

from modelwatch.client.plain import number, text
from modelwatch.client.row import LABEL, MODEL, SCORE, SCORES, Row
from modelwatch.client.sampling.sampler import checked_rate
from modelwatch.errors import InvalidSettings

MAX_COUNTED = 1_000
"""Models, and labels of a model, that are counted; a label beyond them counts as frequent."""


class LowConfidence:
    """Keeps every prediction of low confidence or of a rare label, and others at `rate`.

    Confidence is the largest of `prediction_scores`, or else `max(s, 1 - s)` of a `prediction_score` s in [0, 1]:
    under `below` a row is always kept, and so is one whose score is NaN. Scores outside [0, 1] say nothing of
    confidence.

    Rare labels are kept because at one row in ten a class of one in 10,000 leaves too few rows to look at, and its
    weights would swing the figures most. A label is rare while its share of the model's rows so far is less than
    `rare` over the number of labels, so that at most the share `rare` of all rows is kept for this reason; the first
    row of each label is kept, too. `rare=0` turns it off.
    """

    __slots__ = ("_below", "_labels", "_rare", "_rate", "seed")

    def __init__(self, rate: float, *, below: float = 0.6, rare: float = 0.02, seed: int = 0) -> None:
        if not 0 <= below <= 1 or not 0 <= rare <= 1:
            raise InvalidSettings(f"below={below!r} or rare={rare!r} is no share", hint="both lie from 0 to 1")
        self._rate = checked_rate(rate)
        self._below = below
        self._rare = rare
        self._labels: dict[object, dict[str | None, int]] = {}
        self.seed = seed

    def probability(self, row: Row) -> float:
        """1 for what is always kept, else the rate."""
        if self._rare and row[LABEL] is not None and self._is_rare(row[MODEL], row[LABEL]):
            return 1.0
        return self._rate if confidence(row) >= self._below else 1.0

    def _is_rare(self, model: object, label: object) -> bool:
        """Whether few rows of the model had this label before; counts this one."""
        name = label if type(label) is str else text(label)
        if name is None:
            return False
        counts = self._labels.get(model)
        if counts is None:
            if len(self._labels) >= MAX_COUNTED:
                return False
            counts = self._labels.setdefault(model, {None: 0})
        before, total, labels = counts.get(name, 0), counts[None], len(counts) - 1
        if before or labels < MAX_COUNTED:
            counts[name] = before + 1
            counts[None] = total + 1
        return before * max(labels, 1) < self._rare * total or (before == 0 and labels < MAX_COUNTED)


def confidence(row: Row) -> float:
    """How sure the model is of its prediction, nan where a score is; 1 where nothing tells."""
    if row[SCORES]:
        scores = list(row[SCORES].values())
        if any(type(score) is not float for score in scores):
            scores = [score for score in (number(value)[0] for value in scores) if score is not None]
        return math.nan if any(map(math.isnan, scores)) else max(scores, default=1.0)
    score = row[SCORE]
    if score is not None and type(score) is not float:
        score = number(score)[0]
    if score is None or score < 0.0 or score > 1.0:
        return 1.0
    return 1.0 - score if score < 0.5 else score
