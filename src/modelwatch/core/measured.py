"""What a stored figure is of: one metric of a column, of the outcomes or of a whole window."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from modelwatch.core.column import ColumnKey
from modelwatch.core.group import group_of
from modelwatch.core.segment import WHOLE, from_key


class Family(StrEnum):
    """Where a metric is stored. `LEVEL` stands for the decision of a subject, such as data_drift."""

    WINDOW = "window"
    DRIFT = "drift"
    PERFORMANCE = "performance"
    ESTIMATED = "estimated"
    FAIRNESS = "fairness"
    TARGET = "target"
    CUSTOM = "custom"
    LEVEL = "level"


class Measured(NamedTuple):
    """One metric, or the decision of a subject: then `metric` is the subject and `figure` names the figure that was
    decided on. `segment` is the key of a segment, `cut` that of a group, `label` a class or the group held against."""

    family: Family
    metric: str
    column: ColumnKey | None = None
    segment: str = WHOLE
    cut: str = WHOLE
    label: str = ""
    figure: str = ""

    @property
    def title(self) -> str:
        """How people write it.

        >>> from modelwatch.core.wire import Role
        >>> Measured(Family.DRIFT, "psi", ColumnKey(Role.FEATURE, "amount"), '["tag","region","eu"]').title
        'psi of amount, region=eu'
        """
        words = self.metric.replace("_", " ")
        if self.family is Family.ESTIMATED:
            words = f"estimated {words}"
        if self.family is Family.TARGET:
            words = f"{words} of what comes true"
        if self.figure:
            words += f": {self.figure.replace('_', ' ')}"
        if self.column is not None:
            words += f" of {self.column.name or self.column.role.value.replace('_', ' ')}"
        if self.label and self.family is not Family.FAIRNESS and not self.cut:
            words += f" of {self.label}"
        where = [from_key(self.segment).label] if self.segment else []
        where += [group_of(self.cut).label] if self.cut else []
        return ", ".join([words, *where])
