"""The bytes of one record: a checked header that knows its own position, the identity, then the payload.

Little-endian, everything padded to 8 bytes. The header's checksum stands apart from the payload's, so that the next
record can be found behind a damaged one; the position in it tells a true header from a copy inside someone's payload.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from modelwatch.core.wire import Identity, Keyed, Sequenced
from modelwatch.errors import CorruptData, InvalidRequest

MAGIC: Final = b"\x89MWLOG\r\n"
VERSION: Final = 1
# magic, version, kind of identity, bytes of identity, bytes of payload, crc of payload, time of arrival, position
FIELDS: Final = struct.Struct("<8sBBHIIqq")
HEADER_CRC: Final = struct.Struct("<I")
HEADER_BYTES: Final = FIELDS.size + HEADER_CRC.size
PLACE: Final = struct.Struct("<qq")
MAX_PAYLOAD: Final = 2**31
MAX_IDENTITY: Final = 4_096
ALIGNMENT: Final = 8

NONE, SEQUENCED, KEYED = range(3)


@dataclass(frozen=True, slots=True)
class Record:
    """One whole record as it was found; `next` is the position behind its padding."""

    position: int
    next: int
    received_us: int
    identity: Identity | None
    payload: memoryview


@dataclass(frozen=True, slots=True)
class Header:
    """A header whose own checksum holds; the payload begins `start` bytes behind the record's position."""

    start: int
    total: int
    payload_bytes: int
    payload_crc: int
    received_us: int
    identity: Identity | None


def padding(length: int) -> int:
    """The bytes to add so that `length` becomes a multiple of 8."""
    return -length % ALIGNMENT


def header_span(identity_bytes: int) -> int:
    """The bytes of a header with its identity and its padding."""
    span = HEADER_BYTES + identity_bytes
    return span + padding(span)


def identity_bytes(identity: Identity | None) -> tuple[int, bytes]:
    """The kind of an identity and its bytes; raises `InvalidRequest` when a header cannot hold it."""
    try:
        match identity:
            case None:
                return NONE, b""
            case Sequenced(producer, epoch, sequence):
                kind, text = SEQUENCED, PLACE.pack(epoch, sequence) + producer.encode()
                fits = epoch >= 0 and sequence >= 0
            case Keyed(key):
                kind, text, fits = KEYED, key.encode(), True
    except (struct.error, UnicodeEncodeError) as error:
        raise InvalidRequest(f"not an identity: {error}", hint="use 64-bit numbers and valid text") from error
    if not fits or len(text) > MAX_IDENTITY:
        raise InvalidRequest(
            "an identity that is negative or too long", hint=f"at most {MAX_IDENTITY - PLACE.size} bytes of text"
        )
    return kind, text


def identity_of(kind: int, text: bytes) -> Identity | None:
    """The identity that `identity_bytes` wrote."""
    if kind == SEQUENCED:
        epoch, sequence = PLACE.unpack_from(text)
        return Sequenced(text[PLACE.size :].decode(), epoch, sequence)
    return Keyed(text.decode()) if kind == KEYED else None


def checksum(pieces: Iterable[memoryview]) -> int:
    """The CRC-32 of the joined pieces."""
    crc = 0
    for piece in pieces:
        crc = zlib.crc32(piece, crc)
    return crc


def header(kind: int, identity: bytes, payload_bytes: int, payload_crc: int, received_us: int, position: int) -> bytes:
    """The header of a record that will lie at `position`, with its identity and padding."""
    fields = FIELDS.pack(MAGIC, VERSION, kind, len(identity), payload_bytes, payload_crc, received_us, position)
    crc = zlib.crc32(identity, zlib.crc32(fields))
    return fields + HEADER_CRC.pack(crc) + identity + bytes(padding(HEADER_BYTES + len(identity)))


def read_header(data: memoryview, position: int) -> Header | int | None:
    """The header at the start of `data`, or the bytes needed to tell when there are fewer, or None when it is damaged.

    Raises `CorruptData` for a header that is sound but of a version that is not known here.
    """
    if data.nbytes < HEADER_BYTES:
        return HEADER_BYTES
    magic, version, kind, length, payload_bytes, payload_crc, received_us, own_position = FIELDS.unpack_from(data)
    if magic != MAGIC or own_position != position or length > MAX_IDENTITY:
        return None
    start = header_span(length)
    if data.nbytes < start:
        return start
    (crc,) = HEADER_CRC.unpack_from(data, FIELDS.size)
    text = bytes(data[HEADER_BYTES : HEADER_BYTES + length])
    if crc != zlib.crc32(text, zlib.crc32(data[: FIELDS.size])):
        return None
    if version != VERSION:
        raise CorruptData(f"log record version {version} is not known here", hint="run the newer modelwatch again")
    total = start + payload_bytes + padding(payload_bytes)
    return Header(start, total, payload_bytes, payload_crc, received_us, identity_of(kind, text))


def read_payload(data: memoryview, found: Header) -> memoryview | None:
    """The payload of a record that lies whole in `data`, or None when its checksum fails."""
    payload = data[found.start : found.start + found.payload_bytes]
    return payload if zlib.crc32(payload) == found.payload_crc else None
