"""A checked expression: what is left of it is fit to be computed, and nothing in it is a name of the user's."""

from __future__ import annotations

from dataclasses import dataclass

from modelwatch.monitors.custom.aggregates import Aggregate
from modelwatch.monitors.custom.columns import ColumnInfo
from modelwatch.monitors.custom.scalars import Scalar
from modelwatch.monitors.custom.values import Kind


@dataclass(frozen=True, slots=True)
class Constant:
    """A value; a time is in microseconds."""

    value: float | bool | str | None
    kind: Kind


@dataclass(frozen=True, slots=True)
class Read:
    """A column of the rows, or the result of the aggregate with that number."""

    source: ColumnInfo | int
    kind: Kind


@dataclass(frozen=True, slots=True)
class Apply:
    """A function of values."""

    scalar: Scalar
    arguments: tuple[Step, ...]
    kind: Kind


Step = Constant | Read | Apply


@dataclass(frozen=True, slots=True)
class Reduce:
    """An aggregate of rows: `arguments` and `where` are computed on them; no argument is `count(*)`."""

    aggregate: Aggregate
    arguments: tuple[Step, ...]
    where: Step | None
    fraction: float = 0.5


@dataclass(frozen=True, slots=True)
class Plan:
    """`result` is computed on the results of `reduces`."""

    result: Step
    reduces: tuple[Reduce, ...]
    reads: frozenset[ColumnInfo]
