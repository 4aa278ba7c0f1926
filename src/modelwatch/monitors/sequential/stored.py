"""A state as bytes: what a worker goes on from after a restart."""

from __future__ import annotations

import json
import struct
import zlib
from typing import Any, Final

import numpy as np

from modelwatch.errors import CorruptData
from modelwatch.monitors.sequential.cells import CELLS
from modelwatch.monitors.sequential.epochs import State

MAGIC: Final = b"MWS\x01"
HEAD: Final = struct.Struct("<4sIII")
QUICK: Final = 1
"""The compression level: most cells are 0, so that the quickest one does."""
ARRAYS: Final = (
    ("starts", "<f8", "k"),
    ("starts_us", "<i8", "k"),
    ("parts_of_budget", "<f8", "k"),
    ("counts", "<f8", "kfc"),
    ("level", "u1", "f"),
    ("barred", "<f8", "f"),
    ("evidence", "<f8", "f"),
    ("asked", "<f8", "f"),
    ("since_us", "<i8", "f"),
    ("seen", "<f8", "f"),
)


def to_bytes(state: State) -> bytes:
    """The stored form; `from_bytes` gives an equal state back."""
    said = json.dumps({n: getattr(state, n) for n in ("key", "reason", "began_us", "rows")}).encode()
    body = b"".join(np.ascontiguousarray(getattr(state, name), kind).tobytes() for name, kind, _ in ARRAYS)
    packed = zlib.compress(said + body, QUICK)
    return HEAD.pack(MAGIC, len(said), len(state.starts), len(state.level)) + packed


def from_bytes(data: bytes) -> State:
    """The state that `to_bytes` wrote; raises `CorruptData` for anything else."""
    if len(data) < HEAD.size or data[:4] != MAGIC:
        raise CorruptData("these bytes are no sequential state of version 1")
    _, said, k, f = HEAD.unpack_from(data)
    sizes = {"k": k, "f": f, "c": CELLS}
    try:
        body = zlib.decompress(data[HEAD.size :])
        values: dict[str, Any] = json.loads(body[:said])
        at = said
        for name, kind, axes in ARRAYS:
            shape = tuple(sizes[axis] for axis in axes)
            array = np.frombuffer(body, kind, int(np.prod(shape)), at).reshape(shape)
            values[name] = array.astype(array.dtype.newbyteorder("="))
            at += array.nbytes
    except (zlib.error, ValueError) as error:
        raise CorruptData("a sequential state is damaged") from error
    return State(**values)
