"""Reading the log folder, from the writer's process or any other: durable records only, damaged ones never."""

from __future__ import annotations

import os
from bisect import bisect_right
from itertools import pairwise
from pathlib import Path
from threading import Lock

from modelwatch.errors import NotFound
from modelwatch.log import Stored
from modelwatch.log.disk import Disk
from modelwatch.log.published import PublishedEnd, open_for_reading
from modelwatch.log.quarantine import damaged_ranges, set_aside
from modelwatch.log.record import Record
from modelwatch.log.segment import Damage, read_span, segment_bases, segment_path


class LogReader:
    """A view of a log folder that may be written by another process, or by none at present.

    It never reads past the end that the writer has published. A damaged range is set aside once, shown in `damaged`
    and skipped: the next record's position is then larger than the place where the one before it ended.
    """

    def __init__(self, folder: Path, disk: Disk | None = None) -> None:
        self.folder = folder
        self.disk = disk or Disk()
        self.lock = Lock()
        self.published: PublishedEnd | None = None
        self.met: dict[int, Damage] = {}

    def end(self) -> int:
        """The position behind the newest durable record, as the writer last published it; 0 before there is one."""
        with self.lock:
            if self.published is None:
                self.published = open_for_reading(self.folder)
            return self.published.get() if self.published else 0

    def first(self) -> int:
        """The first position that was not released."""
        return next(iter(segment_bases(self.folder)), self.end())

    @property
    def damaged(self) -> tuple[Damage, ...]:
        """The ranges of positions that were found damaged by anyone, ascending; overlapping ones joined."""
        joined: list[Damage] = []
        for damage in sorted({*damaged_ranges(self.folder), *self.met.values()}):
            if joined and damage.start < joined[-1].end:
                joined[-1] = Damage(joined[-1].start, max(joined[-1].end, damage.end))
            else:
                joined.append(damage)
        return tuple(joined)

    def read(self, start: int, max_bytes: int) -> list[Stored]:
        """Durable records from `start` on; raises `NotFound` when `start` lies in what was released."""
        end = self.end()
        records: list[Record] = []
        at = start
        while at < end and not records:
            bases = segment_bases(self.folder)
            index = bisect_right(bases, at) - 1
            if index < 0:
                raise NotFound(f"position {at} of the log was released", hint=f"the log now begins at {self.first()}")
            limit = min(bases[index + 1], end) if index + 1 < len(bases) else end
            records, at = self.read_segment(bases[index], at, limit, max_bytes)
        return [Stored(record.position, record.next, record.payload) for record in records]

    def read_segment(self, base: int, start: int, limit: int, max_bytes: int) -> tuple[list[Record], int]:
        """Records of one segment in `[start, limit)`, and where to go on when there are none."""
        if known := self.met.get(start):
            return [], known.end
        try:
            file = os.open(segment_path(self.folder, base), os.O_RDONLY)
        except FileNotFoundError:  # released since the folder was listed
            return [], start
        try:
            span = read_span(file, base, start, limit, max_bytes)
            for damage in span.damaged:
                self.set_aside(file, base, damage)
        finally:
            os.close(file)
        return list(span.records), span.next

    def set_aside(self, file: int, base: int, damage: Damage) -> None:
        """Remember a damaged range and keep its bytes."""
        self.met[damage.start] = damage
        try:
            set_aside(self.folder, self.disk, file, base, damage)
        except OSError:  # a full or read-only disk: it counts all the same, and its bytes still lie in the segment
            pass

    def release(self, before: int) -> None:
        """Delete the segments that lie wholly before that position; the newest one always stays."""
        bases = segment_bases(self.folder)
        for base, following in pairwise(bases):
            if following <= before:
                segment_path(self.folder, base).unlink(missing_ok=True)

    def close(self) -> None:
        """Let go of the published end."""
        with self.lock:
            if self.published is not None:
                self.published.close()
                self.published = None
