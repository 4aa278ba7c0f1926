"""How many predictions came in lately, in memory of fixed size."""

from __future__ import annotations

SECONDS = 60


class Rate:
    """Counts of the last 60 whole seconds; made for one thread."""

    def __init__(self) -> None:
        self.counts = [0] * SECONDS
        self.seconds = [-1] * SECONDS

    def add(self, rows: int, now_us: int) -> None:
        """Count rows that came in now."""
        second = now_us // 1_000_000
        slot = second % SECONDS
        if self.seconds[slot] != second:
            self.seconds[slot], self.counts[slot] = second, 0
        self.counts[slot] += rows

    def per_second(self, now_us: int) -> float:
        """Rows a second over the last minute.

        >>> rate = Rate()
        >>> rate.add(120, 5_000_000)
        >>> rate.per_second(6_000_000), rate.per_second(66_000_000)
        (2.0, 0.0)
        """
        oldest = now_us // 1_000_000 - SECONDS
        kept = zip(self.seconds, self.counts, strict=True)
        return sum(count for second, count in kept if second > oldest) / SECONDS
