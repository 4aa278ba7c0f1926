"""What late labels make of a window that was judged: told once per change that a person would see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from sqlalchemy import Engine

from modelwatch.alerts.persistence import Item
from modelwatch.alerts.revision import in_words, real
from modelwatch.core.column import ColumnKey
from modelwatch.core.figure import Figure, Subject
from modelwatch.core.level import Level
from modelwatch.core.window import DAY_US
from modelwatch.core.wire import Role
from modelwatch.jobs.looked import Looked
from modelwatch.jobs.raise_alerts import align
from modelwatch.jobs.revised import revised_figures
from modelwatch.store import alerts, models
from modelwatch.store.engine import reading, writing
from modelwatch.store.outcome_checks import FigureRow, OutcomeCheck

START = 1_700_000_000_000_000 // DAY_US * DAY_US
AUC = Figure(Subject.PERFORMANCE, "roc_auc")
BRIER = Figure(Subject.PERFORMANCE, "brier")


def window(end: int, auc: float, labelled: float, mature: bool = True) -> OutcomeCheck:
    """A window with one figure that is judged and one that is not."""
    figures = (
        FigureRow(AUC, auc, auc, auc, labelled, 0.72, 0.72 - auc, Level.WARNING),
        FigureRow(BRIER, auc / 2, 0.0, 1.0, labelled),
    )
    return OutcomeCheck(DAY_US, end, end, Level.WARNING, 10_000.0, labelled, mature, figures, {}, {})


def test_the_window_that_got_most_labels_is_told_with_its_judged_figures() -> None:
    before = {end * DAY_US: window(end * DAY_US, 0.681, 5_000.0) for end in (1, 2, 3)}
    fresh = [window(DAY_US, 0.68, 5_100.0), window(2 * DAY_US, 0.6834, 9_118.0), window(3 * DAY_US, 0.68, 5_002.0)]
    found = revised_figures(before, fresh)
    assert set(found) == {AUC}
    said = "Evaluated again: 4,118 late labels; ROC AUC 0.681 -> 0.683, level unchanged"
    assert in_words(found[AUC], "level unchanged") == said


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (window(DAY_US, 0.68, 10.0, mature=False), window(DAY_US, 0.67, 900.0)),
        (window(DAY_US, 0.68, 900.0), window(DAY_US, 0.67, 950.0, mature=False)),
        (window(DAY_US, 0.68, 900.0), window(DAY_US, 0.68, 900.0)),
        (window(2 * DAY_US, 0.68, 900.0), window(DAY_US, 0.67, 950.0)),
    ],
)
def test_a_first_judgement_and_an_unchanged_one_are_no_revision(before: OutcomeCheck, now: OutcomeCheck) -> None:
    assert revised_figures({before.end_us: before}, [now]) == {}


def test_corrected_labels_and_small_changes() -> None:
    before = window(DAY_US, 0.68, 900.0)
    corrected = revised_figures({DAY_US: before}, [window(DAY_US, 0.66, 900.0)])[AUC]
    assert in_words(corrected, "level now critical").startswith("Evaluated again: corrected labels; ROC AUC")
    assert not real(revised_figures({DAY_US: before}, [window(DAY_US, 0.68001, 901.0)])[AUC])


def test_an_alert_that_does_not_hold_any_more_is_withdrawn_and_one_that_does_says_what_changed(engine: Engine) -> None:
    item = Item(ColumnKey(Role.PREDICTION_LABEL, ""), Level.WARNING, 0.04, None, START, figure=AUC)
    revised = revised_figures({START: window(START, 0.681, 1_000.0)}, [window(START, 0.683, 1_500.0)])

    def bring(raised: Mapping[int, Item | None], looked: Looked) -> None:
        with writing(engine) as connection:
            model = models.ensure_model(connection, "default", "m", 0)
            row = models.ensure_deployment(connection, model.id, "production", "1", 0)
            row = replace(row, last_event_us=START + 30 * DAY_US)
            said = {end: {each.key: each} if each else {} for end, each in raised.items()}
            align(connection, model, row, "performance", DAY_US, said, START + 40 * DAY_US, looked)

    def lines() -> list[tuple[str, str]]:
        with reading(engine) as connection:
            (row,) = alerts.list_alerts(connection)
            return [(each.kind, each.text) for each in alerts.list_events(connection, row.id)]

    bring({START: item}, Looked())
    bring({START: item}, Looked(revised=revised))
    bring({START: item}, Looked())
    assert [text for kind, text in lines() if kind == "evaluated_again"] == [
        "Evaluated again: 500 late labels; ROC AUC 0.681 -> 0.683, level unchanged"
    ]
    bring({START + DAY_US: item}, Looked())
    later = revised_figures({START: window(START, 0.683, 1_500.0)}, [window(START, 0.69, 1_600.0)])
    bring({START: item}, Looked(revised=later))  # an old window of an alert that was followed beyond it
    assert [text for kind, text in lines() if kind == "evaluated_again"] == [
        "Evaluated again: 600 late labels; ROC AUC 0.681 -> 0.690, level unchanged"
    ]
    bring({START: None, START + DAY_US: None}, Looked(revised=revised))
    assert ("resolved", "Evaluated again with late data: it no longer holds") in lines()
    assert len([1 for kind, _ in lines() if kind == "evaluated_again"]) == 1


def test_an_alert_that_was_over_says_that_late_data_made_it_go_on(engine: Engine) -> None:
    item = Item(ColumnKey(Role.PREDICTION_LABEL, ""), Level.WARNING, 0.04, None, START, figure=AUC)

    def bring(raised: Mapping[int, Item | None]) -> list[tuple[str, int]]:
        with writing(engine) as connection:
            model = models.ensure_model(connection, "default", "m", 0)
            row = models.ensure_deployment(connection, model.id, "production", "1", 0)
            row = replace(row, last_event_us=START + 2 * DAY_US)
            said = {end: {each.key: each} if each else {} for end, each in raised.items()}
            align(connection, model, row, "performance", DAY_US, said, START + 3 * DAY_US, Looked())
            (found,) = alerts.list_alerts(connection, statuses=("firing", "resolved"))
            lines = alerts.list_events(connection, found.id)
            return [(found.status, sum(each.kind == "reopened" for each in lines))]

    assert bring({START: item, START + DAY_US: None}) == [("resolved", 0)]
    assert bring({START + DAY_US: item}) == [("firing", 1)]
    assert bring({START + DAY_US: item}) == [("firing", 1)]
    assert bring({START + 2 * DAY_US: None}) == [("resolved", 1)]
