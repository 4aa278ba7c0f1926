"""What the writer does before its first append: scan what no snapshot covers, cut a torn tail, set damage aside."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from modelwatch.log.disk import PARTIAL, Disk, sync_folder, write_all
from modelwatch.log.known import Known
from modelwatch.log.quarantine import set_aside
from modelwatch.log.record import padding
from modelwatch.log.segment import CHUNK, Damage, read_at, read_span, segment_bases, segment_path


@dataclass(frozen=True, slots=True)
class Recovered:
    """The segment to go on with (open for writing, its first byte is position `base`) and the end of the log."""

    file: int
    base: int
    end: int


def recover(folder: Path, disk: Disk, known: Known, published: int) -> Recovered:
    """Scan the segments, tell `known` what they hold, and make what is there durable; raises OSError.

    Behind `published` an unreadable tail is torn: it was never acknowledged, and is cut. Before it, it is damage.
    """
    for leftover in [*folder.glob(f"*{PARTIAL}"), *folder.glob(f"keys/*{PARTIAL}")]:
        leftover.unlink(missing_ok=True)
    bases = segment_bases(folder)
    # nothing may ever be put at a position that was given out before
    floor = max(published, known.position)
    floor += padding(floor)
    for base, following in zip(bases, [*bases, None][1:], strict=True):
        if following is None:
            return recover_last(folder, disk, known, base, floor, published)
        if following > known.position:
            file = os.open(segment_path(folder, base), os.O_RDONLY)
            try:
                scan(folder, disk, known, file, base, following)
            finally:
                os.close(file)
    return begin_segment(folder, disk, known, floor)


def recover_last(folder: Path, disk: Disk, known: Known, base: int, floor: int, published: int) -> Recovered:
    """Bring the newest segment into order and go on in it, or behind it when acknowledged records of it are lost."""
    file = os.open(segment_path(folder, base), os.O_RDWR)
    try:
        size = base + os.fstat(file).st_size
        end = scan(folder, disk, known, file, base, size, tail_apart=True)
        lost = end < floor
        if lost:
            behind = max(size, floor)
            behind += padding(behind)
            set_aside(folder, disk, file, base, Damage(end, behind))
        elif end < size:
            disk.truncate(file, end - base)
        rewrite(disk, file, base, max(base, min(published, end)), end)
        disk.sync(file)
        sync_folder(disk, folder)
    except BaseException:
        os.close(file)
        raise
    if lost:
        os.close(file)
        return begin_segment(folder, disk, known, behind)
    return Recovered(file, base, end)


def scan(folder: Path, disk: Disk, known: Known, file: int, base: int, limit: int, tail_apart: bool = False) -> int:
    """Tell `known` every record before `limit` and set damage aside; the end of the last whole record.

    With `tail_apart`, damage that reaches up to `limit` is left to the caller.
    """
    at = end = max(base, min(known.position, limit))
    while at < limit:
        span = read_span(file, base, at, limit, CHUNK)
        for record in span.records:
            known.remember(record.identity, record.received_us)
            end = record.next
        for damage in span.damaged:
            if damage.end < limit or not tail_apart:
                set_aside(folder, disk, file, base, damage)
        at = span.next
    return end


def rewrite(disk: Disk, file: int, base: int, start: int, end: int) -> None:
    """Write `[start, end)` over itself, so that the next sync writes it.

    If the sync of these bytes once failed, the kernel may hold them as clean: they would look durable and not be.
    """
    for at in range(start, end, CHUNK):
        write_all(disk, file, [read_at(file, at - base, min(CHUNK, end - at))], at - base)


def begin_segment(folder: Path, disk: Disk, known: Known, base: int) -> Recovered:
    """A new, empty segment, after a snapshot of all that lies before it; raises OSError and then there is none."""
    known.snapshot(base)
    path = segment_path(folder, base)
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o640)
    try:
        sync_folder(disk, folder)
    except OSError:
        os.close(file)
        path.unlink()  # else readers would look there for what goes on in the segment before
        raise
    return Recovered(file, base, base)
