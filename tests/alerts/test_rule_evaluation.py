"""What rules say of windows: laws, and the words of the issue one by one."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwatch.alerts.persistence import Item
from modelwatch.alerts.rule import Condition, Rule, conditions_of
from modelwatch.alerts.rule_evaluation import Verdict, evaluate
from modelwatch.alerts.rule_json import rule_from_json
from modelwatch.alerts.rule_judging import Line, Sight
from modelwatch.core.column import ColumnKey
from modelwatch.core.level import Level
from modelwatch.core.measured import Family, Measured
from modelwatch.core.window import BUCKET_US, HOUR_US
from modelwatch.core.wire import Role

LENGTH = 12 * BUCKET_US
ZERO = 400_000 * HOUR_US


def rule(**said: Any) -> Rule:
    """A rule as people write it."""
    found = rule_from_json({"rule_name": "r", "model_id": "m", **said})
    assert isinstance(found, Rule)
    return found


def of(metric: str, name: str = "") -> Measured:
    """A metric of a feature, or of outcomes."""
    if not name:
        return Measured(Family.PERFORMANCE, metric)
    return Measured(Family.DRIFT, metric, ColumnKey(Role.FEATURE, name))


def track(values: Sequence[float | None], step: int = LENGTH, **said: Any) -> dict[int, Sight]:
    """Windows that end one `step` after another; None is no window."""
    rows = said.pop("rows", 1_000.0)
    return {ZERO + i * step: Sight(LENGTH, value, rows, **said) for i, value in enumerate(values) if value is not None}


def seen(
    found: Rule, *lines: Mapping[Measured, Mapping[int, Sight]], free: tuple[str, ...] = ()
) -> dict[Condition, Line]:
    """What the conditions of a rule see, in their order."""
    return {each: Line(dict(line), free) for each, line in zip(conditions_of(found.formula), lines, strict=True)}


def states(told: Mapping[int, Verdict]) -> list[str]:
    """What was said at each window's end."""
    return [each.state.value for each in told.values()]


PSI = {"metric": "psi", "feature": "a", "threshold": 0.25}


def test_one_window_is_enough_unless_more_are_asked_for() -> None:
    found = rule(condition=PSI)
    told = evaluate(found, seen(found, {of("psi", "a"): track([0.1, 0.3, 0.2])}), 0)
    assert states(told) == ["ok", "firing", "ok"]
    (item,) = told[ZERO + LENGTH].items.values()
    assert item.how == "psi of a 0.3 > 0.25"
    assert item.level is Level.WARNING


def test_k_of_n_windows_that_do_not_overlap_must_agree() -> None:
    found = rule(condition=PSI, **{"for": {"k": 2, "n": 3}})
    told = evaluate(found, seen(found, {of("psi", "a"): track([0.3, 0.1, 0.3, 0.1, 0.1, 0.1])}), 0)
    assert states(told) == ["pending", "ok", "firing", "firing", "ok", "ok"]


def test_overlapping_windows_do_not_confirm_each_other() -> None:
    found = rule(condition=PSI, **{"for": {"k": 2, "n": 2}})
    burst = track([0.3] * 12 + [0.1] * 12, step=BUCKET_US)
    assert "firing" not in states(evaluate(found, seen(found, {of("psi", "a"): burst}), 0))
    lasting = track([0.3] * 13, step=BUCKET_US)
    assert states(evaluate(found, seen(found, {of("psi", "a"): lasting}), 0))[-1] == "firing"


def test_what_cannot_be_judged_is_neither_silence_nor_health() -> None:
    found = rule(condition=PSI, min_rows=500)
    few = {of("psi", "a"): track([0.9], rows=400.0)}
    empty = {of("psi", "a"): track([0.9], rows=0.0)}
    failed = {of("psi", "a"): track([math.nan], level=Level.ERROR, text="it broke")}
    said = [next(iter(evaluate(found, seen(found, each), 0).values())) for each in (few, empty, failed)]
    assert [each.state.value for each in said] == ["insufficient_data", "no_data", "error"]
    assert said[0].text == "400 rows, and the rule asks for 500"
    assert said[2].text == "it broke"


def test_a_window_that_cannot_be_judged_decides_nothing() -> None:
    found = rule(condition=PSI)
    track_ = track([0.3, 0.9, 0.1]) | {ZERO + LENGTH: Sight(LENGTH, 0.9, 3.0)}
    assert states(evaluate(found, seen(found, {of("psi", "a"): track_}), 0)) == ["firing", "firing", "ok"]


