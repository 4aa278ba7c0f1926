"""Reading one segment file: whole records in order, and the ranges between them that are damaged."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from modelwatch.log.record import (
    ALIGNMENT,
    HEADER_BYTES,
    MAGIC,
    MAX_IDENTITY,
    Header,
    Record,
    read_header,
    read_payload,
)

SUFFIX: Final = ".segment"
CHUNK: Final = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True, order=True)
class Damage:
    """The half-open range of positions `[start, end)` that holds no whole record."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Span:
    """What one reading found: records and damaged ranges, each in order, and where to go on."""

    records: tuple[Record, ...]
    damaged: tuple[Damage, ...]
    next: int


def segment_path(folder: Path, base: int) -> Path:
    """The file that holds the records from position `base` on; names sort as positions do."""
    return folder / f"{base:020d}{SUFFIX}"


def segment_bases(folder: Path) -> list[int]:
    """The first positions of all segments, ascending; empty when the folder is not there yet."""
    try:
        names = os.listdir(folder)
    except FileNotFoundError:
        return []
    stems = [name.removesuffix(SUFFIX) for name in names if name.endswith(SUFFIX)]
    return sorted(int(stem) for stem in stems if stem.isdigit())


def read_span(file: int, base: int, start: int, limit: int, max_bytes: int) -> Span:
    """Records of the segment `file` (its first byte is position `base`) in `[start, limit)`, `max_bytes` at most.

    Finds at least one record, or else everything up to `limit` was damaged. Whatever reaches beyond `limit` is.
    """
    records: list[Record] = []
    damaged: list[Damage] = []
    held, data, at = start, memoryview(b""), start
    taken = 0
    while at < limit:
        outcome = next_record(data[at - held :], at, limit)
        if isinstance(outcome, int):
            if records:
                break
            held, data = at, read_at(file, at - base, min(limit - at, max(outcome, max_bytes)))
            if data.nbytes < outcome:  # the file ends before its limit
                damaged.append(Damage(at, limit))
                at = limit
        elif isinstance(outcome, Record):
            taken += outcome.next - outcome.position
            if records and taken > max_bytes:
                break
            records.append(outcome)
            at = outcome.next
        else:
            following = find_header(file, base, outcome.end, limit)
            damaged.append(Damage(at, following))
            at = following
            if not at - held < data.nbytes:
                held, data = at, memoryview(b"")
    return Span(tuple(records), tuple(damaged), at)


def next_record(data: memoryview, position: int, limit: int) -> Record | Damage | int:
    """The record at the start of `data`, or the bytes needed to tell, or the least range that is damaged for sure."""
    found = read_header(data, position)
    if isinstance(found, Header):
        if position + found.total > limit:
            return Damage(position, limit)
        if data.nbytes < found.total:
            return found.total
        payload = read_payload(data, found)
        if payload is None:
            return Damage(position, position + found.total)
        return Record(position, position + found.total, found.received_us, found.identity, payload)
    if found is None or position + found > limit:
        return Damage(position, min(position + ALIGNMENT, limit))
    return found


def find_header(file: int, base: int, start: int, limit: int) -> int:
    """The position of the first valid header in `[start, limit)`, or `limit`."""
    at = start
    while at < limit:
        data = read_at(file, at - base, min(CHUNK, limit - at))
        for offset in aligned(data, MAGIC):
            header = read_at(file, at + offset - base, HEADER_BYTES + MAX_IDENTITY + ALIGNMENT)
            if isinstance(read_header(header, at + offset), Header):
                return at + offset
        if data.nbytes < CHUNK:
            break
        at += CHUNK
    return limit


def aligned(data: memoryview, wanted: bytes) -> Iterator[int]:
    """The offsets, multiples of 8, at which the 8 bytes `wanted` lie in `data`."""
    held = bytes(data)
    at = held.find(wanted)
    while at >= 0:
        if at % ALIGNMENT == 0:
            yield at
        at = held.find(wanted, at + 1)


def read_at(file: int, offset: int, length: int) -> memoryview:
    """The bytes at `offset`, fewer only where the file ends."""
    data = os.pread(file, length, offset)
    while 0 < len(data) < length and (more := os.pread(file, length - len(data), offset + len(data))):
        data += more
    return memoryview(data)
