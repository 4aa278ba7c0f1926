"""Concept drift of one model: a state, labels that come, and what is found; pure.

Labels are consumed in blocks of 32; what is left over waits in the state, so that it does not matter how the stream is
cut into calls. A drift is found at the end of a block where, from `MINIMUM` labels on,

- ADWIN has spoken in the last `HORIZON` labels, or DDM and Page-Hinkley both have (DDM knows only rises), and
- the best split of our own window of the labels is at least `CERTAIN` standard errors wide.

Then all begin anew, from the next label on. The reasons and what that is worth: docs/explanation/concept-drift.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from modelwatch.core.level import Level
from modelwatch.errors import InvalidRequest
from modelwatch.monitors.concept import floors as sizes
from modelwatch.monitors.concept import rhythm
from modelwatch.monitors.concept.detectors import (
    ADWIN_NAME,
    DDM_NAME,
    MINIMUM,
    NAMES,
    AtRest,
    new,
)
from modelwatch.monitors.concept.floors import Floors
from modelwatch.monitors.concept.found import Found
from modelwatch.monitors.concept.history import BLOCK, Block, add
from modelwatch.monitors.concept.ranks import BASELINE, LARGE, ranks
from modelwatch.monitors.concept.rest import at_rest, at_work
from modelwatch.monitors.concept.rhythm import Scale
from modelwatch.monitors.concept.split import Split, best
from modelwatch.monitors.concept.words import told

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]

HORIZON: Final = 10_000
"""Labels for which an alarm of a detector counts."""
CERTAIN: Final = 4.25
"""Standard errors between two stretches from which on they differ for certain."""
COLD: Final = 1_500
"""Labels of the first concept before a change can be found."""
REMEMBERED: Final = 20
"""Findings that a state keeps."""
MISTAKES: Final = frozenset({"binary", "multiclass"})
"""Tasks whose errors are 0 and 1."""
TASKS: Final = MISTAKES | {"regression"}


@dataclass(frozen=True, slots=True)
class State:
    """What a model's detectors know after `labels` labels, of which those from number `first` on are of one concept.

    `pending` labels wait for their block to be full: their errors, event times and log positions. `baseline` are the
    sorted errors that ranks are taken in (regression only; empty until there are 512). `alarms` are the labels of the
    last alarm of each detector, in the order of `NAMES`, 0 for none. `rhythm` is how much stretches of every length
    vary by themselves, from the first label on. `findings` are the latest, the newest last.
    """

    task: str
    labels: int = 0
    first: int = 1
    pending: tuple[tuple[float, int, int], ...] = ()
    baseline: tuple[float, ...] = ()
    detectors: AtRest = field(default_factory=AtRest)
    alarms: tuple[int, ...] = (0, 0, 0)
    blocks: tuple[Block, ...] = ()
    rhythm: tuple[Scale, ...] = ()
    findings: tuple[Found, ...] = ()

    @property
    def learning(self) -> bool:
        """True while there are too few labels of this concept to find that it changed."""
        return self.labels - self.first + 1 < least(self.first)

    @property
    def since(self) -> Found | None:
        """The latest drift: where the present concept began."""
        return self.findings[-1] if self.findings else None

    @property
    def mean(self) -> float:
        """The mean error since the present concept was taken up; nan before its first label."""
        labels = sum(block.labels for block in self.blocks) + len(self.pending)
        total = sum(block.errors for block in self.blocks) + sum(error for error, _, _ in self.pending)
        return total / labels if labels else float("nan")


def begin(task: str) -> State:
    """The state of a model of this task before its first label.

    Raises `InvalidRequest` for a task whose errors are neither right or wrong nor a distance.
    """
    if task not in TASKS:
        raise InvalidRequest(
            f"concept drift is not watched for task {task!r}", hint=f"one of {', '.join(sorted(TASKS))}"
        )
    return State(task)


def advance(
    state: State, errors: Floats, at_us: Longs, order: Longs, floors: Floors = sizes.DEFAULT
) -> tuple[State, tuple[Found, ...]]:
    """The state after n more labels, and the drifts that they show.

    `errors` [n] are 0 for right and 1 for wrong, or absolute errors of a regression, in the order of the log; `at_us`
    [n] are event times of the predictions in microseconds, `order` [n] log positions. Raises `InvalidRequest` for
    errors that can't be: the state then stays as it was.
    """
    errors = checked(state.task, errors, at_us, order)
    if not len(errors):
        return state, ()
    fresh = zip(errors.tolist(), np.asarray(at_us).tolist(), np.asarray(order).tolist(), strict=True)
    waiting = [*state.pending, *fresh]
    if len(waiting) < wanted(state.task, state.baseline):
        return replace(state, labels=state.labels + len(errors), pending=tuple(waiting)), ()
    work = Work(state, floors)
    taken = 0
    while len(waiting) - taken >= (more := wanted(state.task, work.baseline)):
        work.take(waiting[taken : taken + more])
        taken += more
    return work.rest(tuple(waiting[taken:])), tuple(work.found)


def least(first: int) -> int:
    """The labels of a concept before it is judged, by the number of its first one: at the very beginning more, since
    nothing is known of waves yet."""
    return COLD if first == 1 else MINIMUM


def wanted(task: str, baseline: Sequence[float] | Floats) -> int:
    """Labels that are consumed at once: a block, or all of a baseline that there is not yet."""
    return BLOCK if task in MISTAKES or len(baseline) else BASELINE


def checked(task: str, errors: Floats, at_us: Longs, order: Longs) -> Floats:
    """The errors as float64; raises `InvalidRequest` where one can't be."""
    errors = np.asarray(errors, dtype=np.float64)
    if errors.ndim != 1 or errors.shape != np.shape(at_us) or errors.shape != np.shape(order):
        raise InvalidRequest("errors, event times and log positions must be of one length")
    if not np.isfinite(errors).all():
        where = int(np.flatnonzero(~np.isfinite(errors))[0])
        hint = "leave out labels whose prediction or truth is missing"
        raise InvalidRequest(f"error {where} is {errors[where]}, not a number that can be judged", hint=hint)
    if task in MISTAKES and not np.isin(errors, (0.0, 1.0)).all():
        raise InvalidRequest("errors of a classification are 0 for right and 1 for wrong")
    if (errors < 0).any():
        raise InvalidRequest("absolute errors are not negative")
    return errors