def test_all_and_any_with_what_is_unknown() -> None:
    parts = [PSI, {"metric": "roc_auc", "operator": "less_than", "threshold": 0.8}]
    lines = ({of("psi", "a"): track([0.3, 0.3, 0.1, 0.3])}, {of("roc_auc"): track([0.7, 0.9, 0.7, math.nan])})
    both, either = rule(all=parts), rule(any=parts)
    assert states(evaluate(both, seen(both, *lines), 0)) == ["firing", "ok", "ok", "insufficient_data"]
    told = evaluate(either, seen(either, *lines), 0)
    assert states(told) == ["firing"] * 4
    assert [item.how for item in told[ZERO].items.values()] == ["psi of a 0.3 > 0.25", "roc auc 0.7 < 0.8"]


def test_a_list_in_a_list() -> None:
    inner = {
        "any": [
            {"metric": "nulls", "feature": "a", "threshold": 0.1},
            {"metric": "ks", "feature": "a", "threshold": 0.5},
        ]
    }
    found = rule(all=[PSI, inner])
    lines = [
        {of(m, "a"): track(v)} for m, v in (("psi", [0.3, 0.3, 0.1]), ("nulls", [0.2, 0.0, 0.2]), ("ks", [0.1] * 3))
    ]
    assert states(evaluate(found, seen(found, *lines), 0)) == ["firing", "ok", "ok"]


def test_conditions_on_any_feature_mean_the_same_one() -> None:
    found = rule(all=[{"metric": "psi", "threshold": 0.25}, {"metric": "nulls", "threshold": 0.1}])
    psi = {of("psi", "a"): track([0.3, 0.3]), of("psi", "b"): track([0.1, 0.1])}
    nulls = {of("nulls", "a"): track([0.0, 0.2]), of("nulls", "b"): track([0.2, 0.2])}
    told = evaluate(found, seen(found, psi, nulls, free=("column",)), 0)
    assert states(told) == ["ok", "firing"]
    assert {each.column.name for each in told[ZERO + LENGTH].items} == {"a"}  # type: ignore[union-attr]


def test_a_change_is_against_the_baseline_or_an_earlier_window() -> None:
    base = rule(condition={"metric": "roc_auc", "operator": "less_than", "threshold": -5, "change": "percent"})
    told = evaluate(base, seen(base, {of("roc_auc"): track([0.86, 0.80], baseline=0.9)}), 0)
    assert states(told) == ["ok", "firing"]
    assert told[ZERO + LENGTH].text == "roc auc changed by -11.1 %, < -5 % against the baseline"
    ago = rule(condition={**PSI, "threshold": 0.1, "change": "absolute", "windows_ago": 2})
    told = evaluate(ago, seen(ago, {of("psi", "a"): track([0.1, 0.1, 0.25, 0.15])}), 0)
    assert states(told) == ["insufficient_data", "insufficient_data", "firing", "ok"]


def test_by_decision_level_and_severity() -> None:
    found = rule(condition={"subject": "data_drift", "level": "warning"}, severity="by_level")
    measured = Measured(Family.LEVEL, "data_drift", ColumnKey(Role.FEATURE, "a"))
    levels = [Level.NOTICE, Level.WARNING, Level.CRITICAL, Level.NO_DATA]
    sights = {ZERO + i * LENGTH: Sight(LENGTH, 0.3, 999.0, level=level) for i, level in enumerate(levels)}
    told = evaluate(found, seen(found, {measured: sights}, free=("column",)), 0)
    assert states(told) == ["ok", "firing", "firing", "firing"]
    assert [[i.level.value for i in each.items.values()] for each in told.values()][1:3] == [["warning"], ["critical"]]
    info = rule(condition={"subject": "data_drift"}, severity="info")
    told = evaluate(info, seen(info, {measured: sights}, free=("column",)), 0)
    assert {i.level for each in told.values() for i in each.items.values()} == {Level.NOTICE}


def test_outside_chance_needs_no_threshold() -> None:
    found = rule(condition={"metric": "psi", "feature": "a", "operator": "outside_chance"})
    for outside, state in ((True, "firing"), (False, "ok"), (None, "insufficient_data")):
        assert states(evaluate(found, seen(found, {of("psi", "a"): track([0.1], outside=outside)}), 0)) == [state]


