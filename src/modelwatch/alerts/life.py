"""The life of an alert: what a person may do with it in each state, and what follows; pure.

    pending -> firing <-> acknowledged, silenced -> resolved -> (reopened) firing

Windows make an alert pending, firing and resolved; people acknowledge, silence, resolve and reopen it. What a person
resolved stays so until a person reopens it: the same columns open nothing new until they were clear once or got worse.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final


class Status(StrEnum):
    """Where an alert is in its life."""

    PENDING = "pending"
    FIRING = "firing"
    ACKNOWLEDGED = "acknowledged"
    SILENCED = "silenced"
    RESOLVED = "resolved"


class Verb(StrEnum):
    """What a person does with an alert."""

    ACKNOWLEDGE = "acknowledge"
    UNACKNOWLEDGE = "unacknowledge"
    SILENCE = "silence"
    UNSILENCE = "unsilence"
    RESOLVE = "resolve"
    REOPEN = "reopen"
    ASSIGN = "assign"
    COMMENT = "comment"


class Evaluation(StrEnum):
    """Whether the newest window under an alert could be judged: if not, it neither goes on nor is over."""

    EVALUATED = "evaluated"
    NO_DATA = "no_data"
    INSUFFICIENT_DATA = "insufficient_data"
    ERROR = "error"


NO_DATA: Final = "no_data"
CHECK_FAILED: Final = "check_failed"
CONDITIONS: Final = frozenset({NO_DATA, CHECK_FAILED})
"""The kinds of alerts that say why others cannot be judged."""
ON: Final = frozenset({Status.FIRING, Status.ACKNOWLEDGED, Status.SILENCED})
"""The states of an alert that goes on and is one."""
WHEN: Final[Mapping[Verb, frozenset[Status]]] = {
    Verb.ACKNOWLEDGE: ON,
    Verb.UNACKNOWLEDGE: frozenset({Status.ACKNOWLEDGED}),
    Verb.SILENCE: ON,
    Verb.UNSILENCE: frozenset({Status.SILENCED}),
    Verb.RESOLVE: ON,
    Verb.REOPEN: frozenset({Status.RESOLVED}),
    Verb.ASSIGN: ON,
    Verb.COMMENT: ON | {Status.RESOLVED},
}
TOLD: Final = frozenset({Verb.ACKNOWLEDGE, Verb.UNACKNOWLEDGE, Verb.UNSILENCE, Verb.RESOLVE, Verb.REOPEN})
"""What others may be told of: a thread learns that somebody has seen it, a pager that it is over."""
PAST: Final[Mapping[Verb, str]] = {
    Verb.ACKNOWLEDGE: "acknowledged",
    Verb.UNACKNOWLEDGE: "unacknowledged",
    Verb.SILENCE: "silenced",
    Verb.UNSILENCE: "unsilenced",
    Verb.RESOLVE: "resolved",
    Verb.REOPEN: "reopened",
    Verb.ASSIGN: "assigned",
    Verb.COMMENT: "comment",
}
"""The kind of the line that a verb leaves in the history."""


@dataclass(frozen=True, slots=True)
class State:
    """An alert's status, which one follows a silence, and whether a person ended it."""

    status: Status
    after_silence: Status = Status.FIRING
    by_hand: bool = False


def allowed(state: State, verb: Verb) -> bool:
    """True when a person may do that now. What the windows ended opens again by windows alone.

    >>> allowed(State(Status.RESOLVED, by_hand=True), Verb.REOPEN), allowed(State(Status.RESOLVED), Verb.REOPEN)
    (True, False)
    """
    return state.status in WHEN[verb] and (verb is not Verb.REOPEN or state.by_hand)


def verbs(state: State) -> tuple[Verb, ...]:
    """Everything that a person may do now."""
    return tuple(verb for verb in Verb if allowed(state, verb))


def after(state: State, verb: Verb) -> State:
    """The state that follows; `state` must allow the verb. A silenced alert that is acknowledged stays silenced.

    >>> after(State(Status.ACKNOWLEDGED), Verb.SILENCE)
    State(status=<Status.SILENCED: 'silenced'>, after_silence=<Status.ACKNOWLEDGED: 'acknowledged'>, by_hand=False)
    """
    match verb:
        case Verb.ACKNOWLEDGE if state.status is Status.SILENCED:
            return replace(state, after_silence=Status.ACKNOWLEDGED)
        case Verb.ACKNOWLEDGE:
            return State(Status.ACKNOWLEDGED)
        case Verb.UNACKNOWLEDGE | Verb.REOPEN:
            return State(Status.FIRING)
        case Verb.SILENCE if state.status is Status.SILENCED:
            return state
        case Verb.SILENCE:
            return State(Status.SILENCED, state.status)
        case Verb.UNSILENCE:
            return State(state.after_silence)
        case Verb.RESOLVE:
            return State(Status.RESOLVED, by_hand=True)
        case Verb.ASSIGN | Verb.COMMENT:
            return state
