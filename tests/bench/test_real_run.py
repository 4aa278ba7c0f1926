"""Late flights of 2013 through a real fold, join and check: what is found is what happened."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from bench.real_run import real_run
from bench.truth import replay
from bench.truth_data import Model, late_flights
from modelwatch.cli.demo import delays, flights
from modelwatch.core.figure import Subject
from modelwatch.core.level import Level
from modelwatch.core.window import DAY_US

EVERY = 4
"""One flight in four is enough to see it."""
WEEK = pd.Timedelta(days=7)


@pytest.fixture(scope="module")
def model() -> Model:
    """May and June, which are as good as the reference, and September and October, which are not."""
    known = flights.load().frame.iloc[::EVERY].reset_index(drop=True)
    scored = delays.train(flights.Flights(known[known["month"].isin([1, 2, 3, 5, 6, 9, 10])]))
    return late_flights(scored)


def test_what_the_server_finds_of_late_flights_is_what_happened(model: Model, tmp_path: Path) -> None:
    with real_run(tmp_path) as run:
        replay(run, model)
        checks, alerts = run.checks(), run.alerts()
    rows = model.rows[model.rows["came"].notna()]
    full = [check for check in checks if check.labelled >= 1_000]
    for check in full[:: len(full) // 5]:
        end = pd.Timestamp(check.end_us, unit="us", tz="UTC")
        held = rows[(rows["at"] >= end - WEEK) & (rows["at"] < end)]
        (auc,) = (
            row for row in check.figures if row.figure.subject is Subject.PERFORMANCE and row.figure.metric == "roc_auc"
        )
        assert check.length_us == 7 * DAY_US
        assert check.labelled == pytest.approx(len(held))
        assert auc.value == pytest.approx(roc_auc_score(held["came"] == "late", held["score"]), abs=1e-3)
    fell = [alert for alert in alerts if alert.kind == Subject.PERFORMANCE]
    assert any(alert.peak_level is Level.CRITICAL for alert in fell)
    months = {pd.Timestamp(alert.opened_us, unit="us").month for alert in fell}
    assert months <= {9, 10}
    temperature = [alert for alert in alerts if alert.kind == "data_drift" and alert.opened_us < fell[0].opened_us]
    assert any("temp" in {item.column.name for item in alert.peak_items} for alert in temperature)
