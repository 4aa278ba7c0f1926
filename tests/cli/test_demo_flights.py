"""The prepared flights say what the files say, and nothing that is not known when the door closes."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd

from modelwatch.cli.demo import flights
from modelwatch.cli.demo.flights import FEATURES, HOME, LATE_MINUTES, WEATHER, Flights

KNOWN_ONLY_AFTERWARDS = {"dep_time", "dep_delay", "arr_time", "arr_delay", "air_time", "landed", "late"}


def test_every_flight_is_there_once(year: Flights) -> None:
    assert len(year.frame) == 336_776
    assert year.frame["prediction_id"].is_unique
    assert year.frame["scheduled"].is_monotonic_increasing


def test_features_are_known_at_departure() -> None:
    assert not KNOWN_ONLY_AFTERWARDS & set(FEATURES)
    assert "month" not in FEATURES


def test_scheduled_is_the_clock_of_new_york(year: Flights, raw: dict[str, dict[str, str]]) -> None:
    scheduled = year.frame.set_index("prediction_id")["scheduled"]
    for name, row in raw.items():
        date = (2013, int(row["month"]), int(row["day"]))
        local = datetime(*date, int(row["hour"]), int(row["minute"]), tzinfo=ZoneInfo(HOME))
        assert scheduled[name] == local.astimezone(UTC)


def test_landed_fits_both_the_schedule_and_the_time_in_the_air(year: Flights, raw: dict[str, dict[str, str]]) -> None:
    landed = year.frame.set_index("prediction_id")[["scheduled", "landed"]]
    with (flights.folder() / "airports.csv").open(encoding="utf-8") as file:
        zones = {row["faa"]: row["tzone"] for row in csv.DictReader(file)} | flights.ELSEWHERE
    for name, row in raw.items():
        scheduled, at = landed.loc[name]
        if row["arr_delay"] in ("", "NA"):
            assert pd.isna(at)
            continue
        # left + flew + taxied: at least a minute on the ground, never a day
        taxi = at - scheduled - timedelta(minutes=float(row["dep_delay"]) + float(row["air_time"]))
        assert timedelta(minutes=1) <= taxi <= timedelta(hours=5), name
        clock = at.tz_convert(ZoneInfo(zones[row["dest"]]))
        assert (clock.hour * 60 + clock.minute) % 1440 == hhmm(row["arr_time"]) % 1440, name


def test_late_is_more_than_fifteen_minutes(year: Flights, raw: dict[str, dict[str, str]]) -> None:
    late = year.frame.set_index("prediction_id")["late"]
    for name, row in raw.items():
        if row["arr_delay"] in ("", "NA"):
            assert pd.isna(late[name])
        else:
            assert late[name] == (float(row["arr_delay"]) > LATE_MINUTES)


def test_weather_is_that_of_the_hour_and_the_airport(year: Flights, raw: dict[str, dict[str, str]]) -> None:
    with (flights.folder() / "weather.csv").open(encoding="utf-8") as file:
        weather = {(row["origin"], row["time_hour"]): row for row in csv.DictReader(file)}
    joined = year.frame.set_index("prediction_id")
    for name, row in raw.items():
        hour = weather.get((row["origin"], row["time_hour"]), {})
        for column in WEATHER:
            expected, value = hour.get(column, "NA"), joined.at[name, column]
            assert pd.isna(value) if expected in ("", "NA") else value == float(expected), (name, column)


def test_an_hour_that_comes_twice_is_the_first_and_one_that_never_comes_moves_on() -> None:
    twice, never = pd.Timestamp("2013-11-03 01:30"), pd.Timestamp("2013-03-10 02:30")
    moments = flights.to_utc(pd.Series([twice, never]), HOME)
    assert list(moments) == [pd.Timestamp("2013-11-03 05:30", tz="UTC"), pd.Timestamp("2013-03-10 07:00", tz="UTC")]


def hhmm(text: str) -> int:
    """Minutes since midnight of a time such as 1745."""
    hours, minutes = divmod(int(float(text)), 100)
    return hours * 60 + minutes
