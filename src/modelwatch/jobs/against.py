"""What each window of a series is compared with: the counts that stand, or those of its past."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection

from modelwatch.core.reference import Fixed, Past, Seasonal, enough
from modelwatch.core.window import DAY_US
from modelwatch.core.wire import Role
from modelwatch.jobs.past import Found, past_references
from modelwatch.jobs.windows import cells_at_once
from modelwatch.jobs.yardstick import Yardstick, yardstick
from modelwatch.profiles import Binning, Profile, empty
from modelwatch.store import models
from modelwatch.store.profiles import Series


@dataclass(frozen=True, slots=True)
class Against:
    """What a window is compared with: the row of `refs` that says what it is, its counts, and how its rows depend."""

    reference_id: int
    profile: Profile
    yardstick: Yardstick


@dataclass(frozen=True, slots=True)
class Judging:
    """How the windows of a series are held against its past; `rule_id` is the row of `refs` that names the rule."""

    rule: Past
    rule_id: int
    length: int
    binning: Binning
    binning_of: Callable[[str], Binning]


def past_against(
    connection: Connection, series: Series, judging: Judging, standing: Against, ends: Sequence[int]
) -> Iterator[Against]:
    """What each of the windows at `ends` is compared with, by a rule.

    A version whose own past is too short takes that of all versions in its environment: a deployment changes no
    season. Of a moving or seasonal reference these are the inputs only, for another version may well predict
    otherwise. Where that is too short as well, the standing reference is used; but a season is waited for: night
    against a whole day would be drift every night.
    """
    rule, given = judging.rule, (judging.length, judging.binning, judging.binning_of)
    nothing = Against(judging.rule_id, empty(judging.binning), standing.yardstick)
    without = nothing if isinstance(rule, Seasonal) else standing
    everyone = [Series(each, series.segment) for each in models.versions_beside(connection, series.deployment_id)]
    sticks: dict[tuple[int, bool], Yardstick] = {}
    for batch in batches(ends, cells_at_once(judging.binning)):
        own = list(past_references(connection, [series], rule, batch, *given))
        short = [
            end for end, found in zip(batch, own, strict=True) if not enough(rule, found.parts, found.profile.rows)
        ]
        shared: dict[int, Found] = {}
        if len(everyone) > 1:
            shared = dict(zip(short, past_references(connection, everyone, rule, short, *given), strict=True))
        for end, mine in zip(batch, own, strict=True):
            found = shared.get(end, mine)
            if not enough(rule, found.parts, found.profile.rows):
                yield without
                continue
            key = (end // DAY_US, end in shared)
            if key not in sticks:
                sources = everyone if end in shared else [series]
                sticks[key] = yardstick(connection, sources, rule, end, *given)
            inherited = end in shared and not isinstance(rule, Fixed)
            profile = inputs_of(found.profile, judging.binning) if inherited else found.profile
            yield Against(judging.rule_id, profile, sticks[key])


def batches(ends: Sequence[int], most: int) -> Iterator[list[int]]:
    """Ends in groups of at most `most`."""
    rest = iter(ends)
    while batch := list(itertools.islice(rest, most)):
        yield batch


def inputs_of(profile: Profile, binning: Binning) -> Profile:
    """A profile without the counts of predictions, which then are not judged."""
    fed = np.array([column.key.role is Role.FEATURE for column in binning.columns], np.bool_)
    return dataclasses.replace(profile, counts=np.where(fed[:, None], profile.counts, 0.0))
