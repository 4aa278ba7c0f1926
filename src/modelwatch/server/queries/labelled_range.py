"""Which stretch of time a question about labelled rows is about, and by which rules its rows are judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from modelwatch.core.judging import Judging
from modelwatch.core.window import BUCKET_US, DAY_US, bucket_start
from modelwatch.errors import InvalidRequest
from modelwatch.server.queries.labelled_rows import MOST_SCANNED, check_size, scanned
from modelwatch.server.queries.outcome_windows import NO_LABELS, NOT_COUNTED
from modelwatch.server.queries.subject import Subject
from modelwatch.store.labels import Joined, load_joined
from modelwatch.store.outcome_checks import newest_outcome_check

RANKED: Final = "rows of a ranking have no loss of their own: their groups have, see performance"
SHORTER: Final = (90, 60, 42, 28, 21, 14, 7, 3, 1)
"""Days that a range may have, until one has few enough predictions."""


@dataclass(frozen=True, slots=True)
class Range:
    """`[start, end)` of event time; `reason` says why there is nothing to look at, '' when there is.

    `judging` are the rules, `newest` changes with every label that is joined.
    """

    start: int
    end: int
    judging: Judging
    newest: tuple[int, int, int, str]
    reason: str

    @property
    def days(self) -> float:
        """How long it is."""
        return (self.end - self.start) / DAY_US


def labelled_range(
    connection: Connection, subject: Subject, start_us: int | None, end_us: int | None, most_days: int
) -> Range:
    """The range that is asked for; else that long, up to the end of the newest window whose labels have come.

    It is shorter where so long a range has too many predictions, and begins with the version. Raises `TooLarge` when
    one that begins where it was asked for has too many, and `InvalidRequest` when it ends before it begins.
    """
    joined = load_joined(connection, subject.model.id)
    end = end_us if end_us is not None else newest_end(connection, subject)
    if start_us is not None:
        start = start_us
    else:
        start = end - longest(connection, subject, end, most_days) * DAY_US
        start = max(start, min(subject.deployment.first_event_us or start, end - 1))
    if start >= end:
        raise InvalidRequest("the range ends before it begins", hint="start_time is the earlier one")
    reason = RANKED if subject.model.task == "ranking" else missing(joined)
    if start_us is not None:
        check_size(connection, subject, start, end)
    elif not reason and scanned(connection, subject, start, end) > MOST_SCANNED:
        reason = f"more than {MOST_SCANNED:,} predictions a day are too many to look through; ask for some hours"
    judging = Judging.from_json(joined.rules) if joined.rules else Judging(subject.model.task)
    return Range(start, end, judging, newest_of(joined), reason)


def newest_end(connection: Connection, subject: Subject) -> int:
    """Where the newest window ends whose labels have come; the bucket of the model's own now when there is none."""
    found = newest_outcome_check(connection, subject.deployment.id, mature=True)
    return bucket_start(subject.now_us) + BUCKET_US if found is None else found.end_us


def longest(connection: Connection, subject: Subject, end: int, most: int) -> int:
    """The most days up to an end that have few enough predictions to be looked through."""
    for days in (each for each in SHORTER if each <= most):
        if scanned(connection, subject, end - days * DAY_US, end) <= MOST_SCANNED:
            return days
    return 1


def newest_of(joined: Joined) -> tuple[int, int, int, str]:
    """What changes whenever a label is joined, or rules change."""
    return joined.position, joined.matched, joined.corrected, joined.judging


def missing(joined: Joined) -> str:
    """Why there are no labelled rows, '' when there are some."""
    if not joined.rules:
        return NOT_COUNTED
    return "" if joined.matched else NO_LABELS
