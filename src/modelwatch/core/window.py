"""Time as the monitors see it: 5-minute buckets, windows on a grid, and which windows a bucket touches.

All times are integers: microseconds since 1970-01-01 UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

MINUTE_US: Final = 60_000_000
HOUR_US: Final = 60 * MINUTE_US
DAY_US: Final = 24 * HOUR_US
BUCKET_US: Final = 5 * MINUTE_US
WINDOW_LENGTHS_US: Final = (BUCKET_US, HOUR_US, 6 * HOUR_US, DAY_US, 7 * DAY_US)
LONGEST_US: Final = 28 * DAY_US
"""A window that is only had when it is asked for: of a model with too few rows a week to be judged by them."""
TARGET_ROWS: Final = 2_000
"""A window should usually hold this many rows: enough to see a shift of .1 to .2 standard deviations."""
MIN_ROWS: Final = 200
"""Under this many rows a window is `insufficient_data`: never ok, never drift."""


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """The half-open stretch `[end - length, end)` of event time."""

    length: int
    end: int

    @property
    def start(self) -> int:
        """The first microsecond inside the window."""
        return self.end - self.length


def bucket_start(time_us: int) -> int:
    """The start of the 5-minute bucket that holds `time_us`.

    >>> bucket_start(BUCKET_US + 1) == BUCKET_US, bucket_start(-1) == -BUCKET_US
    (True, True)
    """
    return time_us - time_us % BUCKET_US


def grid(length: int) -> int:
    """The distance between the ends of neighbouring windows: max(5 minutes, length / 12)."""
    return max(BUCKET_US, length // 12)


def last_end(length: int, now_us: int) -> int:
    """The end of the newest window that has begun to hold `now_us` in its last grid cell."""
    step = grid(length)
    return now_us - now_us % step + step


def ends_touched(length: int, buckets: Iterable[int], now_us: int) -> list[int]:
    """The ends of all windows, none later than `last_end`, that hold at least one of the bucket starts; ascending.

    >>> [end // BUCKET_US for end in ends_touched(HOUR_US, [0], now_us=3 * BUCKET_US)]
    [1, 2, 3, 4]
    """
    step = grid(length)
    newest = last_end(length, now_us)
    ends: set[int] = set()
    for cell in {start - start % step for start in buckets}:
        ends.update(range(cell + step, min(cell + length, newest) + 1, step))
    return sorted(ends)


def disjoint(end: int, length: int, count: int) -> Iterator[int]:
    """The ends of `count` windows of that length that follow each other without overlap, the newest first."""
    return iter(range(end, end - count * length, -length))


def choose_length(rows_per_day: float, current: int | None = None) -> int:
    """The shortest window that usually holds `TARGET_ROWS` rows; `current` is kept while it is right within a factor 2.

    >>> choose_length(100_000) == HOUR_US, choose_length(922) == 7 * DAY_US, choose_length(0) == 7 * DAY_US
    (True, True, True)
    """

    def held(length: int) -> float:
        return rows_per_day * length / DAY_US

    best = next((length for length in WINDOW_LENGTHS_US if held(length) >= TARGET_ROWS), WINDOW_LENGTHS_US[-1])
    if current is None or best == current:
        return best
    if best > current and held(current) >= TARGET_ROWS / 2:
        return current
    if best < current and held(best) < TARGET_ROWS * 2:
        return current
    return best
