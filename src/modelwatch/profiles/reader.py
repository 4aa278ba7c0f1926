"""Reading stored binnings piece by piece."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


def text(value: str) -> bytes:
    """Text with its length before it."""
    encoded = value.encode("utf-8", "surrogatepass")
    return struct.pack("<I", len(encoded)) + encoded


@dataclass(slots=True)
class Reader:
    """A place in bytes whose checksum is known to be right."""

    data: bytes
    at: int

    def take(self, form: str) -> tuple[Any, ...]:
        """The next fixed-size values."""
        values = struct.unpack_from(form, self.data, self.at)
        self.at += struct.calcsize(form)
        return values

    def text(self) -> str:
        """The next text."""
        (size,) = self.take("<I")
        self.at += size
        return self.data[self.at - size : self.at].decode("utf-8", "surrogatepass")

    def array(self, kind: str, count: int) -> NDArray[np.generic]:
        """The next `count` numbers of a numpy kind."""
        values = np.frombuffer(self.data, dtype=kind, count=count, offset=self.at)
        self.at += values.nbytes
        return values.astype(values.dtype.newbyteorder("="))
