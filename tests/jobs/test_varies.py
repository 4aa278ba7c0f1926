"""How much the days of a baseline vary, told once for the same days."""

from __future__ import annotations

import functools

import numpy as np
import pytest

from modelwatch.core.window import DAY_US, HOUR_US
from modelwatch.jobs.varies import Known, estimates_vary, varies_of
from modelwatch.monitors.estimated import learn
from modelwatch.monitors.performance import Scatter
from modelwatch.profiles.outcomes import Outcomes, Rows, count_labelled, count_seen, merge


def days(count: int, luck: float, seed: int = 0) -> list[Outcomes]:
    """Days of 1,000 predictions whose skill is another one each day."""
    random = np.random.default_rng(seed)
    found = []
    for _ in range(count):
        skill = 2.0 + luck * random.normal()
        truth = random.random(1_000) < 0.4
        score = 1 / (1 + np.exp(-(random.normal(size=1_000) + skill * (truth - 0.5))))
        codes = np.where(score > 0.5, 0, 1), np.where(truth, 0, 1)
        rows = Rows(None, ("yes", "no"), *codes, score, 0)
        slots = np.zeros(1_000, np.int64)
        found.append(merge([*count_seen(rows, slots, 1), *count_labelled(rows, slots, 1)]))
    return found


def test_days_that_share_their_luck_vary_and_others_do_not() -> None:
    lucky, plain = (varies_of(days(40, luck), "binary", "yes", DAY_US)["roc_auc"] for luck in (0.5, 0.0))
    assert lucky.windows == plain.windows == 40
    assert lucky.variance**0.5 == pytest.approx(0.06, abs=0.025)
    assert plain.variance**0.5 < 0.012


def test_a_week_varies_by_a_seventh_of_a_day_and_an_hour_as_a_day() -> None:
    held = days(20, 0.5)
    day, week, hour = (varies_of(held, "binary", "yes", length)["roc_auc"] for length in (DAY_US, 7 * DAY_US, HOUR_US))
    assert week.variance == pytest.approx(day.variance / 7)
    assert hour == day


def test_estimates_vary_less_than_what_is_realized_and_not_at_all_when_none_can_be_made() -> None:
    held = days(40, 0.5)
    whole = merge(held)
    confidence = learn(whole, "yes")
    told = estimates_vary(held, whole, confidence, DAY_US)
    assert told["roc_auc"].variance < varies_of(held, "binary", "yes", DAY_US)["roc_auc"].variance
    assert estimates_vary([], whole, confidence, DAY_US) == {}


def test_what_is_known_is_told_again_and_the_oldest_is_forgotten() -> None:
    known, made = Known(kept=2), []

    def make(name: str) -> dict[str, Scatter]:
        made.append(name)
        return {}

    for name in ("a", "b", "a", "c", "a", "b"):
        known.get(name, functools.partial(make, name))
    assert made == ["a", "b", "c", "b"]
