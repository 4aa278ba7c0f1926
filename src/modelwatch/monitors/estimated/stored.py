"""The stored form of a `LossModel`: a checked head, then its numbers, deflated.

magic 4 | version u16 | features u16 | crc32 of the rest | five float64, means, effects, without, share
"""

from __future__ import annotations

import struct
import zlib
from typing import Final

import numpy as np

from modelwatch.errors import CorruptData
from modelwatch.monitors.estimated.loss import FOLDS, LossModel
from modelwatch.profiles.binning import WIDTH

MAGIC: Final = b"MWLM"
VERSION: Final = 1
HEAD: Final = struct.Struct("<4sHHI")
SINGLE: Final = 5
LEVEL: Final = 1


def encode(model: LossModel) -> bytes:
    """The stored form; `decode` is the way back."""
    single = (model.mean, model.rows, model.spread, model.fitted, model.explained)
    arrays = (np.array(single), model.means, model.effects, model.without, model.share)
    numbers = np.concatenate([array.reshape(-1) for array in arrays]).astype("<f8")
    rest = zlib.compress(numbers.tobytes(), LEVEL)
    return HEAD.pack(MAGIC, VERSION, len(model.effects), zlib.crc32(rest)) + rest


def decode(block: bytes) -> LossModel:
    """The model that `encode` wrote; raises `CorruptData` for anything else."""
    if len(block) < HEAD.size or block[:4] != MAGIC:
        raise CorruptData("these bytes are no model of the loss")
    _, version, features, crc = HEAD.unpack_from(block)
    rest = memoryview(block)[HEAD.size :]
    if version != VERSION:
        raise CorruptData(f"a model of the loss of version {version} is not known here")
    if zlib.crc32(rest) != crc:
        raise CorruptData("a model of the loss fails its checksum")
    numbers = np.frombuffer(zlib.decompress(rest), "<f8").astype(np.float64)
    each = features * WIDTH
    ends = np.cumsum((SINGLE, FOLDS, each, FOLDS * each))
    single, means, effects, without, share = np.split(numbers, ends)
    mean, rows, spread, fitted, explained = single.tolist()
    shape = (features, WIDTH)
    return LossModel(
        mean,
        effects.reshape(shape),
        means,
        without.reshape(FOLDS, *shape),
        share.reshape(shape),
        rows,
        spread,
        fitted,
        explained,
    )
