"""A reference of vectors -> how to standardise them, along which directions to look, and how features scatter."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from modelwatch.profiles.directions import normals
from modelwatch.profiles.values import Floats, Singles, VectorValues
from modelwatch.profiles.vector import (
    AXES,
    REST,
    SEED,
    VectorBinning,
    chunks,
    features_of,
    lengthened,
    lengths,
    rest_directions,
    standardised,
    usable,
)

FIT_VECTORS: Final = 4_096
"""Vectors that the fit looks at, evenly spread over the reference: 64 MB for 4,096 dimensions."""
PAIRED: Final = 512
"""Vectors whose distances give the bandwidth."""
TAIL: Final = 0.005
"""Numbers beyond these quantiles are pulled in before a dimension's mean and scale are taken."""
NARROWEST: Final = 0.1
"""No dimension's scale is below this part of the usual one: a constant one is not divided by nearly nothing."""
COMPONENTS: Final = 16
"""Numbers that the test looks at: more see finer changes of shape, fewer see a missing class sooner."""
ROWS_PER_COMPONENT: Final = 25
"""Fewer rows than that for each independent number would make the whitening fit its own sample."""
LEAST_PART: Final = 1e-4
"""A component with less of the features' scatter is noise."""
ROUNDS: Final = 6
RELATIVE: Final = 1e-6
"""A dimension that varies by less than this part of its mean is constant: the rest is rounding."""
NOTHING: Final = 1e-10
TINY: Final = 1e-30


def fit_vector(column: VectorValues, weights: Floats | None = None) -> VectorBinning:
    """The features of a reference column; `weights` [n] count each row that often."""
    vectors, share = sampled(column, weights)
    d = column.dimension
    nowhere = np.zeros((0, d), np.int8)
    zeros, ones = np.zeros(d, np.float32), np.ones(d, np.float32)
    bins = VectorBinning(d, zeros, ones, 1.0, nowhere, np.zeros(0, np.float32), (0.0, 1.0), np.inf)
    if not len(vectors):
        return bins
    mean, scale = center_and_scale(vectors, share)
    bins = replace(bins, mean=mean, scale=scale, norm=length_and_scatter(lengths(vectors), share))
    z = standardised(bins, vectors)
    axes = principal_axes(z, share)
    bins = replace(
        bins,
        axes=axes,
        deviations=deviations(z, share, axes),
        bandwidth=median_distance(z),
        farthest=float(np.sqrt(np.einsum("ij,ij->i", z, z).max())) * (1 + 1e-5),
        spread=float(np.sqrt(variances(z, share).sum())),
    )
    return calibrated(bins, vectors, share)


