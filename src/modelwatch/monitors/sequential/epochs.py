"""The sequential test of a critical model: it may look after every batch and still keeps its budget of false alarms.

A change may come late, and what a gambler lost before it would hide it. So new gamblers begin all the time (Shin,
Ramdas and Rinaldo, E-detectors, New England J. Statistics in Data Science 2, 2023): an **epoch** is the rows from one
beginning on, and of the epochs about one per doubling of age is kept. Each epoch that begins takes its part of the
budget, as large as the time since the one before it: its evidence must pass columns / part. By Ville's inequality and
the union bound the false alarms of all epochs, columns, causes and looks together are at most `budget` per day.

A column is raised when an epoch is certain **and** its change is large. It can be raised again only when it got worse,
or when the change was over: then only epochs that begin later count.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from modelwatch.core.level import CODE, ORDER, Level
from modelwatch.core.window import DAY_US, HOUR_US
from modelwatch.monitors.sequential.cells import CAUSES, CELLS
from modelwatch.monitors.sequential.effects import Codes, Floors, net_psi, rises, size_levels
from modelwatch.monitors.sequential.evidence import log_allowances, log_evidence
from modelwatch.monitors.sequential.expectation import Expectation, Floats

BUDGET: Final = 1 / 1000
"""False alarms per model-day, all columns counted."""
SPACING: Final = 64.0
"""Rows after which another epoch begins: a change has at most so many rows of before in the epoch next to it."""
OLDEST: Final = 131_072.0
"""Rows after which an epoch ends; the floors of size are decided by far fewer."""
OK: Final = CODE[Level.OK]


@dataclass(frozen=True, slots=True)
class Alarms:
    """The test's settings: false alarms a day, what is large, rows between beginnings, rows of the oldest epoch."""

    budget: float = BUDGET
    floors: Floors = field(default_factory=Floors)
    spacing: float = SPACING
    oldest: float = OLDEST


DEFAULT: Final = Alarms()


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """K epochs, the oldest first, of F columns; arrival times in microseconds, rows counted since the state began.

    `starts` [K] and `starts_us` [K] say where each epoch began, `parts_of_budget` [K] what it may spend, `counts`
    [K, F, CELLS] the effective rows from its beginning to that of the next one. `level` [F] are codes of what is raised
    now; epochs that began before row `barred` [F] raise the column no more. `evidence` and `asked` [F] are natural
    logarithms, of the epoch and cause that come nearest to an alarm; it began at `since_us` [F], with `seen` [F] rows.
    """

    key: str
    reason: str
    began_us: int
    rows: float
    starts: Floats
    starts_us: NDArray[np.int64]
    parts_of_budget: Floats
    counts: Floats
    level: Codes
    barred: Floats
    evidence: Floats
    asked: Floats
    since_us: NDArray[np.int64]
    seen: Floats


@dataclass(frozen=True, slots=True)
class Crossing:
    """Column `column` (its row in the arrays) became certain and large after `rows` rows of an epoch.

    `cause` is one of `CAUSES`, `psi` is that of the usable values less its mean under no drift, `before` and `now` are
    shares of rows where the cause is a rate (else nan), `evidence` and `asked` natural logarithms. The epoch began
    before row `start` of the state, which saw `end` rows in all.
    """

    column: int
    level: Level
    cause: str
    psi: float
    before: float
    now: float
    evidence: float
    asked: float
    rows: float
    start: float
    end: float


def begin(expected: Expectation, key: str, reason: str, now_us: int, alarms: Alarms = DEFAULT) -> State:
    """A state that has seen nothing; its first epoch may spend an hour's budget."""
    width = len(expected)
    return State(
        key,
        reason,
        now_us,
        0.0,
        np.zeros(1),
        np.array([now_us], dtype=np.int64),
        np.array([alarms.budget * HOUR_US / DAY_US]),
        np.zeros((1, width, CELLS)),
        np.full(width, OK, dtype=np.uint8),
        np.zeros(width),
        np.full(width, -np.inf),
        np.full(width, np.inf),
        np.full(width, now_us, dtype=np.int64),
        np.zeros(width),
    )


def step(
    state: State, expected: Expectation, fresh: Floats, rows: float, now_us: int, alarms: Alarms = DEFAULT
) -> tuple[State, list[Crossing]]:
    """The state after `rows` more rows, and the columns that are raised by them.

    `fresh` [F, CELLS] are their effective rows (`Expectation.cells`), `now_us` is when the last of them arrived.
    """
    counts = state.counts.copy()
    counts[-1] += fresh
    state = replace(state, counts=counts, rows=state.rows + rows)
    state, crossings = look(state, expected, alarms.floors)
    return another_epoch(state, now_us, alarms), crossings


