"""The replay sends every flight once, in event time, and no outcome before its prediction."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest

from modelwatch.cli.demo.delays import Scored
from modelwatch.cli.demo.flights import FEATURES
from modelwatch.cli.demo.replay import TAGS, Day, days, replay, set_reference
from modelwatch.client import Client
from modelwatch.errors import ModelwatchError
from tests.cli.sink import Sink

PREDICTIONS, ACTUALS = "/api/v1/predictions", "/api/v1/actuals"
ID = "prediction_id:prediction_id"


def replayed(few: Scored, sink: Sink, after: str = "") -> list[Day]:
    seen: list[Day] = []
    with Client(transport=sink) as client:
        replay(client, few, seen.append, after)
    return seen


def ids(sink: Sink) -> list[tuple[str, list[str]]]:
    return [(path, columns[ID]) for path, columns in sink.sent]


def test_every_flight_is_sent_once(few: Scored) -> None:
    sink = Sink()
    replayed(few, sink)
    assert sorted(sink.column(PREDICTIONS, ID)) == sorted(few.production["prediction_id"])
    landed = few.production[few.production["landed"].notna()]
    assert sorted(sink.column(ACTUALS, ID)) == sorted(landed["prediction_id"])
    assert 0 < len(landed) < len(few.production)


def test_no_outcome_comes_before_its_prediction(few: Scored) -> None:
    sink = Sink()
    replayed(few, sink)
    known: set[str] = set()
    for path, columns in sink.sent:
        if path == PREDICTIONS:
            known.update(columns[ID])
        else:
            assert known.issuperset(columns[ID])


def test_days_follow_each_other_and_keep_their_order(few: Scored) -> None:
    all_days = list(days(few.production))
    assert [day.date for day in all_days] == sorted({day.date for day in all_days})
    for day in all_days:
        assert day.departures["scheduled"].is_monotonic_increasing
        assert day.landings["landed"].is_monotonic_increasing
    for earlier, later in pairwise(all_days):
        assert earlier.landings["landed"].max() < later.landings["landed"].min()


def test_what_is_sent_is_what_the_model_saw_and_said(few: Scored) -> None:
    sink = Sink()
    replayed(few, sink)
    expected = few.production.set_index("prediction_id").loc[sink.column(PREDICTIONS, ID)]
    assert sink.column(PREDICTIONS, "timestamp:timestamp") == list(expected["scheduled"])
    assert sink.column(PREDICTIONS, "prediction_score:prediction_score") == list(expected["score"])
    assert sink.column(PREDICTIONS, "prediction_label:prediction_label") == list(expected["predicted"])
    for name in FEATURES:
        sent = sink.column(PREDICTIONS, f"feature:{name}")
        for value, wanted, missing in zip(sent, expected[name], expected[name].isna(), strict=True):
            assert (value is None or math.isnan(value)) if missing else value == wanted
    for name in TAGS:
        assert sink.column(PREDICTIONS, f"tag:{name}") == list(expected[name])
    outcome = few.production.set_index("prediction_id").loc[sink.column(ACTUALS, ID)]
    assert sink.column(ACTUALS, "timestamp:timestamp") == list(outcome["landed"])
    assert [label == "late" for label in sink.column(ACTUALS, "actual_label:actual_label")] == list(
        outcome["late"] == 1
    )


def test_the_reference_has_the_columns_of_the_predictions(few: Scored) -> None:
    sink = Sink()
    with Client(transport=sink) as client:
        set_reference(client, few)
    replayed(few, sink)
    (path, reference), (_, prediction) = sink.sent[:2]
    assert path.startswith("/api/v1/models/flight-delay/versions/")
    assert reference.keys() - prediction.keys() == {"actual_label:actual_label"}  # what came true of it
    assert prediction.keys() <= reference.keys()
    assert reference[ID] == list(few.reference["prediction_id"])


def test_going_on_sends_the_rest_and_nothing_else(few: Scored) -> None:
    whole, rest = Sink(), Sink()
    all_days = replayed(few, whole)
    stop = all_days[2].date
    assert [day.date for day in replayed(few, rest, stop)] == [day.date for day in all_days[3:]]
    assert 0 < len(rest.sent) < len(whole.sent)
    assert ids(rest) == ids(whole)[-len(rest.sent) :]


def test_a_day_that_was_not_taken_stops_the_replay(few: Scored) -> None:
    sink, seen = Sink(dies_after=5), []
    with Client(transport=sink) as client, pytest.raises(ModelwatchError, match="did not take all of 2013-11-02"):
        replay(client, few, seen.append)
    assert [day.date for day in seen] == ["2013-10-31", "2013-11-01"]
