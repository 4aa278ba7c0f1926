"""The slots of one column of vectors (embeddings): sums of bounded features, which add up as counts do.

    waves     (1 + cos(w'z + b)) / 2 for random w and b: together their means tell the whole distribution
    axes      z along the leading principal directions of the reference
    rest      z along random directions, less what the axes tell of it
    norm      the length of the vector
    outside   1 for a vector farther out than any of the reference
    rows      1 for each usable vector

z is the vector with each dimension standardised by the reference and held within ±8. The waves are random Fourier
features of a Gaussian kernel (Rahimi and Recht, Random features for large-scale kernel machines, NIPS 2007), whose
bandwidth is the median distance of two vectors of the reference (Gretton et al., A kernel two-sample test, JMLR 13,
2012). Features are held in [0, 1] and rounded to 1/255, a hundredth of their spread: their sums are whole numbers,
which merge exactly and take few bytes. The last bit of a feature may depend on how many rows are multiplied at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from modelwatch.profiles.compiled import compiled
from modelwatch.profiles.directions import normals, uniforms
from modelwatch.profiles.values import Floats, Singles, VectorValues

Bytes = NDArray[np.uint8]

WAVES: Final = 200
AXES: Final = 16
REST: Final = 16
UNIT: Final = 255
"""A feature of 1 adds this much to its slot."""
FARTHEST: Final = 8.0
"""Standardised numbers are held within this, so that one wild number is one odd vector and no more."""
REACH: Final = 4.0
"""Projections and the norm are held within this many standard deviations of the reference's mean."""
CHUNK: Final = 1024
"""Vectors that are multiplied at once: at most 36 MB for 4,096 dimensions."""
SEED: Final = 0x6D77


@dataclass(frozen=True, slots=True, eq=False)
class VectorBinning:
    """What a vector's features are, and how they scatter in the reference.

    `mean` and `scale` [dimension] standardise; `bandwidth` is the kernel's, in standardised units; `axes` int8
    [A, dimension] are directions of any length; `deviations` [A + R] are the standard deviations of the reference
    along axes and rest directions; `norm` is the mean and standard deviation of the length; `farthest` is the largest
    standardised length. `whitening` [k, features] turns features, in units of their slots, into k independent numbers
    of variance 1, found on rows that are worth `fitted` of equal weight. `spread` is the root of the summed variances
    of z, `variance` the summed variance of the waves.
    """

    dimension: int
    mean: Singles
    scale: Singles
    bandwidth: float
    axes: NDArray[np.int8]
    deviations: Singles
    norm: tuple[float, float]
    farthest: float
    spread: float = 0.0
    variance: float = 0.0
    fitted: float = 0.0
    whitening: Singles = field(default_factory=lambda: np.empty((0, 0), dtype=np.float32))
    seed: int = SEED
    waves: int = WAVES
    id: bytes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        arrays = (self.mean, self.scale, self.axes, self.deviations, self.whitening)
        numbers = (self.bandwidth, *self.norm, self.farthest, self.spread, self.variance, self.fitted)
        told = b"".join(array.tobytes() for array in arrays) + repr((*numbers, self.seed, self.waves)).encode()
        object.__setattr__(self, "id", blake2b(told, digest_size=16).digest())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, VectorBinning) and self.id == other.id

    def __hash__(self) -> int:
        return hash(self.id)

    @property
    def features(self) -> int:
        """How many slots hold sums of features; they come first."""
        return self.waves + len(self.deviations) + 1

    @property
    def outside(self) -> int:
        """The slot that counts vectors farther out than the reference."""
        return self.features

    @property
    def rows(self) -> int:
        """The slot that counts usable vectors."""
        return self.features + 1

    @property
    def bins(self) -> int:
        """How many slots there are."""
        return self.features + 2


class Projection(NamedTuple):
    """A matrix [dimension, features - 1] from z to features, and what to add to the waves."""

    matrix: Singles
    phase: Singles


@lru_cache(maxsize=16)
def projection(bins: VectorBinning) -> Projection:
    """The directions of all features; kept for the last 16 columns, at most 4 MB each."""
    d, count = bins.dimension, bins.waves
    waves = normals(bins.seed, 0, d * count).reshape(d, count) / bins.bandwidth
    axes = lengthened(bins.axes)
    rest = rest_directions(bins.seed, axes, len(bins.deviations) - len(axes))
    phase = 2 * np.pi * uniforms(bins.seed, 9, count)
    matrix = np.concatenate((waves, (axes.T), rest), axis=1)
    return Projection(np.ascontiguousarray(matrix, dtype=np.float32), phase.astype(np.float32))


def lengthened(axes: NDArray[np.int8]) -> Floats:
    """Directions of length 1."""
    whole = axes.astype(np.float64)
    answer: Floats = whole / np.maximum(np.sqrt((whole**2).sum(axis=1, keepdims=True)), 1.0)
    return answer


