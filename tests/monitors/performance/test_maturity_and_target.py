"""When the labels of a window have come, and whether what comes true has changed."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chi2_contingency

from modelwatch.core.level import Level
from modelwatch.core.window import DAY_US, HOUR_US
from modelwatch.monitors.drift.thresholds import DEFAULT
from modelwatch.monitors.performance.maturity import delays_of, maturity
from modelwatch.monitors.performance.target import target_drift
from modelwatch.profiles.outcomes import EMPTY, Outcomes, Rows, count_labelled, count_seen, merge

HORIZON_S = 30 * 86_400.0


def outcomes(n: int, labelled: np.ndarray, positive: np.ndarray, delay_us: np.ndarray) -> Outcomes:
    actual = np.where(labelled, positive.astype(int), -1)
    rows = Rows(labels=("no", "yes"), predicted=np.zeros(n, np.int64), actual=actual, delay_us=delay_us)
    slots = np.zeros(n, np.int64)
    return merge([*count_seen(rows, slots, 1), *count_labelled(rows, slots, 1)])


@pytest.fixture(scope="module")
def history() -> Outcomes:
    """Half of the predictions get a label, evenly within ten days."""
    random = np.random.default_rng(0)
    n = 20_000
    delay = (random.random(n) * 10 * DAY_US).astype(np.int64)
    return outcomes(n, random.random(n) < 0.5, random.random(n) < 0.2, delay)


def test_delays_tell_the_share_that_is_labelled_by_an_age(history: Outcomes) -> None:
    delays = delays_of(history)
    assert delays is not None
    assert delays.final == pytest.approx(0.5, abs=0.01)
    ages = np.array([1.0, 5.0, 20.0]) * 86_400
    # a delay is known to a quarter of a doubling: the share lies between that of the age and of 84 % of it
    assert (delays.share(ages) <= np.minimum(ages / 864_000, 1) * 0.5 + 0.01).all()
    assert (delays.share(ages) >= np.minimum(ages * 0.84 / 864_000, 1) * 0.5 - 0.02).all()
    assert delays_of(EMPTY) is None


def test_a_window_whose_fraud_alone_is_reported_is_immature_not_a_collapse(history: Outcomes) -> None:
    random = np.random.default_rng(1)
    positive = random.random(3_000) < 0.02
    window = outcomes(3_000, positive, positive, np.full(3_000, HOUR_US))
    found = maturity(window, 86_400.0, delays_of(history), HORIZON_S)
    assert not found.mature
    assert "in the end about 50%" in found.reason
    assert 0 < found.mature_in_s < 12 * 86_400


def test_a_window_is_mature_when_nearly_all_labels_are_there(history: Outcomes) -> None:
    random = np.random.default_rng(2)
    window = outcomes(2_000, random.random(2_000) < 0.5, np.zeros(2_000, bool), np.full(2_000, DAY_US))
    assert maturity(window, 15 * 86_400.0, delays_of(history), HORIZON_S).mature
    early = outcomes(2_000, random.random(2_000) < 0.49, np.zeros(2_000, bool), np.full(2_000, DAY_US))
    assert maturity(early, 3_600.0, delays_of(history), HORIZON_S).mature


def test_labels_that_should_be_there_and_are_not_are_told(history: Outcomes) -> None:
    window = outcomes(2_000, np.arange(2_000) < 100, np.zeros(2_000, bool), np.full(2_000, DAY_US))
    found = maturity(window, 25 * 86_400.0, delays_of(history), HORIZON_S)
    assert "should be by now" in found.reason


def test_without_a_past_a_window_waits_for_all_labels_or_for_the_horizon() -> None:
    window = outcomes(1_000, np.arange(1_000) < 300, np.zeros(1_000, bool), np.full(1_000, DAY_US))
    assert not maturity(window, 86_400.0, None, HORIZON_S).mature
    assert maturity(window, HORIZON_S, None, HORIZON_S).mature
    assert maturity(outcomes(9, np.ones(9, bool), np.ones(9, bool), np.ones(9, np.int64)), 1.0, None, HORIZON_S).mature
    assert not maturity(EMPTY, 1.0, None, HORIZON_S).mature


def labels(share: float, n: int, seed: int) -> Outcomes:
    random = np.random.default_rng(seed)
    return outcomes(n, np.ones(n, bool), random.random(n) < share, np.zeros(n, np.int64))


def test_the_test_of_labels_is_that_of_scipy() -> None:
    before, now = labels(0.3, 4_000, 1), labels(0.33, 1_500, 2)
    found = target_drift(now, before, DEFAULT)
    assert found is not None
    shares = {name: (p, q) for name, p, q in found.shares}
    table = [[shares[name][0] * 1_500, shares[name][1] * 4_000] for name in ("no", "yes")]
    assert found.p_value == pytest.approx(chi2_contingency(table, correction=False).pvalue, rel=1e-6)


def test_levels_need_certain_and_large() -> None:
    before = labels(0.3, 20_000, 1)
    levels = [target_drift(labels(share, 5_000, 3), before, DEFAULT) for share in (0.3, 0.34, 0.5, 0.7)]
    assert [each.level for each in levels if each] == [Level.OK, Level.NOTICE, Level.WARNING, Level.CRITICAL]
    few = target_drift(labels(0.9, 50, 4), before, DEFAULT)
    assert few is not None
    assert few.level is Level.INSUFFICIENT_DATA
    assert target_drift(EMPTY, before, DEFAULT) is None


def numbers(mean: float, n: int, seed: int) -> Outcomes:
    random = np.random.default_rng(seed)
    truth = random.normal(mean, 1.0, n)
    return count_labelled(Rows(value=np.zeros(n), truth=truth), np.zeros(n, np.int64), 1)[0]


def test_numbers_are_compared_by_the_tenths_of_the_baseline() -> None:
    before = numbers(0.0, 20_000, 1)
    same, moved = (
        target_drift(numbers(0.0, 5_000, 2), before, DEFAULT),
        target_drift(numbers(0.6, 5_000, 3), before, DEFAULT),
    )
    assert same is not None
    assert moved is not None
    assert len(same.shares) == 10
    assert max(abs(q - 0.1) for _, _, q in same.shares) < 0.02
    assert same.level is Level.OK
    assert moved.level is Level.CRITICAL
    assert moved.size == pytest.approx(0.36, abs=0.05)  # PSI of a shift by d standard deviations is d squared


def test_no_change_is_at_notice_once_in_a_hundred() -> None:
    before = labels(0.3, 50_000, 1)
    levels = [target_drift(labels(0.3, 1_000, seed), before, DEFAULT) for seed in range(600)]
    assert sum(each is not None and each.level is not Level.OK for each in levels) <= 14  # 6 expected, p < .002
