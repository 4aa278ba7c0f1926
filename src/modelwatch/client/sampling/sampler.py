"""One prediction and a sampler: kept, with the weight that it then has, or not."""

from __future__ import annotations

from typing import Protocol
from zlib import crc32

from modelwatch.client.plain import number, text
from modelwatch.client.row import PREDICTION_ID, WEIGHT, Row
from modelwatch.errors import InvalidSettings

SMALLEST_RATE = 1e-6
"""Under it a kept row would stand for more than a million, and 32 bits of draw would show."""
_MASK = 0xFFFFFFFF
_UNIT = 2.0**-32


class Sampler(Protocol):
    """Says with which probability a prediction is to be kept; may look at what came before, never at what is drawn.

    Safe to be called from many threads, and never waits. Where two threads race for a count, one may be lost: the
    probability is then a little off, and still the one that the weight is made of.
    """

    @property
    def seed(self) -> int:
        """Samplers of equal seed draw the same number for the same prediction."""

    def probability(self, row: Row) -> float:
        """From above 0 to 1."""


def weighed(row: Row, sampler: Sampler | None) -> float | None:
    """The weight that the prediction has when it is kept, None when it is not; all are kept without a sampler."""
    if sampler is None:
        probability = 1.0
    else:
        probability = sampler.probability(row)
        if probability < 1.0 and draw(row[PREDICTION_ID], sampler.seed) >= probability:
            return None
    own = row[WEIGHT]
    if own is None:
        return 1.0 / probability
    if type(own) is not float:
        readable = number(own)[0]
        if readable is None:
            return own  # type: ignore[no-any-return]  # it is counted as coerced when it is sent
        own = readable
    return own / probability


def draw(prediction_id: object, seed: int) -> float:
    """The number in [0, 1) that belongs to a prediction: the same in every process, at every try.

    A cyclic redundancy check of the id, mixed as MurmurHash3 mixes its last block (Appleby, 2011): as good as random
    for ids that count up, and a third of the price of a cryptographic hash.
    """
    name = prediction_id if type(prediction_id) is str else text(prediction_id) or ""
    mixed = crc32(name.encode("utf-8", "surrogatepass")) ^ seed * 0x9E3779B9 & _MASK
    mixed = (mixed ^ mixed >> 16) * 0x85EBCA6B & _MASK
    mixed = (mixed ^ mixed >> 13) * 0xC2B2AE35 & _MASK
    return (mixed ^ mixed >> 16) * _UNIT


def checked_rate(rate: float, what: str = "a sampling rate") -> float:
    """The rate as a float; `InvalidSettings` unless it lies in [1e-6, 1]."""
    if isinstance(rate, bool) or not isinstance(rate, int | float) or not SMALLEST_RATE <= rate <= 1:
        raise InvalidSettings(
            f"{what} of {rate!r} is none", hint=f"give a share of the rows from {SMALLEST_RATE:g} to 1, say 0.1"
        )
    return float(rate)
