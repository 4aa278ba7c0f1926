import json

import numpy as np
import pytest

from modelwatch.core.level import Level
from modelwatch.monitors.drift import check, findings, methods, moved, sure, why
from tests.monitors.drift.frames import X, pair


@pytest.fixture(scope="module")
def drifted():
    rng = np.random.default_rng(30)
    now = [None if i % 7 == 0 else float(x) for i, x in enumerate(rng.normal(1, 1, size=3_000))]
    now, before, binning = pair(now, rng.normal(size=20_000))
    return check(now, before, binning), now, before, binning


def test_every_metric_is_a_finding_with_evidence(drifted):
    found = findings(*drifted)
    assert [f.metric for f in found] == [
        "psi",
        "smooth",
        "chi_square",
        "ks",
        "kl",
        "nulls",
        "nans",
        "infinite",
        "mistyped",
        "outside",
    ]
    assert {f.column for f in found} == {X}
    assert [f.level for f in found] == [
        Level.CRITICAL,
        Level.NOTICE,
        Level.NOTICE,
        Level.OK,
        Level.OK,
        Level.CRITICAL,
        Level.OK,
        Level.OK,
        Level.OK,
        Level.NOTICE,
    ]
    assert found[0].value > found[0].threshold_critical > found[0].threshold_warning > found[0].chance
    assert json.loads(json.dumps(dict(found[0].evidence)))["rows"] == [20_000.0, 3_000.0]


def test_the_parts_of_psi_add_up_to_it(drifted):
    table, now, before, binning = drifted
    parts = moved(now, before, binning, 0, limit=36)
    assert sum(part.part for part in parts) == pytest.approx(table.psi[0])
    assert [part.part for part in parts] == sorted((part.part for part in parts), reverse=True)
    null = next(part for part in parts if part.label == "null")
    assert (null.reference, null.window) == (0.0, pytest.approx(1 / 7, abs=0.001))


def test_sentences_say_what_changed(drifted):
    table, now, before, binning = drifted
    text = " ".join(why(table, now, before, binning, 0))
    assert text.startswith("PSI ")
    assert "chance alone gives at most" in text
    assert "Rows without a value 0 → 14\u2009% of rows." in text
    assert "Median " in text
    assert "!" not in text


def test_the_questions_behind_a_level(drifted):
    answers = sure(drifted[0], 0)
    assert [(answer.title, answer.holds) for answer in answers] == [
        ("Certain", True),
        ("Large", True),
        ("Two methods agree", True),
    ]


def test_categories_are_named():
    now, before, binning = pair(["a"] * 900 + ["b"] * 100 + ["new"] * 100, ["a"] * 500 + ["b"] * 500)
    table = check(now, before, binning)
    assert {part.label for part in moved(now, before, binning, 0)} == {"a", "b", "unseen"}
    assert [method.metric for method in methods(table, 0)] == ["psi", "chi_square", "kl", "nulls", "mistyped", "unseen"]
    assert "Unseen categories 0 → 9.1\u2009% of rows." in why(table, now, before, binning, 0)


def test_nothing_changed_is_said_so():
    three = pair([float(i % 50) for i in range(1_000)], [float(i % 50) for i in range(5_000)])
    table = check(*three)
    assert "Nothing has changed that chance does not explain." in why(table, *three, 0)
    assert [answer.holds for answer in sure(table, 0)] == [False, False, False]


def test_too_few_rows_are_said_so():
    three = pair([1.0] * 132, [1.0] * 500)
    assert why(check(*three), *three, 0) == ("132 of 200 rows of the window: too few to judge.",)
    three = pair([1.0] * 500, [1.0] * 20)
    assert why(check(*three), *three, 0) == ("20 of 200 rows of the reference: too few to judge.",)
    three = pair([], [])
    assert findings(check(*three), *three) == []