def rest_directions(seed: int, axes: Floats, count: int) -> Floats:
    """Random normal directions [dimension, count] without their parts along the axes.

    The mean of the squared projections onto them is, on average, the squared length of what the axes do not tell
    (Johnson and Lindenstrauss, Contemporary Mathematics 26, 1984).
    """
    d = axes.shape[1]
    answer = normals(seed, 3, d * count).reshape(d, count)
    return answer - axes.T @ np.linalg.lstsq(axes.T, answer, rcond=None)[0] if len(axes) else answer


class Featured(NamedTuple):
    """Features of some vectors in units of their slots, uint8 [u, features], and which vectors lie outside."""

    values: Bytes
    outside: NDArray[np.bool_]


def features_of(bins: VectorBinning, vectors: Singles) -> Featured:
    """The features of finite vectors [u, dimension]."""
    matrix, phase = projection(bins)
    count = bins.waves
    z = standardised(bins, vectors)
    length = np.sqrt(np.einsum("ij,ij->i", z, z))
    parts = np.empty((len(z), bins.features), dtype=np.float32)
    np.matmul(z, matrix, out=parts[:, :-1])
    parts[:, -1] = lengths(vectors) - np.float32(bins.norm[0])
    waves, others = parts[:, :count], parts[:, count:]
    waves += phase
    np.cos(waves, out=waves)
    waves += 1
    waves *= UNIT / 2
    others *= reach(bins)
    others += UNIT / 2
    np.clip(parts, 0, UNIT, out=parts)
    np.rint(parts, out=parts)
    return Featured(parts.astype(np.uint8), length > np.float32(bins.farthest))


def standardised(bins: VectorBinning, vectors: Singles) -> Singles:
    """Vectors with each dimension centred, scaled and held within ±8."""
    with np.errstate(over="ignore"):
        z = vectors - bins.mean
        z /= bins.scale
    return np.clip(z, -FARTHEST, FARTHEST, out=z)


def lengths(vectors: Singles) -> Singles:
    """The length of each vector; +inf where its square does not fit into float32."""
    with np.errstate(over="ignore"):
        answer: Singles = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    return answer


def reach(bins: VectorBinning) -> Singles:
    """What a projection or a norm is multiplied with to be a feature in units of its slot."""
    deviations = np.append(bins.deviations, np.float32(bins.norm[1]))
    return (UNIT / (2 * REACH * deviations)).astype(np.float32)


def chunks(vectors: Singles) -> Iterator[slice]:
    """Neighbouring vectors that are worked on at once."""
    return (slice(start, start + CHUNK) for start in range(0, len(vectors), CHUNK))


@compiled
def usable(vectors: Singles) -> Bytes:
    """0 for a finite vector, 1 for one with NaN in it, 2 for one with an infinity and no NaN."""
    words = vectors.view(np.uint32)
    answer = np.zeros(len(vectors), dtype=np.uint8)
    for i in range(len(vectors)):
        largest = np.uint32(0)
        for word in words[i]:
            largest = max(largest, word & np.uint32(0x7FFFFFFF))
        if largest >= np.uint32(0x7F800000):
            answer[i] = 2 if largest == np.uint32(0x7F800000) else 1
    return answer


@compiled
def add_features(
    values: Bytes, outside: NDArray[np.bool_], slots: NDArray[np.int32], weights: Floats, counts: Floats, f: int
) -> None:
    """Adds the features of vectors, and the vectors themselves, to row `f` of the sums of their buckets."""
    size = values.shape[1]
    weighted = len(weights) > 0
    for i in range(len(values)):
        w = weights[i] if weighted else 1.0
        row, more = counts[slots[i], f, :size], values[i]
        for j in range(len(more)):
            row[j] += w * more[j]
        if outside[i]:
            counts[slots[i], f, size] += w
        counts[slots[i], f, size + 1] += w


def count_vectors(
    column: VectorValues,
    bins: VectorBinning,
    slots: NDArray[np.int32],
    weights: Floats,
    counts: Floats,
    f: int,
) -> Bytes:
    """Adds a vector column of the binning's dimension to row `f` of the sums; returns `usable` of its vectors."""
    vectors = np.ascontiguousarray(column.vectors)
    state = usable(vectors)
    rows = np.flatnonzero(column.held)
    for chunk in chunks(vectors):
        good = state[chunk] == 0
        mine, place = (vectors[chunk], rows[chunk]) if good.all() else (vectors[chunk][good], rows[chunk][good])
        if len(mine):
            found = features_of(bins, mine)
            add_features(*found, slots[place], weights[place] if len(weights) else weights, counts, f)
    return state
