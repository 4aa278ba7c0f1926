"""Settings come back as they were written, and say what is wrong with them."""

from __future__ import annotations

import json

import numpy as np
import pytest

from modelwatch.core.column import ColumnKey
from modelwatch.core.wire import Role
from modelwatch.errors import InvalidRequest
from modelwatch.monitors.fairness import Attribute, FairnessSettings, Metric, Rules

WHOLE = {
    "attributes": [
        "race",
        {"tag": "sex", "reference": "M"},
        {"feature": "age", "bands": [25, 45]},
        {"name": "income", "role": "feature", "quantiles": 4},
    ],
    "intersections": 3,
    "max_groups": 40,
    "metrics": ["demographic_parity_ratio", "accuracy_difference", "accuracy_difference"],
    "rules": {"ratio_warning": 0.9, "difference_critical": 0.3},
    "min_rows": 100,
    "min_events": 10,
    "favourable": "yes",
}


def test_what_was_written_comes_back() -> None:
    settings = FairnessSettings.from_json(WHOLE)
    assert settings.attributes[1:] == (
        Attribute("sex", Role.TAG, reference="M"),
        Attribute("age", Role.FEATURE, edges=(25.0, 45.0)),
        Attribute("income", Role.FEATURE, quantiles=4),
    )
    assert settings.metrics == (Metric.DEMOGRAPHIC_PARITY_RATIO, Metric.ACCURACY_DIFFERENCE)
    assert settings.rules == Rules(ratio_warning=0.9, difference_critical=0.3)
    assert FairnessSettings.from_json(json.loads(json.dumps(settings.to_json()))) == settings


@pytest.mark.parametrize("said", [{}, {"attributes": []}, FairnessSettings().to_json()])
def test_what_is_left_out_has_its_default(said: dict[str, object]) -> None:
    assert FairnessSettings.from_json(said) == FairnessSettings()


@pytest.mark.parametrize(("said", "order"), [(True, 2), (False, 1), (1, 1), (3, 3)])
def test_intersections(said: object, order: int) -> None:
    assert FairnessSettings.from_json({"intersections": said}).intersections == order


@pytest.mark.parametrize(
    ("said", "what"),
    [
        (None, "must be an object"),
        ({"atributes": []}, "no setting 'atributes'"),
        ({"attributes": "sex"}, "list"),
        ({"attributes": [""]}, "text"),
        ({"attributes": [3]}, "names or objects"),
        ({"attributes": [{"tag": "a", "feature": "b"}]}, "one tag or feature each"),
        ({"attributes": [{"tag": "a", "edges": [1]}]}, "one tag or feature each"),
        ({"attributes": [{"reference": "M"}]}, "one tag or feature each"),
        ({"attributes": [{"tag": "a", "reference": 1}]}, "reference must be a text"),
        ({"attributes": ["a", {"name": "a"}]}, "'a' twice"),
        ({"attributes": [{"tag": "a", "bands": [2, 1]}]}, "ascend"),
        ({"attributes": [{"tag": "a", "bands": []}]}, "bands"),
        ({"attributes": [{"tag": "a", "bands": {"quantiles": 2}}]}, "bands must be 1 to 19 edges"),
        ({"attributes": [{"tag": "a", "quantiles": 1.5}]}, "quantiles must be a whole number from 2 to 20"),
        ({"attributes": [{"tag": "a", "role": "tag"}]}, "one tag or feature each"),
        ({"attributes": [{"name": "a", "role": "weight"}]}, "one tag or feature each"),
        ({"attributes": [{"name": "a", "role": ["tag"]}]}, "one tag or feature each"),
        ({"attributes": [{"tag": "a", "bands": [float("inf")]}]}, "ascend"),
        ({"attributes": [{"tag": "a", "bands": ["x"]}]}, "bands"),
        ({"attributes": ["a"] * 11}, "at most 10"),
        ({"intersections": 4}, "intersections"),
        ({"metrics": ["fairness"]}, "no metric 'fairness'"),
        ({"metrics": "accuracy_difference"}, "must be a list"),
        ({"metrics": [["accuracy_difference"]]}, "no metric"),
        ({"rules": {"ratio": 0.8}}, "rules must be an object"),
        ({"rules": {"ratio_warning": True}}, "ratio_warning must be a number from 0 to 1"),
        ({"rules": {"ratio_warning": 0.5}}, "ratio_critical is above"),
        ({"rules": {"difference_warning": 0.5}}, "difference_critical is under"),
        ({"min_rows": float("nan")}, "min_rows"),
        ({"min_rows": "30"}, "min_rows"),
        ({"max_groups": 1}, "max_groups"),
        ({"favourable": 1}, "favourable"),
    ],
)
def test_what_cannot_be_taken_is_said_with_a_hint(said: object, what: str) -> None:
    with pytest.raises(InvalidRequest, match=what) as caught:
        FairnessSettings.from_json(said)
    assert caught.value.hint


def test_roles_and_quantiles_are_settled_once() -> None:
    sex, age = ColumnKey(Role.TAG, "sex"), ColumnKey(Role.FEATURE, "age")
    settings = FairnessSettings((Attribute("sex"), Attribute("age", quantiles=2), Attribute("gone")))
    found = settings.settled([sex, age], {age: np.array([1.0, 2.0, 3.0, 4.0])})
    assert found.attributes == (
        Attribute("sex", Role.TAG),
        Attribute("age", Role.FEATURE, edges=(3.0,), quantiles=2),
        Attribute("gone"),
    )
    assert FairnessSettings.from_json(found.to_json()) == found
    assert found.settled([sex, age]) == found


def test_a_feature_may_be_meant_where_a_tag_has_its_name() -> None:
    known = [ColumnKey(Role.FEATURE, "sex"), ColumnKey(Role.TAG, "sex")]
    assert Attribute("sex", Role.FEATURE).column(known) == known[0]
    assert Attribute("sex").column(known) == known[1]
    assert Attribute("race").column(known) is None
