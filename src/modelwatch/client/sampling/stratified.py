"""Each stratum (a region, a carrier, a label) at a rate of its own."""

from __future__ import annotations

from collections.abc import Mapping

from modelwatch.client.plain import text
from modelwatch.client.row import FEATURES, LABEL, LOGGED_US, MODEL, TAGS, Row
from modelwatch.client.sampling.sampler import SMALLEST_RATE, checked_rate
from modelwatch.errors import InvalidSettings

MAX_STRATA = 1_000
"""Strata that are counted apart; later ones share one count."""


class Stratified:
    """Keeps predictions by the value of one tag, one feature, or of the predicted label.

    With `rates`, each value has its rate, and all others, a missing one too, have `other`. With `rows`, about that
    many are kept of every stratum of every model in every `per` seconds: the probability is `rows` over what the
    stratum had in the period before or has had in this one, whichever is more, so a small stratum is kept whole. A
    stratum that grows keeps more than `rows` until the period ends, by 1 + ln(growth) times at most. Periods begin at
    the same moment in all services; rows of a data frame count as logged at once.
    """

    __slots__ = ("_counts", "_name", "_other", "_per_us", "_place", "_rates", "_rows", "seed")

    def __init__(
        self,
        *,
        tag: str | None = None,
        feature: str | None = None,
        label: bool = False,
        rates: Mapping[object, float] | None = None,
        other: float = 1.0,
        rows: int | None = None,
        per: float = 3600.0,
        seed: int = 0,
    ) -> None:
        if (tag is not None) + (feature is not None) + bool(label) != 1:
            raise InvalidSettings("strata need one thing to go by", hint="give one of tag=, feature=, label=True")
        if (rates is None) == (rows is None):
            raise InvalidSettings(
                "strata need rates or rows", hint="rates={'us': 0.1}, other=1, or rows=1000, per=3600"
            )
        if rows is not None and (rows < 1 or per <= 0):
            raise InvalidSettings(f"{rows} rows per {per} s are none", hint="both must be positive")
        self._place = LABEL if label else TAGS if tag is not None else FEATURES
        self._name = tag if tag is not None else feature
        self._rates = {
            text(value): checked_rate(rate, f"the rate of {value!r}") for value, rate in (rates or {}).items()
        }
        self._other = checked_rate(other, "the rate of others")
        self._rows = rows
        self._per_us = max(round(per * 1_000_000), 1)
        self._counts: dict[tuple[object, str | None], list[int]] = {}
        self.seed = seed

    def probability(self, row: Row) -> float:
        """The rate of the stratum of this prediction, or what keeps its stratum near its rows."""
        held = row[self._place]
        value = held if self._place == LABEL or held is None else held.get(self._name)
        stratum = value if type(value) is str else text(value)
        if self._rows is None:
            return self._rates.get(stratum, self._other)
        seen = self._seen(row, stratum)
        return 1.0 if seen <= self._rows else max(self._rows / seen, SMALLEST_RATE)

    def _seen(self, row: Row, stratum: str | None) -> int:
        """Rows of the stratum in the period before, or in this one with this row, whichever are more."""
        period = row[LOGGED_US] // self._per_us
        counts = self._counts.get((row[MODEL], stratum))
        if counts is None:
            key = (row[MODEL], stratum) if len(self._counts) < MAX_STRATA else ("", None)
            counts = self._counts.setdefault(key, [period, 0, 0])
        if counts[0] != period:
            counts[:] = (period, 0, counts[1] if counts[0] == period - 1 else 0)
        counts[1] = now = counts[1] + 1
        before = counts[2]
        return now if now > before else before
