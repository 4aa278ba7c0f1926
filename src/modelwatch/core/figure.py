"""What a finding about outcomes is of: one metric of one group or class."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from modelwatch.core.group import group_of
from modelwatch.core.segment import WHOLE


class Subject(StrEnum):
    """What is looked at when the truth is known, or estimated. Each has alerts of its own."""

    PERFORMANCE = "performance"
    ESTIMATED = "estimated_performance"
    FAIRNESS = "fairness"
    TARGET = "target_drift"
    CONCEPT = "concept_drift"
    CUSTOM = "custom_metric"


class Figure(NamedTuple):
    """One metric; `cut` is the key of a `core.group.Group`, `label` a class where the metric is of one, of fairness the
    key of the group that the other is held against."""

    subject: Subject
    metric: str
    cut: str = WHOLE
    label: str = ""

    @property
    def title(self) -> str:
        """How people write it.

        >>> Figure(Subject.PERFORMANCE, "roc_auc").title
        'roc auc'
        """
        words = self.metric.replace("_", " ")
        if self.label and self.subject is not Subject.FAIRNESS:
            words += f" of {self.label}"
        return words if self.cut == WHOLE else f"{words}, {group_of(self.cut).label}"


def amount(value: float) -> str:
    """A size as people write it.

    >>> amount(0.0543), amount(106.31), amount(12345.6)
    ('0.054', '106', '12,346')
    """
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2g}"
