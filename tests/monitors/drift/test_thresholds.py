import numpy as np
import pytest
from scipy import stats

from modelwatch.core.window import DAY_US, HOUR_US, WINDOW_LENGTHS_US
from modelwatch.monitors.drift import DEFAULT, Thresholds, expected, thresholds_for
from modelwatch.monitors.drift.budget import large
from modelwatch.monitors.drift.rates import RATES
from modelwatch.monitors.drift.thresholds import GROUPS_SHARE, OMNIBUS_SHARE, SMOOTH_SHARE


def test_the_parts_of_an_allowance_add_up_to_it():
    assert SMOOTH_SHARE + OMNIBUS_SHARE + sum(rate.numbers for rate in RATES) == pytest.approx(1)
    assert GROUPS_SHARE + sum(rate.categories for rate in RATES) == pytest.approx(1)
    assert min(SMOOTH_SHARE, GROUPS_SHARE) > 0.9


@pytest.mark.parametrize("length", WINDOW_LENGTHS_US)
@pytest.mark.parametrize("series", [1, 21])
def test_all_looks_of_a_day_together_stay_within_the_budget(length, series):
    limits = thresholds_for({}, length, series)
    looks = DAY_US / max(5 * 60 * 1_000_000, length // 12)
    assert limits.certain_below(50) * 50 * looks * series * 1000 == pytest.approx(1.0)
    assert limits.notice_below(50) * 50 == pytest.approx(0.01)


def test_settings_are_taken_and_others_are_left_alone():
    limits = thresholds_for({"psi_warning": 0.3, "alerts_per_1000_days": 10, "k": 3, "psi_critical": None}, HOUR_US)
    assert limits == Thresholds(psi_warning=0.3, alerts_per_1000_days=10.0, looks=288.0)


def test_a_critical_model_shares_its_budget_with_the_sequential_test():
    limits, usual = thresholds_for({"critical": True}, DAY_US), thresholds_for({}, DAY_US)
    assert limits.certain_below(50) == pytest.approx(usual.certain_below(50) / 2)
    assert limits.notice_below(50) == usual.notice_below(50)


def test_a_month_is_never_more_than_the_budget_says():
    for rows in (200, 500, 2_000, 100_000):
        for length in WINDOW_LENGTHS_US:
            found = expected(thresholds_for({}, length), 50, rows, 100_000)
            assert 0 <= found.alerts_about <= found.alerts_at_most <= 30 / 1000 + 1e-12
            assert found.notices == pytest.approx(30 * thresholds_for({}, length).looks * 0.01)


def test_a_looser_setting_costs_more():
    def month(**said):
        return expected(thresholds_for(said, DAY_US), 50, 2_000, 100_000).alerts_at_most

    assert month() < month(alerts_per_1000_days=20) < month(alerts_per_1000_days=500)
    assert month(psi_warning=0.01, alerts_per_1000_days=500) > month(psi_warning=0.02, alerts_per_1000_days=500)
    once = expected(DEFAULT, 50, 2_000, 100_000, k=1, n=1)
    assert once.alerts_about == once.alerts_at_most


def test_how_often_psi_is_large_by_chance_is_what_sampling_says():
    rng = np.random.default_rng(7)
    n, m, floor = 300, 3_000, 0.05
    p = rng.multinomial(n, [0.1] * 10, size=40_000) / n
    q = rng.multinomial(m, [0.1] * 10, size=40_000) / m
    psi = np.sum((p - q) * np.log(np.maximum(p, 1e-4) / q), axis=1)
    often = np.mean(psi - 9 * (1 / n + 1 / m) >= floor)
    assert large(floor, n, m) == pytest.approx(often, rel=0.35)
    assert large(floor, n, m) == pytest.approx(stats.chi2.sf(9 + floor / (1 / n + 1 / m), 9))