def recurrences(findings: Sequence[Found], before: float, after: float) -> int:
    """How many of the findings had moved the mean error the same way, and as far as to halfway between these two."""
    rise, halfway = after > before, (before + after) / 2
    return sum((each.after > each.before) == rise and (each.after > halfway) == rise for each in findings)


class Work:
    """A state taken apart while labels are consumed."""

    def __init__(self, state: State, floors: Floors) -> None:
        self.state = state
        self.floors = floors
        self.mistakes = state.task in MISTAKES
        self.labels = state.labels - len(state.pending)
        self.first = state.first
        self.baseline = np.array(state.baseline)
        self.detectors = at_work(state.detectors, self.mistakes)
        self.alarms = dict(zip(NAMES, state.alarms, strict=True))
        self.blocks = list(state.blocks)
        self.rhythm = list(state.rhythm)
        self.found: list[Found] = []

    def take(self, labels: Sequence[tuple[float, int, int]]) -> None:
        """Consume as many labels as wanted."""
        if len(labels) > BLOCK:
            self.baseline = np.sort(np.array([error for error, _, _ in labels]))
        for start in range(0, len(labels), BLOCK):
            self.block(labels[start : start + BLOCK])

    def block(self, labels: Sequence[tuple[float, int, int]]) -> None:
        """Feed a block to the detectors and decide."""
        errors, at_us, order = zip(*labels, strict=True)
        if self.mistakes:
            fed = errors
            marks = [error > 0 for error in errors]
        else:
            fed = ranks(self.baseline, np.array(errors)).tolist()
            marks = [value > LARGE for value in fed]
        for name, position in self.detectors.feed(fed, marks).items():
            self.alarms[name] = self.labels + position + 1
        squares = sum(value * value for value in fed)
        middle = sorted(at_us)[BLOCK // 2]
        add(self.blocks, Block(BLOCK, self.labels + 1, order[0], middle, sum(fed), squares, sum(errors)))
        self.labels += BLOCK
        agreed = self.agreed()
        rhythm.add(self.rhythm, sum(fed), squares, self.mistakes)
        split = best(self.blocks, self.mistakes, self.rhythm) if agreed else None
        if split and split.certainty >= CERTAIN and (split.after > split.before or ADWIN_NAME in agreed):
            self.found.append(self.drift(split, agreed, order[-1], at_us[-1]))
            self.anew()

    def agreed(self) -> tuple[str, ...]:
        """The detectors whose alarms count now, where they are enough."""
        if self.labels - self.first + 1 < least(self.first):
            return ()
        live = [name for name in NAMES if self.alarms[name] and self.labels - self.alarms[name] < HORIZON]
        enough = ADWIN_NAME in live or len(live) > 1
        return tuple(sorted(live, key=self.alarms.__getitem__)) if enough else ()

    def drift(self, split: Split, agreed: tuple[str, ...], order: int, at_us: int) -> Found:
        """What is found, from the two stretches."""
        old, new = self.blocks[: split.at], self.blocks[split.at :]
        n0, n1 = (sum(block.labels for block in part) for part in (old, new))
        before, after = sum(block.errors for block in old) / n0, sum(block.errors for block in new) / n1
        pairs = 0.5 + (split.after - split.before) / (2 if self.mistakes else 1)
        if split.after <= split.before:
            level = Level.NOTICE
            agreed = tuple(name for name in agreed if name != DDM_NAME)
        else:
            level = self.floors.of_mistakes(before, after) if self.mistakes else self.floors.of_pairs(pairs)
        found = Found(
            level,
            self.labels,
            order,
            at_us,
            new[0].first,
            new[0].order,
            new[0].at_us,
            agreed,
            tuple(self.alarms[name] for name in agreed),
            before,
            after,
            n0,
            n1,
            min(max(pairs, 0.0), 1.0),
            split.certainty,
            split.design_effect,
            recurrences((*self.state.findings, *self.found), before, after),
            "",
        )
        return told(found, self.mistakes)

    def anew(self) -> None:
        """Begin with the next label: what comes now is the concept that a later change is held against."""
        self.first = self.labels + 1
        self.baseline = np.zeros(0)
        self.detectors = new(self.mistakes)
        self.alarms = dict.fromkeys(NAMES, 0)
        self.blocks = []

    def rest(self, pending: tuple[tuple[float, int, int], ...]) -> State:
        """The state again, with the labels that were too few for a block."""
        return State(
            self.state.task,
            self.labels + len(pending),
            self.first,
            pending,
            tuple(self.baseline.tolist()),
            at_rest(self.detectors),
            tuple(self.alarms.values()),
            tuple(self.blocks),
            tuple(self.rhythm),
            (*self.state.findings, *self.found)[-REMEMBERED:],
        )
