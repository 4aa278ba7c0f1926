"""Outcomes roll up as profiles do: nothing is lost, late labels find their stretch, and windows count shares."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from modelwatch.core.window import BUCKET_US, DAY_US, HOUR_US
from modelwatch.jobs.retain import FINE_US, roll_up_outcomes
from modelwatch.profiles.outcomes import Fact, Outcomes, Total, merge
from modelwatch.store import models
from modelwatch.store.engine import reading, writing
from modelwatch.store.outcomes import Side, load_outcomes, window_outcomes
from tests.jobs.folding import NOW, new_world
from tests.jobs.truth import Truth

TAGS = {"fairness": {"attributes": [{"role": "tag", "name": "sex"}]}}


@pytest.fixture
def truth(tmp_path: Path) -> Iterator[Truth]:
    with new_world(tmp_path) as world:
        with writing(world.engine) as connection:
            model = models.ensure_model(connection, "default", "m", NOW)
            models.set_settings(connection, model.id, "binary", {**TAGS, "positive_label": "yes"})
        found = Truth(world)
        found.predict([f"p{i}" for i in range(150)])
        found.label([(f"p{i}", "yes" if i % 3 else "no") for i in range(60)])
        settle(found)
        yield found


def settle(truth: Truth) -> None:
    truth.world.run()
    while truth.join().step():
        pass


def roll_up(truth: Truth, days: float) -> int:
    """Roll up as of so many days later."""
    return roll_up_outcomes(truth.world.engine, 1, NOW + int(days * DAY_US), FINE_US, 2_000)


def spans_of(truth: Truth) -> set[int]:
    with reading(truth.world.engine) as connection:
        return {each.span_us for each in load_outcomes(connection, 1, -(2**62), 2**62)}


def seen(truth: Truth) -> int:
    with reading(truth.world.engine) as connection:
        stretches = load_outcomes(connection, 1, -(2**62), 2**62, Side.SEEN)
    return round(predicted(merge(each.outcomes for each in stretches)))


def predicted(outcomes: Outcomes) -> float:
    """Every prediction, labelled or not."""
    return float(outcomes.totals(fact=Fact.SEEN)[Total.ROWS])


def by(span: int, buckets: dict[int, int]) -> dict[int, int]:
    """Rows of buckets by the longer stretch that they lie in."""
    found: Counter[int] = Counter()
    for start, n in buckets.items():
        found[start - start % span] += n
    return dict(found)


def alike(truth: Truth, span: int) -> None:
    """What is stored is what should have been counted, in stretches of that span."""
    counted, expected = truth.counted(), truth.expected()
    assert counted["cells"] == expected["cells"]
    assert counted["brier"] == expected["brier"]
    assert by(span, counted["buckets"]) == by(span, expected["buckets"])


def test_hours_and_days_hold_what_the_buckets_held(truth: Truth) -> None:
    assert roll_up(truth, 0) == 0
    assert spans_of(truth) == {BUCKET_US}
    assert roll_up(truth, 3) > 0
    assert spans_of(truth) == {HOUR_US}
    alike(truth, HOUR_US)
    assert roll_up(truth, 3) == 0
    roll_up(truth, 100)
    assert spans_of(truth) == {DAY_US}
    alike(truth, DAY_US)
    assert seen(truth) == 150


@pytest.mark.parametrize("days", [3, 100])
def test_late_labels_and_corrections_find_what_was_rolled_up(truth: Truth, days: int) -> None:
    roll_up(truth, days)
    truth.label([(f"p{i}", "no") for i in range(40, 120)])
    truth.predict(["late"])
    settle(truth)
    alike(truth, DAY_US)
    roll_up(truth, days)
    alike(truth, DAY_US)
    assert seen(truth) == 151
    assert spans_of(truth) == {HOUR_US if days == 3 else DAY_US}


def test_a_window_that_holds_part_of_an_hour_counts_its_share(truth: Truth) -> None:
    roll_up(truth, 3)
    with reading(truth.world.engine) as connection:
        hour = load_outcomes(connection, 1, -(2**62), 2**62, Side.SEEN)[0]
        ends = [hour.start_us + BUCKET_US, hour.start_us + HOUR_US // 2, hour.start_us + HOUR_US]
        found = dict(window_outcomes(connection, 1, HOUR_US, ends))
    whole = predicted(hour.outcomes)
    assert [predicted(found[end]) for end in ends] == pytest.approx([whole / 12, whole / 2, whole])
