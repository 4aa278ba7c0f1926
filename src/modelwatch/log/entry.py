"""What one record of the log holds: the accepted rows of a request by model version, and the rejected ones.

Layout, little-endian: 4 bytes `MWEN`, u16 version, u16 zero, u32 length of the head, u32 zero, the head as JSON, then
the bodies. The head and each body are padded to 8 bytes, so that Arrow reads them where they lie.
"""

from __future__ import annotations

import json
import struct
from dataclasses import astuple, dataclass
from enum import StrEnum
from typing import Any, Final, NamedTuple

from modelwatch.errors import CorruptData
from modelwatch.log import Rejection

ENTRY_VERSION: Final = 1
MAGIC: Final = b"MWEN"
PREFIX: Final = struct.Struct("<4sHHII")


class PartKind(StrEnum):
    """What the body of a part is: an Arrow IPC stream of rows, or for a reference the JSON that points at its file."""

    PREDICTIONS = "predictions"
    ACTUALS = "actuals"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of one model version; an actual may leave `version` empty. `body` is not copied in or out."""

    kind: PartKind
    model: str
    version: str
    environment: str
    rows: int
    body: bytes | memoryview


class Dropped(NamedTuple):
    """How many rows of a model a producer has dropped so far."""

    producer: str
    model: str
    rows: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One request as it was taken: when, for which project, its parts, the rows that were refused, and what its sender
    had to drop."""

    received_us: int
    project: str
    parts: tuple[Part, ...]
    rejected: tuple[Rejection, ...]
    dropped: Dropped | None = None


def encode(entry: Entry) -> list[bytes | memoryview]:
    """The entry as pieces for one `Log.append`; the bodies are the caller's own buffers, not copies."""
    bodies = [memoryview(part.body).cast("B") for part in entry.parts]
    head = json.dumps(
        {
            "received_us": entry.received_us,
            "project": entry.project,
            "parts": [
                [part.kind.value, part.model, part.version, part.environment, part.rows, body.nbytes]
                for part, body in zip(entry.parts, bodies, strict=True)
            ],
            "rejected": [astuple(rejection) for rejection in entry.rejected],
            **({} if entry.dropped is None else {"dropped": entry.dropped}),
        },
        separators=(",", ":"),
    ).encode("ascii")
    head += b" " * (-len(head) % 8)
    pieces: list[bytes | memoryview] = [PREFIX.pack(MAGIC, ENTRY_VERSION, 0, len(head), 0) + head]
    for body in bodies:
        pieces.append(body)
        if padding := -body.nbytes % 8:
            pieces.append(bytes(padding))
    return pieces


def decode(payload: bytes | memoryview) -> Entry:
    """The entry that `encode` wrote, its bodies being views into `payload`; raises `CorruptData` on anything else."""
    data = memoryview(payload).cast("B")
    if data.nbytes < PREFIX.size:
        raise CorruptData("a log entry is shorter than its prefix")
    magic, version, _, head_bytes, _ = PREFIX.unpack_from(data)
    if magic != MAGIC:
        raise CorruptData("a log entry does not begin like one")
    if version != ENTRY_VERSION:
        raise CorruptData(f"log entry version {version} is not known here", hint="run the newer modelwatch again")
    at = PREFIX.size + head_bytes
    if at > data.nbytes:
        raise CorruptData("a log entry ends inside its head")
    try:
        head = json.loads(bytes(data[PREFIX.size : at]))
        parts, at = parts_of(head["parts"], data, at)
        entry = Entry(
            received_us=int(head["received_us"]),
            project=str(head["project"]),
            parts=parts,
            rejected=tuple(Rejection(*rejection) for rejection in head["rejected"]),
            dropped=Dropped(*head["dropped"]) if "dropped" in head else None,
        )
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise CorruptData(f"the head of a log entry cannot be read: {error!r}") from error
    if at != data.nbytes:
        raise CorruptData(f"a log entry holds {data.nbytes} bytes where its head says {at}")
    return entry


def parts_of(rows: list[Any], data: memoryview, at: int) -> tuple[tuple[Part, ...], int]:
    """The parts that the head lists, with their bodies from `at` on, and where the last one ends."""
    parts = []
    for kind, model, version, environment, count, length in rows:
        if length < 0 or at + length > data.nbytes:
            raise CorruptData("a log entry ends inside a body")
        parts.append(Part(PartKind(kind), model, version, environment, count, data[at : at + length]))
        at += length + -length % 8
    return tuple(parts), at
