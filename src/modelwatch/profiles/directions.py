"""Random directions that a seed tells, the same for ever: a binning stores a number instead of a matrix.

Bits come from a counter that splitmix64 mixes (Steele, Lea and Flood, Fast splittable pseudorandom number generators,
OOPSLA 2014), normal numbers from them by Box and Muller (Annals of Mathematical Statistics 29, 1958). numpy's own
generators may change their streams between releases; this one is written down here.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from modelwatch.profiles.values import Floats

GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)
FIRST: Final = np.uint64(0xBF58476D1CE4E5B9)
SECOND: Final = np.uint64(0x94D049BB133111EB)
STREAM: Final = np.uint64(0xD1342543DE82EF95)


def bits(seed: int, stream: int, count: int) -> NDArray[np.uint64]:
    """The first `count` 64-bit numbers of a stream of a seed."""
    with np.errstate(over="ignore"):
        start = np.uint64(seed) + np.uint64(stream) * STREAM
        mixed = start + np.arange(1, count + 1, dtype=np.uint64) * GOLDEN
        mixed = (mixed ^ (mixed >> np.uint64(30))) * FIRST
        mixed = (mixed ^ (mixed >> np.uint64(27))) * SECOND
    return mixed ^ (mixed >> np.uint64(31))


def uniforms(seed: int, stream: int, count: int) -> Floats:
    """Numbers spread evenly over (0, 1), with 53 bits each and neither end among them."""
    answer: Floats = ((bits(seed, stream, count) >> np.uint64(11)).astype(np.float64) + 0.5) / 2.0**53
    return answer


def normals(seed: int, stream: int, count: int) -> Floats:
    """Independent standard normal numbers, equal on all machines to the rounding of log and cos."""
    half = (count + 1) // 2
    radius = np.sqrt(-2.0 * np.log(uniforms(seed, 2 * stream, half)))
    angle = 2.0 * np.pi * uniforms(seed, 2 * stream + 1, half)
    return np.concatenate((radius * np.cos(angle), radius * np.sin(angle)))[:count]
