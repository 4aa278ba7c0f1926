"""An alert that is evaluated again because labels or rows came late: what that made of the figure behind it; pure."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import Literal


@dataclass(frozen=True, slots=True)
class Revision:
    """`late` rows or labels came for the window that ended at `end_us`; its `figure` was `before` and is `now`."""

    what: Literal["rows", "labels"]
    late: int
    figure: str
    before: float
    now: float
    end_us: int


def written(value: float) -> str:
    """A figure as the history shows it: three digits."""
    return f"{value:.3g}" if abs(value) >= 1 else f"{value:.3f}"


def real(found: Revision) -> bool:
    """True when a person would see the difference; most late rows change nothing that is shown.

    >>> real(Revision("labels", 3, "AUC", 0.68123, 0.68124, 0)), real(Revision("labels", 900, "AUC", 0.681, 0.683, 0))
    (False, True)
    """
    return written(found.before) != written(found.now)


def joined(earlier: Revision, later: Revision) -> Revision:
    """Two in a row as one, so that labels that trickle in make one line: from the first figure to the last."""
    return replace(later, late=earlier.late + later.late, before=earlier.before)


def follows(earlier: Revision, later: Revision) -> bool:
    """True when the later goes on where the earlier ended."""
    return (earlier.what, earlier.figure, earlier.end_us) == (later.what, later.figure, later.end_us)


def in_words(found: Revision, level: str) -> str:
    """The line in the history; `level` says what became of that.

    >>> in_words(Revision("labels", 4118, "AUC", 0.681, 0.683, 0), "level unchanged")
    'Evaluated again: 4,118 late labels; AUC 0.681 -> 0.683, level unchanged'
    """
    noun = found.what if found.late != 1 else found.what[:-1]
    came = f"{found.late:,} late {noun}" if found.late > 0 else f"corrected {found.what}"
    return f"Evaluated again: {came}; {found.figure} {written(found.before)} -> {written(found.now)}, {level}"


def to_json(found: Revision) -> str:
    """The stored form."""
    return json.dumps(asdict(found))


def from_json(text: str) -> Revision:
    """The way back."""
    return Revision(**json.loads(text))