def sampled(column: VectorValues, weights: Floats | None) -> tuple[Singles, Floats]:
    """At most 4,096 usable vectors evenly spread over the reference, and their shares of it."""
    vectors = np.ascontiguousarray(column.vectors)
    good = usable(vectors) == 0
    weight = np.ones(len(vectors)) if weights is None else weights[column.held]
    rows = np.flatnonzero(good & (weight > 0))
    if len(rows) > FIT_VECTORS:
        rows = rows[(np.arange(FIT_VECTORS) * len(rows)) // FIT_VECTORS]
    chosen: Floats = weight[rows].astype(np.float64)
    return vectors[rows], chosen / max(float(chosen.sum()), 1e-300)


def center_and_scale(vectors: Singles, share: Floats) -> tuple[Singles, Singles]:
    """Mean and standard deviation of each dimension after its outermost numbers were pulled in.

    A dimension that hardly varies gets a tenth of the usual scale; where none varies it is the size of the numbers.
    """
    low, high = (edge_at(vectors, q) for q in (TAIL, 1 - TAIL))
    mean, square = np.zeros(vectors.shape[1]), np.zeros(vectors.shape[1])
    for part in chunks(vectors):
        held = np.clip(vectors[part], low, high).astype(np.float64)
        mean += share[part] @ held
    for part in chunks(vectors):
        held = np.clip(vectors[part], low, high) - mean
        square += share[part] @ (held * held)
    scale = np.sqrt(square)
    scale[scale < RELATIVE * np.abs(mean)] = 0.0
    usual = float(np.sqrt(np.mean(np.square(scale / max(scale.max(), TINY))))) * scale.max()
    least = NARROWEST * usual if usual > 0 else max(float(np.abs(mean).max()), 1.0)
    largest = float(np.finfo(np.float32).max)
    return mean.astype(np.float32), np.clip(scale, max(least, TINY), largest).astype(np.float32)


def edge_at(vectors: Singles, q: float) -> Singles:
    """A quantile of each dimension that is one of its numbers."""
    place = round(q * (len(vectors) - 1))
    answer: Singles = np.partition(vectors, place, axis=0)[place]
    return answer


def length_and_scatter(length: Singles, share: Floats) -> tuple[float, float]:
    """Mean and standard deviation of the lengths, outermost ones pulled in; never less than a 1,000th of the mean."""
    low, high = np.quantile(length, (TAIL, 1 - TAIL), method="nearest")
    held = np.clip(length, low, high).astype(np.float64)
    held = np.minimum(held, float(np.finfo(np.float32).max) / 16)
    mean = float(share @ held)
    return mean, max(float(np.sqrt(share @ (held - mean) ** 2)), mean / 1000, TINY)


def variances(values: Singles, share: Floats) -> Floats:
    """The variance of each column of values [u, c]."""
    mean = share @ values
    answer: Floats = np.zeros(values.shape[1])
    for part in chunks(values):
        answer += share[part] @ np.square(values[part] - mean)
    return answer


def principal_axes(z: Singles, share: Floats) -> NDArray[np.int8]:
    """The leading principal directions as whole numbers up to 127, at most 16 and none along which nothing varies.

    By subspace iteration from a random start (Halko, Martinsson and Tropp, SIAM Review 53, 2011).
    """
    scaled = (z - (share @ z).astype(np.float32)) * np.sqrt(share).astype(np.float32)[:, None]
    d = z.shape[1]
    count = min(AXES, d, len(z) - 1)
    found = normals(SEED, 5, d * min(2 * AXES, d)).reshape(d, -1).astype(np.float32)
    for _ in range(ROUNDS):
        found = np.linalg.qr(scaled.T @ (scaled @ found))[0]
    _, size, turn = np.linalg.svd(scaled @ found, full_matrices=False)
    axes = (found @ turn.T).T[:count]
    axes = axes[np.square(size[:count]) > NOTHING * max(float(np.square(scaled).sum()), NOTHING)]
    answer: NDArray[np.int8] = np.rint(axes * (127 / np.abs(axes).max(axis=1, keepdims=True))).astype(np.int8)
    return answer


def deviations(z: Singles, share: Floats, axes: NDArray[np.int8]) -> Singles:
    """The standard deviation along each axis and each direction of the rest; 1 where nothing varies."""
    whole = lengthened(axes)
    rest = rest_directions(SEED, whole, REST if z.shape[1] > len(axes) else 0)
    along = variances(z @ np.concatenate((whole.T, rest), axis=1).astype(np.float32), share)
    return np.where(along > NOTHING, np.sqrt(along), 1.0).astype(np.float32)


def median_distance(z: Singles) -> float:
    """The median distance of two of at most 512 vectors that differ; 1 when all are equal."""
    some = z[:: -(-len(z) // PAIRED)].astype(np.float64)
    square = np.einsum("ij,ij->i", some, some)
    apart = square[:, None] + square[None, :] - 2 * some @ some.T
    apart = apart[np.triu_indices(len(some), 1)]
    apart = apart[apart > 1e-6 * max(float(square.max()), TINY)]
    return float(np.sqrt(np.median(apart))) if len(apart) else 1.0


def calibrated(bins: VectorBinning, vectors: Singles, share: Floats) -> VectorBinning:
    """The binning with the whitening of its features and what varies in them."""
    values = np.concatenate([features_of(bins, vectors[part]).values for part in chunks(vectors)]).astype(np.float64)
    values -= share @ values
    variance = share @ np.square(values)
    variance[variance < NOTHING] = 0.0
    scatter = np.where(variance > 0, np.sqrt(variance), 1.0)
    scaled = values / scatter
    size, turn = np.linalg.eigh((scaled * share[:, None]).T @ scaled)
    effective = 1 / max(float(np.square(share).sum()), TINY)
    count = min(COMPONENTS, int(effective / ROWS_PER_COMPONENT), int((size > LEAST_PART * len(size)).sum()))
    size, turn = size[::-1][:count], turn[:, ::-1][:, :count]
    return replace(
        bins,
        fitted=effective,
        variance=float(variance[: bins.waves].sum()),
        whitening=((turn / scatter[:, None]) / np.sqrt(size)).T.astype(np.float32),
    )
