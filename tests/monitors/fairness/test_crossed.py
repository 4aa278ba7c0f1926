"""Intersections: every row in the group that its attributes say."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from modelwatch.core.column import ColumnKey
from modelwatch.core.group import group_of
from modelwatch.core.wire import Role
from modelwatch.monitors.fairness import Attribute, FairnessSettings, check, crossed, grouped
from tests.monitors.fairness.people import SEX, binary

RACE, AGE = ColumnKey(Role.FEATURE, "race"), ColumnKey(Role.FEATURE, "age")
WAYS = [(SEX, ["F", "M", None]), (RACE, ["A", "B", "C"]), (AGE, ["< 25", "≥ 25"])]


@given(st.integers(0, 10**6), st.integers(0, 80), st.integers(1, 20))
def test_rows_are_where_their_attributes_say(seed: int, n: int, most: int) -> None:
    random = np.random.default_rng(seed)
    codes = [random.integers(0, len(values), n) for _, values in WAYS]
    found = crossed([grouped(column, c, values) for (column, values), c in zip(WAYS, codes, strict=True)], most)
    assert len(found.cuts.keys) <= most
    held, left_out = {}, 0
    for i, code in enumerate(found.cuts.codes.tolist()):
        said = {column: values[c[i]] for (column, values), c in zip(WAYS, codes, strict=True)}
        if code < 0:
            left_out += None not in said.values()
        else:
            assert {part.column: part.value for part in group_of(found.cuts.keys[code]).parts} == said
            held[code] = held.get(code, 0) + 1
    assert found.left_out == left_out
    if found.groups_left_out:
        assert len(found.cuts.keys) == most


def test_the_largest_have_a_place_and_known_ones_keep_theirs() -> None:
    sex, race = np.repeat([0, 0, 1, 1], [5, 10, 20, 40]), np.repeat([0, 1, 0, 1], [5, 10, 20, 40])
    ways = [grouped(SEX, sex, ["F", "M"]), grouped(RACE, race, ["A", "B"])]
    first = crossed(ways, 2)
    assert [group_of(key).label for key in first.cuts.keys] == ["race=B and sex=M", "race=A and sex=M"]
    assert (first.left_out, first.groups_left_out) == (15, 2)
    every = crossed(ways, 10)
    again = crossed(ways, 3, known=every.cuts.keys[-1:])
    assert again.cuts.keys[0] == every.cuts.keys[-1]
    assert again.left_out == 10


def test_many_values_are_crossed_as_few_are() -> None:
    random = np.random.default_rng(0)
    codes = [random.integers(0, 400, 1_000) for _ in range(2)]
    names = [str(i) for i in range(400)]
    found = crossed([grouped(SEX, codes[0], names), grouped(RACE, codes[1], names)], 5_000)
    assert len(found.cuts.keys) == len(set(zip(*(c.tolist() for c in codes), strict=True)))
    assert found.left_out == 0


def test_intersections_are_checked_apart_and_only_so_far_as_asked_for() -> None:
    random = np.random.default_rng(1)
    n = 8_000
    sex, race, predicted = (random.integers(0, 2, n) for _ in range(3))
    predicted = np.where((sex == 0) & (race == 0), predicted & random.integers(0, 2, n), predicted)
    ways = [grouped(SEX, sex, ["F", "M"]), grouped(RACE, race, ["A", "B"])]
    outcomes = binary((), sex, predicted, cuts=[*ways, crossed(ways, 10).cuts])
    attributes = (Attribute("sex"), Attribute("race", reference="B"))
    both = check(outcomes, FairnessSettings(attributes), positive="yes")
    assert {each.attribute for each in both.disparities} == {"sex", "race", "race and sex"}
    assert {dict(group_of(each.against).parts).get(RACE) for each in both.disparities} == {None, "B"}
    worst = min(both.disparities, key=lambda each: each.p_value)
    assert group_of(worst.group).label == "race=A and sex=F"
    single = check(outcomes, FairnessSettings(attributes, intersections=1), positive="yes")
    assert {each.attribute for each in single.disparities} == {"sex", "race"}
    one = check(outcomes, FairnessSettings(attributes[:1]), positive="yes")
    assert {each.attribute for each in one.disparities} == {"sex"}
