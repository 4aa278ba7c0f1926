"""Equal to fairlearn and scikit-learn on the same rows."""

from __future__ import annotations

import math

import numpy as np
import pytest
from fairlearn import metrics as fairlearn
from sklearn.datasets import make_classification
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, precision_score

from modelwatch.core.column import ColumnKey
from modelwatch.core.group import group_of
from modelwatch.core.wire import Role
from modelwatch.monitors.fairness import Attribute, FairnessSettings, check, crossed, grouped
from modelwatch.profiles.outcomes import Outcomes, Rows
from tests.monitors.fairness.people import SETTINGS, SEX, binary, outcomes_of

RACE = ColumnKey(Role.FEATURE, "race")
NAMES = ("A", "B", "C", "D")
SELECTED = {
    "selection_rate": fairlearn.selection_rate,
    "true_positive_rate": fairlearn.true_positive_rate,
    "false_positive_rate": fairlearn.false_positive_rate,
    "accuracy": accuracy_score,
    "precision": precision_score,
}


class People:
    """A fitted classifier's answers on rows in groups of very different sizes."""

    def __init__(self, seed: int, weighted: bool) -> None:
        x, y = make_classification(4_000, 6, weights=[0.7], flip_y=0.1, random_state=seed)
        random = np.random.default_rng(seed)
        self.sex = (x[:, 0] + random.normal(size=len(y)) > 0.8).astype(np.int64)
        self.race = random.choice(4, len(y), p=[0.7, 0.2, 0.07, 0.03])
        self.score = LogisticRegression().fit(x, y).predict_proba(x)[:, 1]
        self.predicted, self.actual = (self.score > 0.4).astype(np.int64), y
        self.weight = random.integers(1, 4, len(y)).astype(float) if weighted else None

    def outcomes(self) -> Outcomes:
        ways = [grouped(SEX, self.sex, ["F", "M"]), grouped(RACE, self.race, NAMES)]
        cuts = [*ways, crossed(ways, 20).cuts]
        return binary((), self.sex, self.predicted, self.actual, self.score, self.weight, cuts)


@pytest.fixture(params=[(0, False), (1, True)], ids=["plain", "weighted"], scope="module")
def people(request: pytest.FixtureRequest) -> People:
    return People(*request.param)


def frame_of(people: People, sensitive: object) -> fairlearn.MetricFrame:
    weights = {} if people.weight is None else {name: {"sample_weight": people.weight} for name in SELECTED}
    return fairlearn.MetricFrame(
        metrics=SELECTED,
        y_true=people.actual,
        y_pred=people.predicted,
        sensitive_features=sensitive,
        sample_params=weights or None,
    )


@pytest.mark.parametrize("attribute", ["sex", "race", "race and sex"])
def test_the_figures_of_each_group_and_their_spreads(people: People, attribute: str) -> None:
    attributes = (Attribute("sex"), Attribute("race"))
    found = check(people.outcomes(), FairnessSettings(attributes, min_rows=1), positive="yes")
    race = np.array(NAMES)[people.race]
    sex = np.array(["F", "M"])[people.sex]
    frame = frame_of(people, {"sex": {"sex": sex}, "race": {"race": race}}.get(attribute, {"race": race, "sex": sex}))
    names = attribute.split(" and ")
    seen = 0
    for measure in found.measures:
        parts = {part.column.name: part.value for part in group_of(measure.cut).parts}
        if measure.metric in SELECTED and sorted(parts) == sorted(names):
            place = tuple(parts[name] for name in names)
            expected = frame.by_group.loc[place if len(place) > 1 else place[0], measure.metric]
            assert measure.value == pytest.approx(expected, abs=1e-12)
            seen += 1
    assert seen == len(frame.by_group) * len(SELECTED)
    spreads = {spread.metric.value: spread.value for spread in found.spreads if spread.attribute == attribute}
    apart, together = frame.difference(), frame.ratio()
    assert spreads["demographic_parity_difference"] == pytest.approx(apart["selection_rate"])
    assert spreads["demographic_parity_ratio"] == pytest.approx(together["selection_rate"])
    assert spreads["predictive_parity_difference"] == pytest.approx(apart["precision"])
    assert spreads["accuracy_difference"] == pytest.approx(apart["accuracy"])
    assert spreads["equal_opportunity_ratio"] == pytest.approx(together["true_positive_rate"])


@pytest.mark.parametrize(
    "name",
    [
        "demographic_parity_difference",
        "demographic_parity_ratio",
        "equal_opportunity_difference",
        "equal_opportunity_ratio",
        "equalized_odds_difference",
        "equalized_odds_ratio",
        "false_positive_rate_difference",
    ],
)
def test_metrics_of_the_same_name(people: People, name: str) -> None:
    settings = FairnessSettings((Attribute("race"),), min_rows=1)
    found = check(people.outcomes(), settings, positive="yes")
    (value,) = [spread.value for spread in found.spreads if spread.metric.value == name]
    wanted = getattr(fairlearn, name)(
        people.actual, people.predicted, sensitive_features=people.race, sample_weight=people.weight
    )
    assert value == pytest.approx(wanted, abs=1e-12)


