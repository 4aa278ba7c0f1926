"""April to December again, in event time, through the public client: a day's predictions, then the day's landings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import pandas as pd

from modelwatch.cli.demo.delays import MODEL_ID, MODEL_VERSION, Scored, labels
from modelwatch.cli.demo.flights import FEATURES, HOME
from modelwatch.client import Client
from modelwatch.errors import ModelwatchError

TAGS: Final = ("carrier", "origin")
FLUSH_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class Day:
    """One day of New York: the flights scheduled on it and the flights that landed on it."""

    date: str
    departures: pd.DataFrame
    landings: pd.DataFrame


def days(production: pd.DataFrame) -> Iterator[Day]:
    """The days in order. A flight that lands after midnight is in `landings` of a later day than its departure.

    Flights that were cancelled or diverted are in no `landings`: nobody ever learns whether they were late.
    """
    down = production[production["landed"].notna()].sort_values(["landed", "prediction_id"])
    down_on = down["landed"].dt.tz_convert(HOME).dt.tz_localize(None).dt.normalize()
    departures, landings = dict(list(production.groupby("day"))), dict(list(down.groupby(down_on)))
    for date in sorted(departures.keys() | landings.keys()):
        yield Day(
            str(date.date()),
            departures.get(date, production.iloc[:0]),
            landings.get(date, down.iloc[:0]).assign(outcome=lambda rows: labels(rows["late"] == 1.0)),
        )


def set_reference(client: Client, scored: Scored) -> None:
    """January to March is what the model has learnt: what comes later is compared with it.

    Each day was scored by a model that had not seen it, so how well it was scored is what can be expected.
    """
    known = scored.reference["late"].notna()
    outcome = pd.Series(labels(scored.reference["late"] == 1.0), index=scored.reference.index, dtype=object)
    client.set_reference(
        scored.reference.assign(outcome=outcome.where(known, None)),
        model_id=MODEL_ID,
        model_version=MODEL_VERSION,
        prediction_id="prediction_id",
        timestamp="scheduled",
        prediction_label="predicted",
        prediction_score="score",
        features=list(FEATURES),
        tags=list(TAGS),
        actual_label="outcome",
    )


def replay(client: Client, scored: Scored, on_day: Callable[[Day], None], after: str = "") -> None:
    """Sends every day later than `after`; `on_day` is told of each one once the server has acknowledged all of it.

    Who stores that day and passes it as `after` the next time sends nothing twice, unless the process dies between the
    acknowledgement and the storing: then that one day comes twice, under the same prediction ids.
    """
    for day in days(scored.production):
        if day.date <= after:
            continue
        send(client, day)
        confirm(client, day)
        on_day(day)


def send(client: Client, day: Day) -> None:
    """Hands one day to the client."""
    if len(day.departures):
        client.log_frame(
            day.departures,
            model_id=MODEL_ID,
            model_version=MODEL_VERSION,
            prediction_id="prediction_id",
            timestamp="scheduled",
            prediction_label="predicted",
            prediction_score="score",
            features=list(FEATURES),
            tags=list(TAGS),
        )
    if len(day.landings):
        client.log_actuals_frame(
            day.landings,
            model_id=MODEL_ID,
            prediction_id="prediction_id",
            actual_label="outcome",
            timestamp="landed",
        )


def confirm(client: Client, day: Day) -> None:
    """Waits until the server has made the day durable; a demo that loses rows is worse than one that stops."""
    settled = client.flush(FLUSH_SECONDS)
    stats = client.stats()
    lost = stats.dropped + stats.failed
    if lost or not settled:
        raise ModelwatchError(
            f"the server did not take all of {day.date}: {stats.queued} rows wait, {lost} are lost"
            + (f" ({stats.last_error})" if stats.last_error else ""),
            hint="run the demo again: it goes on after the last day that was taken",
        )
