"""Days of a model that stays as good as it was: overlapping windows, persistence, and the alerts that come of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bench.trust.effort import Effort
from bench.trust.figure import Figure, at_least, at_most
from bench.trust.model_days import alert_days, raised_days
from bench.worth.draw import Draw, many_classes, numbers, ranked, two_classes
from modelwatch.core.level import CODE, Level
from modelwatch.core.window import DAY_US, HOUR_US, grid
from modelwatch.monitors.drift.thresholds import thresholds_for
from modelwatch.monitors.performance import HEADLINES, judged, measures, scatter
from modelwatch.profiles.outcomes import merge

SECTION: Final = "No change: model-days with any alert, windows overlapping on their grid, 2 of 3 disjoint windows"
CELLS: Final = 12


class Case(NamedTuple):
    """A model, how many rows (groups, when it ranks) a window and its baseline hold, and how long a window is.

    With `days` the baseline is so many windows, and how they vary is told. Without `goal` it shows what
    happens when that is not told.
    """

    name: str
    task: str
    draw: Draw
    rows: int
    baseline: int
    length: int = DAY_US
    share: float = 1.0
    days: int = 0
    goal: bool = True


CASES: Final = (
    Case("binary, AUC .75, 20 % positive", "binary", two_classes(0.75, 0.2), 2_000, 20_000),
    Case("binary, AUC .75, 20 % positive, small baseline", "binary", two_classes(0.75, 0.2), 2_000, 2_000),
    Case("binary, AUC .75, 20 % positive, few rows", "binary", two_classes(0.75, 0.2), 300, 20_000),
    Case("binary, AUC .90, 2 % positive", "binary", two_classes(0.9, 0.02), 2_000, 20_000),
    Case("binary, AUC .75, 20 % positive", "binary", two_classes(0.75, 0.2), 2_000, 20_000, HOUR_US, 0.02),
    Case("binary, AUC .75 ± .03 from day to day", "binary", two_classes(0.75, 0.2, 0.1335), 2_000, 120_000, days=60),
    Case("the same, not told so", "binary", two_classes(0.75, 0.2, 0.1335), 2_000, 120_000, goal=False),
    Case("five classes, 82 % right", "multiclass", many_classes(0.75), 2_000, 20_000),
    Case("numbers, errors of t with 4.5 degrees", "regression", numbers(1.0), 2_000, 20_000),
    Case("numbers, errors of t with 4.5 degrees, few rows", "regression", numbers(1.0), 300, 20_000),
    Case("ranking, 400 groups", "ranking", ranked(1.5), 400, 4_000),
)


def model_days(effort: Effort, random: np.random.Generator) -> Iterator[Figure]:
    """Each case over `effort.model_days` days of `effort.models` models, each with a baseline of its own."""
    for case in CASES:
        days = max(round(effort.model_days * case.share) // effort.models, 1)
        alone = alerting = 0
        for _ in range(effort.models):
            levels = look(case, random, days)
            alone += raised_days(levels, case.length)
            alerting += alert_days(levels, case.length)
        total = days * effort.models
        what = "groups" if case.task == "ranking" else "rows"
        name = f"{case.name}: windows of {'an hour' if case.length == HOUR_US else 'a day'}, {case.rows:,} {what}"
        name += f", baseline of {case.baseline:,}"
        note = f"days on which any single look was raised: {alone} of {total:,}"
        if case.goal:
            yield at_most(SECTION, name, alerting, total, 0.001, note)
        else:
            yield at_least(SECTION, name, alerting, total, None, note)


def look(case: Case, random: np.random.Generator, days: int) -> NDArray[np.uint8]:
    """The levels [ends, metrics] of every window that ends within so many days."""
    ends = days * DAY_US // grid(case.length)
    thresholds = thresholds_for({}, case.length)
    slots = max(case.days, case.baseline // case.rows) * CELLS
    reference = case.draw(random, slots, case.baseline // slots)
    before = measures(merge(reference), case.task, "yes")
    apart = [reference[at : at + CELLS] for at in range(0, slots, CELLS)] if case.days else []
    varies = scatter([measures(merge(each), case.task, "yes") for each in apart])
    cells = case.draw(random, ends + CELLS - 1, -(-case.rows // CELLS))
    answer = np.full((ends, len(HEADLINES[case.task])), CODE[Level.OK], dtype=np.uint8)
    for end in range(ends):
        now = measures(merge(cells[end : end + CELLS]), case.task, "yes")
        levels = [CODE[each.level] for each in judged(now, before, case.task, thresholds, varies=varies)]
        answer[end, : len(levels)] = levels
    return answer
