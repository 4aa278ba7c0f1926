"""The stored form of a profile: one block of bytes for all columns."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from typing import Final

import numpy as np

from modelwatch.errors import CorruptData
from modelwatch.profiles.binning import WIDTH, Binning
from modelwatch.profiles.profile import Profile, empty, merge

HEAD: Final = struct.Struct("<4s8sddd")
MAGIC: Final = b"MWB\x01"


def encode(profile: Profile, binning: Binning) -> bytes:
    """The block of a profile that stands on `binning`."""
    head = HEAD.pack(MAGIC, bytes.fromhex(binning.id), profile.rows, profile.weight, profile.weight_sq)
    return head + profile.moments.tobytes() + profile.extremes.tobytes() + profile.counts.tobytes()


def decode(block: bytes, binning: Binning) -> Profile:
    """The profile that `encode` wrote; raises `CorruptData` when the block is damaged or of another binning."""
    return merge_blocks([block], binning)


def merge_blocks(blocks: Iterable[bytes], binning: Binning) -> Profile:
    """The merged profile of many blocks (of a window's buckets), without decoding each; that of no block is empty."""
    answer = empty(binning)
    f = len(binning)
    for block in blocks:
        if len(block) != HEAD.size + f * 8 * (4 + WIDTH):
            raise CorruptData("a profile block has the wrong size")
        magic, identity, rows, weight, weight_sq = HEAD.unpack_from(block)
        if magic != MAGIC or identity.hex() != binning.id:
            raise CorruptData("a profile block is of another version or another binning")
        data = np.frombuffer(block, dtype="<f8", offset=HEAD.size)
        answer = merge(
            answer,
            Profile(
                binning.id,
                data[4 * f :].reshape(f, WIDTH),
                data[: 2 * f].reshape(f, 2),
                data[2 * f : 4 * f].reshape(f, 2),
                rows,
                weight,
                weight_sq,
            ),
        )
    return answer