def test_of_two_groups_the_spread_is_the_comparison(people: People) -> None:
    found = check(people.outcomes(), SETTINGS, positive="yes")
    spreads = {spread.metric: spread.value for spread in found.spreads}
    for each in found.disparities:
        assert abs(each.value) == pytest.approx(spreads[each.metric])


def test_calibration_is_that_of_ten_bins(people: People) -> None:
    weight = np.ones(len(people.score)) if people.weight is None else people.weight
    found = {(m.metric, m.cut): m.value for m in check(people.outcomes(), SETTINGS, positive="yes").measures}
    for code, name in enumerate("FM"):
        mine = people.sex == code
        score, actual, w = people.score[mine], people.actual[mine], weight[mine]
        bins = np.minimum((score * 10).astype(int), 9)
        parts = [abs((w * (score - actual))[bins == i].sum()) for i in range(10)]
        cut = f'["tag","sex","{name}"]'
        assert found["calibration_error", cut] == pytest.approx(sum(parts) / w.sum())
        assert found["calibration_gap", cut] == pytest.approx((w * (score - actual)).sum() / w.sum())
        assert found["mean_score", cut] == pytest.approx((w * score).sum() / w.sum())


def test_the_other_of_two_labels_may_be_the_favourable_one(people: People) -> None:
    unwanted = FairnessSettings((Attribute("sex"),), favourable="no")
    found = check(people.outcomes(), unwanted, positive="yes")
    spreads = {spread.metric.value: spread.value for spread in found.spreads}
    wanted = fairlearn.equalized_odds_difference(
        1 - people.actual, 1 - people.predicted, sensitive_features=people.sex, sample_weight=people.weight
    )
    assert spreads["equalized_odds_difference"] == pytest.approx(wanted)
    yes = {(m.metric, m.cut): m.value for m in check(people.outcomes(), SETTINGS, positive="yes").measures}
    for measure in found.measures:
        if measure.metric == "calibration_gap":
            assert measure.value == pytest.approx(-yes[measure.metric, measure.cut])
        if measure.metric in ("mean_score", "selection_rate", "base_rate"):
            assert measure.value == pytest.approx(1 - yes[measure.metric, measure.cut])


def test_one_class_of_many() -> None:
    random = np.random.default_rng(3)
    n, labels = 3_000, ("low", "mid", "high")
    scores = random.dirichlet([1, 2, 1], n)
    actual = (scores.cumsum(axis=1) > random.random((n, 1))).argmax(axis=1)
    predicted, sex = scores.argmax(axis=1), random.integers(0, 2, n)
    rows = Rows(
        labels=labels,
        predicted=predicted,
        actual=actual,
        score=scores.max(axis=1),
        class_scores=scores,
        cuts=(grouped(SEX, sex, ["F", "M"]),),
    )
    found = check(outcomes_of(rows), FairnessSettings((Attribute("sex"),), favourable="high"))
    spreads = {spread.metric.value: spread.value for spread in found.spreads}
    one = fairlearn.equalized_odds_difference(actual == 2, predicted == 2, sensitive_features=sex)
    assert spreads["equalized_odds_difference"] == pytest.approx(one)
    right = [accuracy_score(actual[sex == g], predicted[sex == g]) for g in (0, 1)]
    assert spreads["accuracy_difference"] == pytest.approx(abs(right[0] - right[1]))
    gaps = [float((scores[:, 2] - (actual == 2))[sex == g].mean()) for g in (0, 1)]
    assert [m.value for m in found.measures if m.metric == "calibration_gap"] == pytest.approx(gaps, abs=0.0025)
    without = check(outcomes_of(rows), FairnessSettings((Attribute("sex"),)))
    assert {measure.metric for measure in without.measures} == {"accuracy"}


def test_means_of_a_regression() -> None:
    random = np.random.default_rng(4)
    sex, weight = random.integers(0, 2, 2_000), random.integers(1, 4, 2_000).astype(float)
    truth = random.normal(50, 10, 2_000)
    value = truth + random.normal(0, 3, 2_000) - 2 * sex
    rows = Rows(weight=weight, value=value, truth=truth, cuts=(grouped(SEX, sex, ["F", "M"]),))
    found = check(outcomes_of(rows), SETTINGS)
    error = [np.average((value - truth)[sex == g], weights=weight[sex == g]) for g in (0, 1)]
    assert [m.value for m in found.measures if m.metric == "mean_error"] == pytest.approx(error)
    (each,) = [each for each in found.disparities if each.metric == "mean_error_difference"]
    assert abs(each.value) == pytest.approx(abs(error[0] - error[1]))
    spread = math.sqrt(sum(np.cov(value - truth, aweights=weight * (sex == g), ddof=0) for g in (0, 1)) / 2)
    assert each.size == pytest.approx(abs(error[0] - error[1]) / spread, rel=0.01)
    assert each.level.value == "critical"