def sums(state: State) -> Floats:
    """Effective rows [K, F, CELLS] of each epoch."""
    answer: Floats = np.cumsum(state.counts[::-1], axis=0)[::-1]
    return answer


def look(state: State, expected: Expectation, floors: Floors) -> tuple[State, list[Crossing]]:
    """What the epochs say now."""
    counts = sums(state)
    evidence = log_evidence(expected, counts)
    share = math.log(max(int(expected.judged.sum()), 1)) - np.log(state.parts_of_budget)
    asked = share[:, None, None] - log_allowances(expected)
    counted = expected.judged & (state.starts[:, None] >= state.barred)
    margin = np.where(counted[:, :, None], evidence - asked, -np.inf)
    levels = np.full(margin.shape, OK, dtype=np.uint8)
    columns = np.flatnonzero((margin >= 0).any(axis=(0, 2)))
    if len(columns):
        levels[:, columns] = size_levels(only(expected, columns), counts[:, columns], floors)
        levels[margin < 0] = OK
    nearest = margin.transpose(1, 0, 2).reshape(len(expected), -1).argmax(axis=1)
    epoch, cause = np.divmod(nearest, len(CAUSES))
    row = np.arange(len(expected))
    worst = levels.min(axis=(0, 2), initial=OK)
    crossings = [
        crossing(state, expected, counts, evidence, asked, levels, margin, int(f))
        for f in np.flatnonzero(worst < state.level)
    ]
    over = (state.level < OK) & (worst == OK)
    return replace(
        state,
        level=worst,
        barred=np.where(over, state.rows, state.barred),
        evidence=evidence[epoch, row, cause],
        asked=asked[epoch, row, cause],
        since_us=state.starts_us[epoch],
        seen=state.rows - state.starts[epoch],
    ), crossings


def only(expected: Expectation, columns: NDArray[np.intp]) -> Expectation:
    """The expectation of some columns."""
    return Expectation(
        expected.numeric[columns],
        expected.cell[columns],
        expected.urn[columns],
        expected.value[columns],
        expected.moved[:, columns],
        expected.judged[columns],
        expected.design[columns],
    )


def crossing(
    state: State,
    expected: Expectation,
    counts: Floats,
    evidence: Floats,
    asked: Floats,
    levels: Codes,
    margin: Floats,
    f: int,
) -> Crossing:
    """Why column `f` is raised: of the epochs and causes at its worst level the one with the most evidence."""
    worst = levels[:, f] == levels[:, f].min()
    k, c = np.unravel_index(int(np.where(worst, margin[:, f], -np.inf).argmax()), worst.shape)
    one, held = only(expected, np.array([f])), counts[k, f : f + 1]
    now, before = rises(one, held)
    rate = c - 1
    return Crossing(
        f,
        ORDER[levels[k, f, c]],
        CAUSES[c],
        float(net_psi(one, held)[0]),
        float(before[0, rate]) if rate >= 0 else math.nan,
        float(now[0, rate]) if rate >= 0 else math.nan,
        float(evidence[k, f, c]),
        float(asked[k, f, c]),
        state.rows - float(state.starts[k]),
        float(state.starts[k]),
        state.rows,
    )


def another_epoch(state: State, now_us: int, alarms: Alarms) -> State:
    """The state with an epoch that begins now, when the newest one has rows enough and time has passed."""
    passed = min(now_us - int(state.starts_us[-1]), DAY_US)
    if state.rows - state.starts[-1] < alarms.spacing or passed <= 0:
        return state
    begun = replace(
        state,
        starts=np.append(state.starts, state.rows),
        starts_us=np.append(state.starts_us, np.int64(now_us)),
        parts_of_budget=np.append(state.parts_of_budget, alarms.budget * passed / DAY_US),
        counts=np.concatenate((state.counts, np.zeros_like(state.counts[:1]))),
    )
    return thinned(begun, alarms.oldest)


def thinned(state: State, oldest: float) -> State:
    """The state without epochs that are too old, or whose older and newer neighbour are within a factor 2 of age.

    The rows of an epoch that goes are rows of the older ones still.
    """
    age = (state.rows - state.starts).tolist()
    kept = [len(age) - 1]
    for k in range(len(age) - 2, -1, -1):
        older = age[k - 1] if k else math.inf
        if age[k] <= oldest and (older > 2 * age[kept[-1]] or len(kept) < 2):
            kept.append(k)
    kept.reverse()
    counts = np.zeros((len(kept), *state.counts.shape[1:]))
    for place, k in enumerate(kept):
        following = kept[place + 1] if place + 1 < len(kept) else len(age)
        counts[place] = state.counts[k:following].sum(axis=0)
    chosen = np.array(kept)
    return replace(
        state,
        starts=state.starts[chosen],
        starts_us=state.starts_us[chosen],
        parts_of_budget=state.parts_of_budget[chosen],
        counts=counts,
    )
