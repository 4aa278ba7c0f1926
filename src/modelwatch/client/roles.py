"""Which argument of a verb that takes a frame is which role on the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from modelwatch.core.wire import Role

if TYPE_CHECKING:
    from modelwatch.client.frames import Names

    Roles: TypeAlias = tuple[dict[Role, str | None], dict[Role, Names]]

_SINGLE = (
    Role.PREDICTION_ID,
    Role.TIMESTAMP,
    Role.PREDICTION_LABEL,
    Role.PREDICTION_SCORE,
    Role.PREDICTION_VALUE,
    Role.WEIGHT,
    Role.GROUP_ID,
    Role.RANK,
)
_MANY = (Role.FEATURE, Role.PREDICTION_SCORES, Role.TAG, Role.EMBEDDING, Role.EXPLANATION)


def prediction_roles(single: tuple[str | None, ...], many: tuple[Names, ...]) -> Roles:
    """The columns of a frame of predictions by role: those with one column, those with many."""
    return dict(zip(_SINGLE, single, strict=True)), dict(zip(_MANY, many, strict=True))


def truth_roles(
    label: str | None, value: str | None, score: str | None, relevance: str | None
) -> dict[Role, str | None]:
    """The columns of a frame that say what came true, by role."""
    return {
        Role.ACTUAL_LABEL: label,
        Role.ACTUAL_VALUE: value,
        Role.ACTUAL_SCORE: score,
        Role.RELEVANCE: relevance,
    }
