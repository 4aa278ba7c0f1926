"""The windows of outcomes that an answer is drawn from: at most about 500, however long the range is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import Connection

from modelwatch.core import reference
from modelwatch.core.figure import Subject as About
from modelwatch.core.level import CODE, Level
from modelwatch.core.window import DAY_US
from modelwatch.errors import InvalidRequest
from modelwatch.profiles.outcomes import EMPTY, Outcomes
from modelwatch.server.queries.subject import Subject
from modelwatch.server.queries.windows import BADNESS, MAX_TIMES, RANGE_US, stretches
from modelwatch.store import references
from modelwatch.store.baselines import read_baseline
from modelwatch.store.labels import ANEW, load_joined
from modelwatch.store.outcome_checks import Looked, OutcomeCheck, list_outcome_checks, outcome_checks_at
from modelwatch.store.outcomes import window_outcomes

MOST_WINDOWS: Final = 120_000
"""Windows of a range: a year of the shortest ones. They are counted without their figures."""
NO_LABELS: Final = "no labels yet: POST /api/v1/actuals takes what came true"
NOT_COUNTED: Final = "nothing has been counted yet; that begins when a reference stands"


@dataclass(frozen=True, slots=True)
class OutcomeWindow:
    """One window and how far its labels are; times are event times.

    `coverage` is the share of its predictions that are labelled, `expected` what it should be by now and `final` what
    it will come to, None while that is not known. `mature_at` is when it is looked at again while it is not `mature`,
    and `reason` says why it is not.
    """

    start: int
    end: int
    level: Level
    seen: float
    labelled: float
    coverage: float
    expected: float | None
    final: float | None
    mature: bool
    mature_at: int | None
    reason: str


State = Literal["off", "building", "waiting", "no_labels", "immature", "ready"]


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether there is something to show, and why not."""

    state: State
    reason: str


def load_outcome_windows(
    connection: Connection,
    subject: Subject,
    start_us: int | None,
    end_us: int | None,
    about: Collection[About],
    most: int = MAX_TIMES,
) -> list[OutcomeCheck]:
    """The windows that end in a range, the last 30 days before the model's own now unless told, in order of time.

    Of each stretch of a long range the window with the worst level is kept; the newest and the newest one that is
    mature always are. Where windows of two lengths end at the same time, the length of the newest counts.
    """
    end = end_us if end_us is not None else subject.now_us + DAY_US
    start = start_us if start_us is not None else (end_us or subject.now_us) - RANGE_US
    known = list_outcome_checks(connection, subject.deployment.id, start, end)
    if len(known) > MOST_WINDOWS:
        raise InvalidRequest(f"the range holds {len(known):,} windows", hint=f"ask for at most {MOST_WINDOWS:,}")
    chosen = thinned(one_length(known), most)
    return outcome_checks_at(connection, subject.deployment.id, [(row.end_us, row.length_us) for row in chosen], about)


def one_length(known: Sequence[Looked]) -> list[Looked]:
    """One window for each end."""
    by_end: dict[int, Looked] = {}
    for row in known:
        if row.end_us not in by_end or row.length_us == known[-1].length_us:
            by_end[row.end_us] = row
    return list(by_end.values())


def thinned(rows: Sequence[Looked], most: int) -> list[Looked]:
    """The worst window of each of at most `most` stretches, the newest of equally bad ones."""
    if not rows:
        return []
    starts = stretches(len(rows), most)
    kept = {
        min(range(first, last), key=lambda i: (int(BADNESS[CODE[rows[i].level]]), -i))
        for first, last in zip(starts, [*starts[1:], len(rows)], strict=True)
    }
    kept |= {len(rows) - 1, *[i for i, row in enumerate(rows) if row.mature][-1:]}
    return [rows[i] for i in sorted(kept)]


def shown_window(row: OutcomeCheck) -> OutcomeWindow:
    """A window as people see it."""
    said = row.labels
    return OutcomeWindow(
        row.end_us - row.length_us,
        row.end_us,
        row.level,
        row.seen,
        row.labelled,
        float(said.get("coverage") or 0.0),
        said.get("expected"),
        said.get("final"),
        row.mature,
        None if row.mature else row.due_us,
        str(said.get("reason") or ""),
    )


def newest_mature(rows: Sequence[OutcomeCheck]) -> int | None:
    """The place of the newest window whose labels have come."""
    return next((i for i in reversed(range(len(rows))) if rows[i].mature), None)


def standing_of(connection: Connection, subject: Subject, rows: Sequence[OutcomeCheck]) -> Standing:
    """Whether there is something to show, and why not."""
    if newest_mature(rows) is not None:
        return Standing("ready", "")
    joined = load_joined(connection, subject.model.id)
    if not joined.rules:
        if joined.judging == ANEW:
            return Standing("building", "the outcomes are being counted by other rules; that takes a while")
        return Standing("off", NOT_COUNTED)
    if any(row.labelled for row in rows):
        return Standing("immature", str(rows[-1].labels.get("reason") or "the labels of no window have come yet"))
    if joined.matched:
        return Standing("waiting", "no window of this range has labels")
    return Standing("no_labels" if rows else "waiting", NO_LABELS)


def outcomes_at(connection: Connection, subject: Subject, check: OutcomeCheck) -> Outcomes:
    """What was counted in a window."""
    found = window_outcomes(connection, subject.deployment.id, check.length_us, [check.end_us])
    return next((outcomes for _, outcomes in found), EMPTY)


def baseline_of(connection: Connection, subject: Subject, check: OutcomeCheck) -> Outcomes:
    """What a window was held against; nothing where that is gone."""
    model, row = subject.model, subject.deployment
    rule = reference.from_json(model.settings.get("reference"))
    kind = rule.kind if isinstance(rule, reference.Standing) else None
    standing = references.find_reference(connection, model.id, row.environment, row.version, kind)
    return read_baseline(connection, row.id, 0 if standing is None else standing.id, check.baseline)
