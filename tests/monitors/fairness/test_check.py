"""What is judged, and what is not: certain, large, and enough of it."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwatch.core.level import Level
from modelwatch.core.measure import Measure
from modelwatch.core.segment import WHOLE
from modelwatch.monitors.drift.thresholds import Thresholds
from modelwatch.monitors.fairness import Attribute, FairnessSettings, Metric, Rules, check, grouped, told
from modelwatch.profiles.outcomes import EMPTY, Outcomes, Rows, merge, subtract
from tests.monitors.fairness.people import SETTINGS, SEX, binary, counted, judged, key, outcomes_of

RATIO, DIFFERENCE = Metric.DEMOGRAPHIC_PARITY_RATIO, Metric.DEMOGRAPHIC_PARITY_DIFFERENCE
F, M = key("F"), key("M")
MEN = FairnessSettings((Attribute("sex", reference="M"),))


def level(outcomes: Outcomes, metric: Metric = RATIO, group: str = F, **kwargs: object) -> Level:
    return judged(outcomes, **kwargs)[metric.value, group].level


def test_women_who_are_selected_half_as_often() -> None:
    found = judged(counted(("M", 8_211, 2_545), ("F", 4_012, 441)))
    ratio = found[RATIO.value, F]
    assert ratio.level is Level.CRITICAL
    assert (ratio.against, ratio.rows, ratio.against_rows) == (M, 4_012, 8_211)
    assert ratio.value == pytest.approx((441 / 4_012) / (2_545 / 8_211))
    said = told(ratio, Rules(), "yes")
    assert said.replace("\u2009", " ") == (
        "sex=F: 11 % are predicted yes; sex=M: 31 %; ratio 0.3546, 95 % interval 0.3229 to 0.3895; "
        "the rule is at least 0.6; 4,012 and 8,211 rows"
    )


def test_a_group_of_twelve_raises_nothing() -> None:
    for selected in range(13):
        found = judged(counted(("M", 100_000, 90_000), ("F", 12, selected)))
        assert {each.level for each in found.values()} == {Level.INSUFFICIENT_DATA}


@pytest.mark.parametrize(
    ("men", "women", "expected"),
    [
        ((50_002, 25_001), (50_000, 24_000), Level.OK),  # certain and within the rule
        ((50_002, 25_001), (50_000, 19_000), Level.WARNING),
        ((50_002, 25_001), (50_000, 10_000), Level.CRITICAL),
        ((50_002, 10_000), (50_000, 25_000), Level.CRITICAL),  # ahead by as much is no better
        ((1_000, 500), (40, 9), Level.NOTICE),  # certain at 1 %, not within the budget
        ((1_000, 500), (40, 14), Level.OK),  # large and not certain
        ((1_000, 500), (400, 0), Level.CRITICAL),  # none of them
        ((1_000, 10), (100, 0), Level.INSUFFICIENT_DATA),  # one would be expected
    ],
)
def test_levels(men: tuple[int, int], women: tuple[int, int], expected: Level) -> None:
    assert level(counted(("M", *men), ("F", *women))) is expected


def test_what_the_rules_say_is_large() -> None:
    outcomes = counted(("M", 60_000, 30_000), ("F", 50_000, 22_000))
    assert level(outcomes) is Level.OK
    assert level(outcomes, settings=replace(SETTINGS, rules=Rules(ratio_warning=0.9))) is Level.WARNING
    assert (
        level(outcomes, DIFFERENCE, settings=replace(SETTINGS, rules=Rules(difference_warning=0.05))) is Level.WARNING
    )


def test_nobody_and_everybody_selected() -> None:
    for selected in (0, 1):
        found = check(counted(("M", 900, 900 * selected), ("F", 800, 800 * selected)), SETTINGS, positive="yes")
        spreads = {each.metric: each.value for each in found.spreads}
        assert spreads[DIFFERENCE] == 0.0
        assert spreads[RATIO] == 1.0
        assert not any(each.level.raised or each.level is Level.NOTICE for each in found.disparities)


def test_no_positives_among_the_actuals() -> None:
    random = np.random.default_rng(0)
    sex, predicted = random.integers(0, 2, 1_000), random.integers(0, 2, 1_000)
    found = check(binary("FM", sex, predicted, np.zeros(1_000)), SETTINGS, positive="yes")
    values = {(each.metric, each.cut): each for each in found.measures}
    assert np.isnan(values["true_positive_rate", F].value)
    assert np.isnan(values["true_positive_rate", F].low)
    assert values["precision", F].value == 0.0
    assert Metric.EQUAL_OPPORTUNITY_DIFFERENCE not in {each.metric for each in found.spreads}
    levels = {each.metric: each.level for each in found.disparities}
    assert levels[Metric.EQUAL_OPPORTUNITY_DIFFERENCE] is Level.INSUFFICIENT_DATA


def test_without_labels_selection_is_known_and_nothing_else() -> None:
    found = judged(counted(("M", 900, 450), ("F", 800, 300)))
    known = {metric for (metric, _), each in found.items() if each.level is not Level.INSUFFICIENT_DATA}
    assert known == {RATIO.value, DIFFERENCE.value}


@pytest.mark.parametrize("outcomes", [EMPTY, counted(("F", 100, 50)), counted(("F", 0, 0), ("M", 100, 50))])
def test_with_no_two_groups_there_is_nothing_to_compare(outcomes: Outcomes) -> None:
    found = check(outcomes, SETTINGS, positive="yes")
    assert found.spreads == ()
    assert not any(each.level.raised for each in found.disparities)
    assert check(outcomes, FairnessSettings()) == check(EMPTY, FairnessSettings())


def test_people_without_a_value_are_no_group() -> None:
    random = np.random.default_rng(1)
    codes, predicted = random.integers(0, 3, 3_000), random.integers(0, 2, 3_000)
    cuts = [grouped(SEX, codes, ["F", None, "M"])]
    outcomes = binary((), codes, predicted, cuts=cuts)
    assert {each.cut for each in check(outcomes, SETTINGS, positive="yes").measures} == {F, M}


def test_the_reference_group_is_the_largest_unless_chosen() -> None:
    outcomes = counted(("A", 500, 250), ("B", 900, 450), ("C", 400, 200))
    assert {each.against for each in judged(outcomes).values()} == {key("B")}
    chosen = FairnessSettings((Attribute("sex", reference="C"),))
    assert {each.against for each in judged(outcomes, chosen).values()} == {key("C")}
    gone = FairnessSettings((Attribute("sex", reference="D"),))
    assert judged(outcomes, gone) == {}
    was = counted(("A", 5_000, 250), ("B", 900, 450), ("C", 400, 200))
    assert {each.against for each in judged(outcomes, reference=was).values()} == {key("A")}


def test_what_the_reference_had_is_told_and_excuses_nothing() -> None:
    now, before = counted(("M", 9_000, 2_700), ("F", 8_000, 800)), counted(("M", 9_000, 2_700), ("F", 8_000, 900))
    same = judged(now, reference=before)[RATIO.value, F]
    assert same.level is Level.CRITICAL
    assert same.stood
    assert same.before == pytest.approx((900 / 8_000) / 0.3)
    fine = judged(now, reference=counted(("M", 9_000, 2_700), ("F", 8_000, 2_390)))[RATIO.value, F]
    assert fine.level is Level.CRITICAL
    assert not fine.stood
    assert "broken there" in told(same, Rules())
    assert "broken there" not in told(fine, Rules())
    assert np.isnan(judged(now)[RATIO.value, F].before)


def test_many_groups_and_attributes_share_one_allowance() -> None:
    few = counted(("M", 4_000, 2_000), ("F", 200, 70))
    many = counted(("M", 4_000, 2_000), ("F", 200, 70), *((f"{i}", 120, 60) for i in range(60)))
    assert judged(few)[RATIO.value, F].p_value * 60 == pytest.approx(judged(many)[RATIO.value, F].p_value, rel=0.05)
    assert level(few) is Level.WARNING
    assert level(many) is Level.NOTICE


def test_the_budget_decides_what_is_certain() -> None:
    outcomes = counted(("M", 4_000, 2_000), ("F", 200, 70))
    assert level(outcomes) is Level.WARNING
    assert level(outcomes, thresholds=Thresholds(series=100)) is Level.NOTICE


def test_sampled_rows_count_for_what_they_tell() -> None:
    random = np.random.default_rng(5)
    codes = np.repeat([0, 1], [3_000, 300])
    predicted = np.concatenate((np.arange(3_000) < 1_500, np.arange(300) < 90)).astype(int)
    plain = judged(binary("MF", codes, predicted))[RATIO.value, F]
    ten = judged(binary("MF", codes, predicted, weight=np.full(3_300, 10.0)))[RATIO.value, F]
    assert replace(ten, before=0.0) == replace(plain, before=0.0)
    uneven = judged(binary("MF", codes, predicted, weight=random.exponential(size=3_300)))[RATIO.value, F]
    assert uneven.rows < 200
    assert uneven.high - uneven.low > 1.2 * (plain.high - plain.low)
    halved = judged(binary("MF", codes, predicted), effect=2.0)[RATIO.value, F]
    assert halved.rows == 150
    assert halved.value == plain.value
    assert halved.p_value > plain.p_value


def test_equalized_odds_are_told_by_the_rate_that_breaks_the_rule() -> None:
    n = 4_000
    sex, actual = np.arange(n) % 2, (np.arange(n) // 2) % 2
    random = np.random.default_rng(6)
    wrong = (actual == 0) & (sex == 0) & (random.random(n) < 0.4)
    found = judged(binary("FM", sex, np.where(wrong, 1, actual), actual), MEN)
    odds = found["equalized_odds_difference", F]
    assert odds.figure == "false_positive_rate"
    assert odds.value == found["false_positive_rate_difference", F].value
    assert found["equal_opportunity_difference", F].value == 0.0
    assert odds.level is Level.CRITICAL


def test_scores_that_are_off_for_one_group() -> None:
    random = np.random.default_rng(7)
    n = 8_000
    sex, score = random.integers(0, 2, n), random.random(n)
    actual = random.random(n) < np.clip(score - 0.15 * (sex == 0), 0, 1)
    found = judged(binary("FM", sex, score > 0.5, actual, score), MEN)["calibration_difference", F]
    assert found.level in (Level.WARNING, Level.CRITICAL)
    assert "above what came true" in told(found, Rules())


def test_everything_can_be_written_as_json_or_told() -> None:
    random = np.random.default_rng(8)
    for outcomes in (counted(("M", 900, 0), ("F", 800, 300)), binary("FM", random.integers(0, 2, 90), np.zeros(90))):
        for each in judged(outcomes).values():
            assert told(each, Rules(), "yes").startswith(("sex=F", "sex=M"))
            json.dumps([value for value in (each.value, each.low) if not np.isnan(value)], allow_nan=False)


@given(st.integers(0, 10**6), st.permutations([0, 1, 2]))
@settings(max_examples=30, deadline=None)
def test_the_order_of_groups_changes_nothing(seed: int, order: list[int]) -> None:
    random = np.random.default_rng(seed)
    n = 600
    codes, predicted, actual = random.integers(0, 3, n), random.integers(0, 2, n), random.integers(0, 2, n)
    score = random.integers(0, 101, n) / 100
    names = np.array(["A", "B", "C"])
    settings_ = FairnessSettings((Attribute("sex", reference="B"),))
    one = check(binary(names, codes, predicted, actual, score), settings_, positive="yes")
    place = np.argsort(order)
    other = check(binary(names[order], place[codes], predicted, actual, score), settings_, positive="yes")
    assert told_of(one.measures) == told_of(other.measures)
    assert [(d.metric, d.group, d.level, d.value, d.p_value) for d in one.disparities] == [
        (d.metric, d.group, d.level, d.value, d.p_value) for d in other.disparities
    ]


def told_of(measures: tuple[Measure, ...]) -> dict[tuple[str, str], str]:
    return {(each.metric, each.cut): f"{each.value:.12g} {each.low:.12g} {each.rows:.12g}" for each in measures}


@given(st.integers(0, 10**6))
@settings(max_examples=30, deadline=None)
def test_merged_halves_say_what_all_rows_say(seed: int) -> None:
    random = np.random.default_rng(seed)
    n = 500
    columns = [random.integers(0, k, n) for k in (3, 2, 2)]
    score, weight = random.integers(0, 101, n) / 100, random.integers(1, 3, n).astype(float)

    def of(rows: np.ndarray) -> Outcomes:
        codes, predicted, actual = (column[rows] for column in columns)
        return binary("ABC", codes, predicted, actual, score[rows], weight[rows])

    half = random.random(n) < 0.5
    first, second, whole = of(half), of(~half), of(np.full(n, True))
    assert WHOLE in whole.cuts
    expected = told_of(check(whole, SETTINGS, positive="yes").measures)
    assert told_of(check(merge((first, second)), SETTINGS, positive="yes").measures) == expected
    assert told_of(check(subtract(merge((second, whole)), second), SETTINGS, positive="yes").measures) == expected


def test_values_that_never_vary_are_compared_without_an_error() -> None:
    sex = np.arange(400) % 2
    for shift in (0.0, 1.0):
        rows = Rows(value=np.full(400, 5.0) + shift * sex, truth=np.full(400, 5.0), cuts=(grouped(SEX, sex, "FM"),))
        found = {d.metric: d for d in check(outcomes_of(rows), SETTINGS).disparities}
        assert found[Metric.MEAN_ERROR_DIFFERENCE].level is (Level.CRITICAL if shift else Level.OK)


@given(st.integers(0, 10**6), st.integers(0, 40), st.sampled_from(["yes", "no", "maybe", ""]))
@settings(max_examples=60, deadline=None)
def test_whatever_comes_has_an_answer(seed: int, n: int, favourable: str) -> None:
    random = np.random.default_rng(seed)
    labels = ("no", "yes", "maybe")[: random.integers(2, 4)]
    rows = Rows(
        weight=random.choice([0.0, 1e-9, 1.0, 1e9], n),
        labels=labels,
        predicted=random.integers(-1, len(labels), n),
        actual=random.integers(-1, len(labels), n),
        score=random.choice([0.0, 0.3, 1.0, np.nan, 7.0], n),
        positive=int(random.integers(-1, 2)),
        class_scores=random.random((n, len(labels))) if random.random() < 0.5 else None,
        cuts=(grouped(SEX, random.integers(0, 3, n), ["A", "B", "C"]),),
    )
    values = Rows(
        weight=rows.weight,
        value=random.choice([0.0, 1e-60, -1e60, 5.0, np.inf, np.nan], n),
        truth=random.choice([0.0, 1e-60, 1e50, 5.0, np.nan], n),
        cuts=rows.cuts,
    )
    loose = replace(SETTINGS, min_rows=1, min_events=0, favourable=favourable, metrics=tuple(Metric))
    for outcomes in [outcomes_of(each) for each in (rows, values)] if n else [EMPTY]:
        part = subtract(outcomes, outcomes_of(rows)) if n and outcomes.labels else EMPTY
        for each in (outcomes, part):
            found = check(each, loose, positive="yes", reference=outcomes)
            for disparity in found.disparities:
                assert 0 <= disparity.p_value <= 1
                assert told(disparity, loose.rules)
            for measure in found.measures:
                assert not measure.low > measure.value
                assert not measure.high < measure.value
