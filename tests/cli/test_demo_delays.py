"""The model is honest about its training months and as good as the flights allow afterwards."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from modelwatch.cli.demo import delays
from modelwatch.cli.demo.delays import FOLDS, Scored
from modelwatch.cli.demo.flights import FEATURES, Flights

MEASURED = {0: 0.706, 4: 0.643, 5: 0.723, 6: 0.714, 7: 0.712, 8: 0.683, 9: 0.665, 10: 0.645, 11: 0.657, 12: 0.702}
"""AUC by month of another model of the same flights; month 0 is held-out days of January to March."""


@pytest.fixture(scope="session")
def scored(year: Flights) -> Scored:
    return delays.train(year)


def test_auc_is_near_what_others_measured(scored: Scored) -> None:
    assert scored.auc.keys() == MEASURED.keys()
    for month, auc in MEASURED.items():
        assert scored.auc[month] == pytest.approx(auc, abs=0.03), month


def test_reference_scores_rank_worse_than_those_of_a_model_that_has_seen_the_days(scored: Scored) -> None:
    known = scored.reference[scored.reference["late"].notna()]
    seen = delays.chance(delays.fit(known), known)
    assert roc_auc_score(known["late"], seen) > scored.auc[0] + 0.02


def test_reference_and_production_part_the_year(scored: Scored, year: Flights) -> None:
    assert len(scored.reference) + len(scored.production) == len(year.frame)
    assert scored.reference["scheduled"].max() < scored.production["scheduled"].min()


def test_as_many_are_called_late_as_were_late(scored: Scored) -> None:
    assert (scored.reference["predicted"] == "late").mean() == pytest.approx(scored.reference["late"].mean(), abs=0.001)


def test_a_day_has_no_say_in_its_own_scores(year: Flights) -> None:
    rows = year.frame[year.frame["day"] < "2013-01-31"].iloc[::10].reset_index(drop=True)
    day = rows["day"].dt.day_of_year % FOLDS == 1
    flipped = rows.assign(late=rows["late"].where(~day, 1 - rows["late"]))
    before, after = delays.held_out(rows), delays.held_out(flipped)
    np.testing.assert_array_equal(before[day], after[day])
    assert not np.array_equal(before[~day], after[~day])


def test_the_same_rows_give_the_same_model(year: Flights) -> None:
    rows = year.frame.iloc[:3000]
    np.testing.assert_array_equal(delays.chance(delays.fit(rows), rows), delays.chance(delays.fit(rows), rows))


def test_the_model_reads_nothing_but_the_features(year: Flights) -> None:
    rows = year.frame.iloc[:3000]
    model = delays.fit(rows)
    np.testing.assert_array_equal(delays.chance(model, rows), delays.chance(model, rows[list(FEATURES)]))
