"""Is any group treated otherwise than its reference group? Certain, and large; that it lasts is decided elsewhere.

Every figure of every group is tested against that of the reference group. All these tests, over attributes, their
intersections and metrics, are one family (Holm, Scandinavian J. Statistics 6, 1979): a **notice** breaks its rule and
is certain at 1 % of whole checks, a **warning** or **critical** finding breaks it and is certain within the model's
budget of false alerts. A difference that is certain and within the rule is `ok`. That a rule was already broken in the
reference excuses nothing: it is told beside.

Four fifths together with a test of significance is how the rule is meant to be read (Uniform guidelines on employee
selection procedures, 29 CFR 1607.4 D, 1978: smaller differences may count where they are significant, greater ones may
not where they rest on small numbers).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from modelwatch.core.level import ORDER, Level
from modelwatch.core.measure import Measure
from modelwatch.monitors.drift.thresholds import DEFAULT, Thresholds
from modelwatch.monitors.fairness.figures import figures, measures
from modelwatch.monitors.fairness.groups import Partition, partitions
from modelwatch.monitors.fairness.judge import CRITICAL, NOTICE, WARNING, Ints, Judged, judge
from modelwatch.monitors.fairness.metrics import Metric
from modelwatch.monitors.fairness.settings import FairnessSettings
from modelwatch.monitors.fairness.spread import Spread, spreads
from modelwatch.profiles.outcomes import Outcomes

BROKEN: Final = (NOTICE, WARNING, CRITICAL)


@dataclass(frozen=True, slots=True)
class Disparity:
    """One metric of one group against its reference group.

    `value` is group less `against` in units, or the smaller rate over the larger one, with its 95 % interval; `size` is
    what the rule is held against (of means: in standard deviations). `figure` names the rate or mean that decided,
    `group_value` and `against_value` are the two groups' own, over so many effective `rows` and `against_rows`.
    `p_value` is adjusted for all tests of the check. `before` is the value in the reference, NaN where it has none, and
    `stood` whether the rule was broken there for certain.
    """

    metric: Metric
    attribute: str
    group: str
    against: str
    figure: str
    value: float
    low: float
    high: float
    size: float
    group_value: float
    against_value: float
    rows: float
    against_rows: float
    p_value: float
    level: Level
    before: float
    stood: bool


@dataclass(frozen=True, slots=True)
class Fairness:
    """`measures` are the figures of each group, `spreads` those between all groups, `disparities` what is judged."""

    measures: tuple[Measure, ...]
    spreads: tuple[Spread, ...]
    disparities: tuple[Disparity, ...]


class Told(NamedTuple):
    """The figures as plain numbers: by figure, then by group."""

    names: tuple[str, ...]
    values: list[list[float]]
    rows: list[list[float]]


def check(
    outcomes: Outcomes,
    settings: FairnessSettings,
    *,
    positive: str = "",
    reference: Outcomes | None = None,
    thresholds: Thresholds = DEFAULT,
    effect: float = 1.0,
) -> Fairness:
    """What a window's outcomes say of every protected group, and where a rule is broken.

    `positive` names the class that binary scores are of, '' for a model of many classes; without it and a favourable
    label in the settings only accuracy is compared. `effect` is how many dependent rows tell what one independent row
    does. What cannot be judged is `insufficient_data`.
    """
    found = partitions(outcomes, settings, reference)
    groups = [key for each in found for key in each.groups]
    firsts = np.cumsum([0, *(len(each.groups) for each in found)]).tolist()
    favourable = settings.favourable or positive
    now = figures(outcomes, groups, favourable, positive, effect)
    pairs = pairs_of(found, firsts)
    before: dict[Metric, Judged] = {}
    if reference is not None:
        past = figures(reference, groups, favourable, positive, effect)
        before = {each.metric: each for each in judge(past, *pairs, settings, thresholds)}
    names = [part.label for part in found for _ in part.groups]
    told = Told(now.names, now.interval.value.tolist(), now.rows.tolist())
    return Fairness(
        tuple(measures(now, groups)),
        tuple(
            each
            for part, first in zip(found, firsts, strict=False)
            for each in spreads(part, now, first, settings.min_rows)
        ),
        tuple(
            each
            for judged in judge(now, *pairs, settings, thresholds)
            for each in disparities(told, judged, pairs, groups, names, before.get(judged.metric))
        ),
    )


def pairs_of(found: Sequence[Partition], firsts: Sequence[int]) -> tuple[Ints, Ints]:
    """The places of every group and of the group that it is held against; a partition without one has no pairs."""
    both = [
        (first + i, first + part.against)
        for part, first in zip(found, firsts, strict=False)
        for i in range(len(part.groups))
        if part.against >= 0 and i != part.against
    ]
    places = np.array(both, np.int64).reshape(-1, 2)
    return places[:, 0], places[:, 1]


def disparities(
    told: Told,
    judged: Judged,
    pairs: tuple[Ints, Ints],
    groups: Sequence[str],
    names: Sequence[str],
    before: Judged | None,
) -> Iterator[Disparity]:
    """One metric of every pair, told by the figure that decides it."""
    value, low, high = (each.tolist() for each in judged.found)
    size, p, levels, row = (each.tolist() for each in (judged.size, judged.p, judged.levels, judged.row))
    past = (
        ([], [], []) if before is None else (before.row.tolist(), before.found.value.tolist(), before.levels.tolist())
    )
    for i, (g, r) in enumerate(zip(pairs[0].tolist(), pairs[1].tolist(), strict=True)):
        f = row[i]
        yield Disparity(
            metric=judged.metric,
            attribute=names[g],
            group=groups[g],
            against=groups[r],
            figure=told.names[f],
            value=value[i],
            low=low[i],
            high=high[i],
            size=size[i],
            group_value=told.values[f][g],
            against_value=told.values[f][r],
            rows=told.rows[f][g],
            against_rows=told.rows[f][r],
            p_value=p[i],
            level=ORDER[levels[i]],
            before=past[1][i] if before is not None and past[0][i] == f else float("nan"),
            stood=before is not None and past[2][i] in BROKEN,
        )
