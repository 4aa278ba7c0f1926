"""A metric that a user defined, as it is kept with the model."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class MetricKind(StrEnum):
    """How it is computed: a SQL expression, or a Python function that is installed beside the server."""

    SQL = "sql"
    PYTHON = "python"


class Direction(StrEnum):
    """Which way the metric gets worse."""

    UP_IS_BAD = "up_is_bad"
    DOWN_IS_BAD = "down_is_bad"


@dataclass(frozen=True, slots=True)
class Metric:
    """One number of labelled rows; `expression` is SQL or the registered name of a function. `direction` None: both
    ways are news."""

    name: str
    expression: str
    kind: MetricKind = MetricKind.SQL
    unit: str = ""
    direction: Direction | None = None


class Lack(StrEnum):
    """Why a value that might have an interval has none: too few rows carry it, or no row differs from another."""

    THIN = "thin"
    FLAT = "flat"


@dataclass(frozen=True, slots=True)
class MetricValue:
    """What a metric is for some rows: `value` None with no `error` is null (there was nothing to take it of).

    `interval` holds the value in 95 % of such samples; None where none can be given, `lack` then says why if another
    sample might have had one, and `alike` how many rows there were if none differed. `rows` are those looked at,
    labelled or not.
    """

    value: float | None
    interval: tuple[float, float] | None
    rows: int
    error: str = ""
    lack: Lack | None = None
    alike: int = 0
