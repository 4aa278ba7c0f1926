"""What a regression's errors are expected to be in a window, before its labels come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from sqlalchemy import Connection

from modelwatch.jobs.windows import window_profiles
from modelwatch.monitors.estimated import Estimated, estimate_loss, rooted
from modelwatch.profiles import Binning, Profile
from modelwatch.profiles.places import Ints, placeable
from modelwatch.store.binnings import load_binning
from modelwatch.store.models import DeploymentRow
from modelwatch.store.outcomes import ReferenceLosses
from modelwatch.store.profiles import Series

REGRESSION: Final = "regression"


def window_losses(
    connection: Connection, deployment: DeploymentRow, losses: ReferenceLosses, length: int, ends: Sequence[int]
) -> Iterator[tuple[int, tuple[Estimated, ...]]]:
    """(end, MAE and RMSE as they are expected) of each window; ends ascending.

    Windows are counted on the bins that the losses were learned on; a column that has other bins by now has no counts
    there, which says as much as a column whose values are those of the reference.
    """
    binning = load_binning(connection, deployment.model_id, losses.binning)

    def binning_of(wanted: str) -> Binning:
        return load_binning(connection, deployment.model_id, wanted)

    kept = placeable(binning)
    for end, profile in window_profiles(connection, Series(deployment.id), length, ends, binning, binning_of):
        yield end, expected(losses, profile, kept)


def expected(losses: ReferenceLosses, profile: Profile, kept: Ints) -> tuple[Estimated, ...]:
    """MAE and RMSE of the rows of a profile of which the columns `kept` tell."""
    counts = profile.counts[kept]
    size, square = (
        estimate_loss(model, counts, profile.weight, profile.effective_rows)
        for model in (losses.absolute, losses.squared)
    )
    return size, rooted(square)
