"""A rule: what about a model's stored figures is worth an alert, how bad that is and who is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from modelwatch.alerts.rule_schedule import Schedule
from modelwatch.core.level import Level

ANY_MODEL: Final = "__any__"
"""The model of a rule that holds for every model of the project."""
ANY: Final = "*"
"""Each feature, segment, group or class there is."""
DEFAULT_PREFIX: Final = "default."
"""Names of the rules that exist without anyone writing them begin so."""


class Operator(StrEnum):
    """How a value is held against a threshold; `outside_chance` needs none."""

    GREATER_THAN = "greater_than"
    GREATER_OR_EQUAL = "greater_or_equal"
    LESS_THAN = "less_than"
    LESS_OR_EQUAL = "less_or_equal"
    EQUAL = "equal"
    NOT_EQUAL = "not_equal"
    OUTSIDE_CHANCE = "outside_chance"


SIGNS: Final = {
    Operator.GREATER_THAN: ">",
    Operator.GREATER_OR_EQUAL: ">=",
    Operator.LESS_THAN: "<",
    Operator.LESS_OR_EQUAL: "<=",
    Operator.EQUAL: "=",
    Operator.NOT_EQUAL: "!=",
}
FALLING: Final = frozenset({Operator.LESS_THAN, Operator.LESS_OR_EQUAL})
"""Operators for which small values are bad."""


class Severity(StrEnum):
    """How bad it is when a rule fires; `by_level` takes the level of the decision that the figure has."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"
    BY_LEVEL = "by_level"


class Unit(StrEnum):
    """In what a change is counted."""

    ABSOLUTE = "absolute"
    PERCENT = "percent"


class Joined(StrEnum):
    """How conditions are put together."""

    ALL = "all"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a value: against its baseline, or against the window that ended `windows_ago` lengths before."""

    unit: Unit
    windows_ago: int | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison. With a `level` it is 'by decision level': `metric` is then a subject such as data_drift.

    `feature`, `segment`, `group` and `label` (a class) are names as people write them, `*` for each there is; '' is
    the whole, and where a metric is of a feature or a group in any case, each there is.
    """

    metric: str
    feature: str = ""
    segment: str = ""
    group: str = ""
    label: str = ""
    operator: Operator = Operator.GREATER_THAN
    threshold: float = 0.0
    change: Change | None = None
    level: Level | None = None


@dataclass(frozen=True, slots=True)
class Combination:
    """Conditions of which all must hold, or any; those inside it may be combinations of plain conditions."""

    joined: Joined
    parts: tuple[Condition | Combination, ...]


Formula = Condition | Combination


def conditions_of(formula: Formula) -> Iterator[Condition]:
    """The comparisons of a formula, in order."""
    if isinstance(formula, Condition):
        yield formula
    else:
        for part in formula.parts:
            yield from conditions_of(part)


@dataclass(frozen=True, slots=True)
class Rule:
    """What is watched and what follows.

    It fires when the formula holds in `k` of `n` windows that follow each other without overlap. A window with fewer
    than `min_rows` rows is not judged, nor is one that ends outside the schedule; `environment` and `version` narrow
    it, '' for each there is. No channels are the ones that take everything of that severity.
    """

    name: str
    model: str
    formula: Formula
    severity: Severity = Severity.WARNING
    channels: tuple[str, ...] = ()
    k: int = 1
    n: int = 1
    min_rows: int = 200
    environment: str = ""
    version: str = ""
    schedule: Schedule | None = None
    enabled: bool = True
    description: str = ""


def reach(rule: Rule) -> int:
    """How many window lengths a rule looks back."""
    ago = max((each.change.windows_ago or 0 for each in conditions_of(rule.formula) if each.change), default=0)
    return rule.n + rule.k + ago + 1


@dataclass(frozen=True, slots=True)
class Override:
    """What people changed about a rule that exists without anyone writing it, for one model or for all."""

    kind: str
    model: str
    enabled: bool = True
    severity: Severity = Severity.BY_LEVEL
    channels: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name under which it is known."""
        return DEFAULT_PREFIX + self.kind


Written = Rule | Override
"""What may be written as a rule."""
