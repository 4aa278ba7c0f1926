"""Which loss a question is about: errors, the log loss, or absolute errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from modelwatch.errors import InvalidRequest
from modelwatch.monitors.performance.sentences import ERROR_RATE, LossName
from modelwatch.profiles.outcomes import row_errors, row_log_losses
from modelwatch.server.queries.labelled_range import RANKED
from modelwatch.server.queries.labelled_rows import LabelledRows

LossKind = Literal["error", "log_loss", "absolute_error"]
LOSSES: Final[tuple[LossKind, ...]] = get_args(LossKind)
NAMES: Final[dict[LossKind, LossName]] = {
    "error": ERROR_RATE,
    "log_loss": LossName("mean log loss"),
    "absolute_error": LossName("mean absolute error"),
}


@dataclass(frozen=True, slots=True, eq=False)
class Loss:
    """The losses [n] of labelled rows, NaN where one cannot be told."""

    kind: LossKind
    values: NDArray[np.float64]

    @property
    def name(self) -> LossName:
        """What it is called."""
        return NAMES[self.kind]


def check_loss(asked: str | None, task: str) -> None:
    """Raises `InvalidRequest` for a loss that models of the task do not have."""
    if asked is None:
        return
    if task == "ranking":
        raise InvalidRequest(RANKED, hint="GET .../performance")
    if asked not in LOSSES:
        raise InvalidRequest(f"{asked[:64]!r} is no loss", hint=f"known: {', '.join(LOSSES)}")
    if (asked == "absolute_error") != (task == "regression"):
        known = "absolute_error" if task == "regression" else "error or log_loss"
        raise InvalidRequest(f"a model of the task {task or 'classification'} has no {asked}", hint=f"ask for {known}")


def loss_of(asked: str | None, task: str, rows: LabelledRows) -> Loss:
    """The loss that is asked for; by default absolute errors of numbers, errors of labels, else the log loss."""
    if task == "regression":
        return Loss("absolute_error", rows.over(row_errors))
    if asked != "log_loss":
        errors = rows.over(row_errors)
        if asked == "error" or np.isfinite(errors).any():
            return Loss("error", errors)
    return Loss("log_loss", rows.over(row_log_losses))