def test_outside_its_schedule_a_rule_opens_and_ends_nothing() -> None:
    found = rule(condition=PSI, schedule={"from": "00:00", "to": "02:30", "zone": "UTC"})
    midnight = ZERO - ZERO % (24 * HOUR_US)
    sights = {
        midnight + h * HOUR_US: Sight(LENGTH, value, 999.0) for h, value in ((1, 0.3), (2, 0.3), (3, 0.1), (25, 0.1))
    }
    told = evaluate(found, seen(found, {of("psi", "a"): sights}), 0)
    assert states(told) == ["firing", "firing", "firing", "ok"]
    quiet = evaluate(found, seen(found, {of("psi", "a"): {midnight + 5 * HOUR_US: Sight(LENGTH, 0.9, 999.0)}}), 0)
    assert states(quiet) == ["off_schedule"]


def test_windows_of_two_lengths_meet_where_the_longer_ones_end() -> None:
    found = rule(all=[PSI, {"metric": "roc_auc", "operator": "less_than", "threshold": 0.8}])
    long = 6 * HOUR_US
    midnight = ZERO - ZERO % (24 * HOUR_US)
    short = {midnight + i * BUCKET_US: Sight(HOUR_US, 0.3, 999.0) for i in range(13)}
    auc = {midnight + i * long // 12: Sight(long, 0.7, 999.0) for i in range(3)}
    told = evaluate(found, seen(found, {of("psi", "a"): short}, {of("roc_auc"): auc}), 0)
    assert list(told) == [midnight, midnight + long // 12, midnight + long // 6]
    assert states(told) == ["firing"] * 3


values = st.lists(st.one_of(st.none(), st.sampled_from([0.0, 0.1, 0.3, 0.5])), min_size=1, max_size=40)
lasting = st.integers(1, 4).flatmap(lambda n: st.tuples(st.integers(1, n), st.just(n)))


@settings(max_examples=200, deadline=None)
@given(values, values, lasting, st.booleans(), st.data())
def test_in_order_and_all_at_once_say_the_same(
    one: list[float | None], two: list[float | None], kn: tuple[int, int], each: bool, data: st.DataObject
) -> None:
    condition = {"metric": "psi", "threshold": 0.25} if each else PSI
    found = rule(condition=condition, **{"for": {"k": kn[0], "n": kn[1]}})
    tracks = {of("psi", "a"): track(one, BUCKET_US), of("psi", "b"): track(two, BUCKET_US)}
    lines = seen(found, tracks if each else {of("psi", "a"): tracks[of("psi", "a")]}, free=("column",) if each else ())
    whole = evaluate(found, lines, 0)
    ends = sorted(whole)
    cuts = sorted(data.draw(st.sets(st.sampled_from(ends), max_size=5))) if ends else []
    told: dict[int, Verdict] = {}
    before: tuple[Item, ...] = ()
    for first, last in zip([0, *(cut + 1 for cut in cuts)], [*cuts, 1 << 62], strict=True):
        part = evaluate(found, lines, first, before, last)
        told |= part
        before = tuple(part[max(part)].items.values()) if part else before
    assert states(told) == states(whole)
    assert [each.items for each in told.values()] == [each.items for each in whole.values()]


@settings(max_examples=200, deadline=None)
@given(values, lasting)
def test_a_rule_fires_only_after_k_of_n_disjoint_windows_and_ends_only_when_none_says_so(
    one: list[float | None], kn: tuple[int, int]
) -> None:
    k, n = kn
    found = rule(condition=PSI, **{"for": {"k": k, "n": n}})
    line = track(one, BUCKET_US)
    was = False
    for end, said in evaluate(found, seen(found, {of("psi", "a"): line}), 0).items():
        high = {at for at, sight in line.items() if sight.value > 0.25}
        agree = sum(end - i * LENGTH in high for i in range(n)) >= k
        some = any(end - k * LENGTH < at <= end for at in high)
        assert (said.state.value == "firing") == (agree or (was and some))
        was = said.state.value == "firing"


@pytest.mark.parametrize("severity", ["info", "warning", "critical"])
def test_a_severity_is_the_level_of_what_it_raises(severity: str) -> None:
    found = rule(condition=PSI, severity=severity)
    (item,) = evaluate(found, seen(found, {of("psi", "a"): track([0.3])}), 0)[ZERO].items.values()
    assert item.level.value == {"info": "notice"}.get(severity, severity)
