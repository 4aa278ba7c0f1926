"""Every prediction alike."""

from __future__ import annotations

from modelwatch.client.row import Row
from modelwatch.client.sampling.sampler import checked_rate


class Uniform:
    """Keeps each prediction with the same probability.

    What is kept at a rate is also kept at every higher one of the same seed, in this service and in any other.
    """

    __slots__ = ("rate", "seed")

    def __init__(self, rate: float, *, seed: int = 0) -> None:
        self.rate = checked_rate(rate)
        self.seed = seed

    def probability(self, row: Row) -> float:
        """The rate, whatever the prediction."""
        return self.rate
