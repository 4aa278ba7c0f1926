"""What has changed in a vector column, in sentences."""

from __future__ import annotations

import numpy as np

from modelwatch.monitors.drift.mmd import mean_features
from modelwatch.monitors.drift.table import DriftTable
from modelwatch.monitors.drift.words import number
from modelwatch.profiles import Profile, VectorBinning
from modelwatch.profiles.vector import REACH, UNIT


def vector_sentences(
    table: DriftTable, current: Profile, reference: Profile, bins: VectorBinning, f: int
) -> tuple[str, ...]:
    """Where the vectors of column `f` have gone: their middle, their length, the axis along which they moved most."""
    if min(current.counts[f, bins.rows], reference.counts[f, bins.rows]) <= 0:
        return ()
    far, chance = float(table.centroid[f]), float(table.centroid_chance[f])
    moved, luck = number(float(f"{far:.2g}")), number(float(f"{chance:.2g}"))
    verb = "gives at most" if far > chance else "can give up to"
    middle = f"The middle has moved by {moved} of the vectors' usual distance from it; chance alone {verb} {luck}."
    sentences = [middle]
    now, before = (mean_features(np.maximum(side.counts[f], 0.0), bins) for side in (current, reference))
    steps = (now - before)[bins.waves :] * (2 * REACH / UNIT)
    axes = np.abs(steps[: len(bins.axes)])
    if len(axes) and axes.max() >= 0.1:
        sentences.append(
            f"Along principal direction {int(axes.argmax()) + 1} of the reference the mean has moved by"
            f" {axes.max():.2g} standard deviations."
        )
    if abs(steps[-1]) >= 0.1:
        lengths = (mean_length(side, bins) for side in (before, now))
        sentences.append("Mean length {} → {}.".format(*map(number, lengths)))
    return tuple(sentences)


def mean_length(features: np.ndarray[tuple[int], np.dtype[np.float64]], bins: VectorBinning) -> float:
    """The mean length of vectors out of their mean features; lengths far from the reference's are pulled in."""
    mean, scatter = bins.norm
    return mean + (float(features[-1]) / UNIT - 0.5) * 2 * REACH * scatter
