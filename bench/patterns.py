"""Five kinds of traffic whose volume and features follow hour and weekday, without any drift: for `seasonal`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from modelwatch.core.column import ColumnKey
from modelwatch.core.window import BUCKET_US, DAY_US, HOUR_US
from modelwatch.core.wire import Role
from modelwatch.profiles import CategoryValues, NumericValues, Values

Floats = NDArray[np.float64]
NUMBERS, CATEGORIES = 9, 3
BUCKETS = DAY_US // BUCKET_US
START = int(datetime(2025, 12, 1, tzinfo=UTC).timestamp()) * 1_000_000
"""A Monday in winter: in the 146 days that follow, clocks go forward."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Pattern:
    """Traffic: rows an hour by (hour of the day, weekday from Monday 0), and how much days differ by themselves."""

    name: str
    length: int
    volume: Callable[[Floats, Floats], Floats]
    zone: str = "UTC"
    swing: float = 0.6
    """How far the mean of a number moves in a day, in its standard deviations."""
    noise: float = 0.0
    """Standard deviation of the mean of a day around its season, AR(1) with .6 from day to day."""


def bump(hour: Floats, at: float, width: float) -> Floats:
    """A peak around an hour of the day."""
    away = np.minimum(np.abs(hour - at), 24 - np.abs(hour - at))
    answer: Floats = np.exp(-0.5 * (away / width) ** 2)
    return answer


def shop(hour: Floats, day: Floats) -> Floats:
    """Evenings, more at weekends."""
    return (200 + 1800 * bump(hour, 20, 3)) * (1 + 0.5 * (day > 4))


def office(hour: Floats, day: Floats) -> Floats:
    """Nine to five, next to nothing at weekends."""
    return np.where(day > 4, 40.0, 40 + 900 * bump(hour, 13, 2.5))


def rides(hour: Floats, day: Floats) -> Floats:
    """Two rush hours, late nights at weekends."""
    return 250 + 1500 * np.where(day > 4, bump(hour, 23, 3), bump(hour, 8, 1.2) + bump(hour, 18, 1.5))


def payments(hour: Floats, day: Floats) -> Floats:
    """All day, every day."""
    return 300 + 500 * bump(hour, 14, 5)


def weather(hour: Floats, day: Floats) -> Floats:
    """Few rows, a little more at noon."""
    return 120 + 80 * bump(hour, 12, 4)


PATTERNS = (
    Pattern("shop: evenings, more at weekends", HOUR_US, shop),
    Pattern("office: nine to five in Berlin, clocks go forward", 6 * HOUR_US, office, zone="Europe/Berlin"),
    Pattern("rides: two rush hours, late at weekends", HOUR_US, rides, swing=1.0),
    Pattern("payments: other people at night", 6 * HOUR_US, payments, swing=1.5),
    Pattern("weather: days that resemble the day before", DAY_US, weather, noise=0.07),
)


def keys() -> list[ColumnKey]:
    """The columns: numbers, then categories."""
    names = [f"n{i}" for i in range(NUMBERS)] + [f"c{i}" for i in range(CATEGORIES)]
    return [ColumnKey(Role.FEATURE, name) for name in names]


def local(start_us: int, zone: str) -> tuple[Floats, Floats]:
    """Hour of the day and weekday on the clock of a zone, for the buckets of the UTC day that begins at `start_us`."""
    hours, days = np.zeros(BUCKETS), np.zeros(BUCKETS)
    for i in range(BUCKETS):
        moment = (EPOCH + timedelta(microseconds=start_us + i * BUCKET_US)).astimezone(ZoneInfo(zone))
        hours[i], days[i] = moment.hour + moment.minute / 60, moment.weekday()
    return hours, days


class Traffic:
    """A pattern day by day; `shift` moves the first number by that many of its standard deviations."""

    def __init__(self, pattern: Pattern, seed: int) -> None:
        self.pattern, self.rng = pattern, np.random.default_rng(seed)
        self.phase = self.rng.uniform(0, 24, NUMBERS + CATEGORIES)
        self.weekend = self.rng.normal(0, 0.3, NUMBERS + CATEGORIES)
        self.drifting = np.zeros(NUMBERS + CATEGORIES)

    def day(self, start_us: int, shift: float = 0.0) -> tuple[dict[ColumnKey, Values], NDArray[np.int32]]:
        """The rows of a day, and the bucket of each."""
        rng, pattern = self.rng, self.pattern
        hour, weekday = local(start_us, pattern.zone)
        fresh = rng.normal(0, pattern.noise * 0.8, len(self.drifting))
        self.drifting = 0.6 * self.drifting + fresh
        rate = pattern.volume(hour, weekday) / 12 * rng.lognormal(0, 0.08)
        slots = np.repeat(np.arange(BUCKETS, dtype=np.int32), rng.poisson(rate))
        seasons = [
            pattern.swing * np.sin((hour - self.phase[i]) / 24 * 2 * np.pi)
            + self.weekend[i] * (weekday > 4)
            + self.drifting[i]
            for i in range(NUMBERS + CATEGORIES)
        ]
        values: dict[ColumnKey, Values] = {}
        for i, key in enumerate(keys()):
            season = seasons[i][slots]
            values[key] = (
                self.number(i, season, shift if i == 0 else 0.0)
                if i < NUMBERS
                else self.category((4, 8, 20)[i - NUMBERS], season)
            )
        return values, slots

    def number(self, i: int, season: Floats, shift: float) -> NumericValues:
        """Normal, lognormal, or a count; every third column is null more often at some hours."""
        rng, n = self.rng, len(season)
        # the standard deviation of the whole, the swing included, so that a shift means what it says
        z = season + rng.normal(0, 1, n) + shift * np.sqrt(1 + self.pattern.swing**2 / 2)
        value = z if i % 3 == 0 else np.exp(0.7 * z) if i % 3 == 1 else rng.poisson(np.exp(1.2 + 0.4 * z)).astype(float)
        missing = rng.random(n) < 0.02 + 0.02 * np.clip(season, -0.9, 3) if i % 3 == 2 else np.zeros(n, np.bool_)
        return NumericValues(np.where(missing, np.nan, value), missing)

    def category(self, levels: int, season: Floats) -> CategoryValues:
        """A mix of levels that leans to one end or the other with the season."""
        place = np.linspace(-1, 1, levels)
        logits = -0.15 * np.arange(levels)[None, :] + 0.6 * season[:, None] * place[None, :]
        logits += self.rng.gumbel(size=(len(season), levels))
        return CategoryValues(logits.argmax(axis=1).astype(np.int32), tuple(f"level {i}" for i in range(levels)))
