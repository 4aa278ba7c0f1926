"""The stored form of `Outcomes`: a checked head, then labels, cuts, keys and values, deflated.

    magic 4 | version u16 | zero u16 | crc32 of the rest | length of the names | names as JSON | keys, values

Keys are kept as differences and values as float64, each laid out byte plane by byte plane, which is what makes them
small: most planes are zero.
"""

from __future__ import annotations

import json
import struct
import zlib
from typing import Final

import numpy as np

from modelwatch.errors import CorruptData
from modelwatch.profiles.outcomes.outcomes import Outcomes

MAGIC: Final = b"MWOU"
VERSION: Final = 1
HEAD: Final = struct.Struct("<4sHHII")
LEVEL: Final = 1


def encode(outcomes: Outcomes) -> bytes:
    """The stored form; `decode` is the way back."""
    names = json.dumps([outcomes.labels, outcomes.cuts], separators=(",", ":")).encode("ascii")
    steps = np.diff(outcomes.keys, prepend=np.int64(0))
    planes = np.concatenate((planes_of(steps), planes_of(outcomes.values)))
    rest = names + zlib.compress(planes.tobytes(), LEVEL)
    return HEAD.pack(MAGIC, VERSION, 0, zlib.crc32(rest), len(names)) + rest


def planes_of(numbers: np.ndarray[tuple[int], np.dtype[np.generic]]) -> np.ndarray[tuple[int], np.dtype[np.uint8]]:
    """The bytes of 64-bit numbers [n], all first bytes, then all second ones, and so on [8 n]."""
    return np.ascontiguousarray(numbers).view(np.uint8).reshape(-1, 8).T.reshape(-1)


def decode(block: bytes) -> Outcomes:
    """The outcomes that `encode` wrote; raises `CorruptData` on anything else."""
    if len(block) < HEAD.size or block[:4] != MAGIC:
        raise CorruptData("these bytes are no block of outcomes")
    _, version, _, crc, length = HEAD.unpack_from(block)
    rest = memoryview(block)[HEAD.size :]
    if version != VERSION:
        raise CorruptData(f"outcomes of version {version} are not known here", hint="run the newer modelwatch again")
    if zlib.crc32(rest) != crc:
        raise CorruptData("a block of outcomes fails its checksum")
    labels, cuts = json.loads(bytes(rest[:length]))
    planes = np.frombuffer(zlib.decompress(rest[length:]), np.uint8).reshape(2, 8, -1)
    steps = np.ascontiguousarray(planes[0].T).view(np.int64).reshape(-1)
    values = np.ascontiguousarray(planes[1].T).view(np.float64).reshape(-1)
    return Outcomes(tuple(labels), tuple(cuts), np.cumsum(steps), values)
