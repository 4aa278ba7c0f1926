"""Profiles along time, and their sum over any stretch of it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from modelwatch.profiles.binning import Binning
from modelwatch.profiles.profile import Profile, empty


@dataclass(frozen=True, slots=True)
class Piece:
    """The profile of the stretch `[start, start + span)`."""

    start: int
    span: int
    profile: Profile


class Tally:
    """A sum of profiles that grows in place."""

    def __init__(self, binning: Binning) -> None:
        nothing = empty(binning)
        self.binning = binning.id
        self.counts, self.moments, self.extremes = nothing.counts, nothing.moments, nothing.extremes
        self.rows = self.weight = self.weight_sq = 0.0

    def add(self, more: Profile, share: float = 1.0) -> None:
        """Add the rows of a profile, each worth `share` (0 to 1) of itself. Raises `ValueError` on other bins."""
        if more.binning != self.binning:
            raise ValueError(f"profiles on different binnings do not add up: {self.binning} and {more.binning}")
        self.counts += more.counts if share == 1.0 else more.counts * share
        self.moments += more.moments if share == 1.0 else more.moments * share
        low, high = self.extremes.T
        np.minimum(low, more.extremes[:, 0], out=low)
        np.maximum(high, more.extremes[:, 1], out=high)
        self.rows += more.rows * share
        self.weight += more.weight * share
        self.weight_sq += more.weight_sq * share * share

    def profile(self) -> Profile:
        """The sum so far, on arrays that go on growing with the tally."""
        return Profile(self.binning, self.counts, self.moments, self.extremes, self.rows, self.weight, self.weight_sq)


class Timeline:
    """Pieces that do not overlap much (late rows lie beside the hour they belong to), summed over stretches.

    A piece that reaches over the edge of a stretch counts by the share that lies inside, as if its rows had come
    evenly: within an hour that was rolled up nothing finer is known.
    """

    def __init__(self, pieces: Iterable[Piece], binning: Binning) -> None:
        self.pieces = sorted(pieces, key=lambda piece: piece.start)
        self.starts = [piece.start for piece in self.pieces]
        self.longest = max((piece.span for piece in self.pieces), default=0)
        self.binning = binning

    def add_to(self, tally: Tally, start: int, end: int) -> int:
        """Add the rows of `[start, end)` to a sum; returns how many pieces had some."""
        first = bisect_left(self.starts, start - self.longest + 1)
        found = 0
        for piece in self.pieces[first : bisect_left(self.starts, end)]:
            inside = min(piece.start + piece.span, end) - max(piece.start, start)
            if inside > 0:
                tally.add(piece.profile, 1.0 if inside == piece.span else inside / piece.span)
                found += piece.profile.rows > 0
        return found

    def between(self, start: int, end: int) -> Profile:
        """The profile of `[start, end)`."""
        tally = Tally(self.binning)
        self.add_to(tally, start, end)
        return tally.profile()
