"""How much a finding matters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final


class Level(StrEnum):
    """Worst first in `RANK`: critical, warning, check failed, no data, notice, too few rows, ok."""

    CRITICAL = "critical"
    WARNING = "warning"
    ERROR = "error"
    NO_DATA = "no_data"
    NOTICE = "notice"
    INSUFFICIENT_DATA = "insufficient_data"
    OK = "ok"

    @property
    def status(self) -> str:
        """The three words of the REST answers: normal, warning, critical."""
        return self.value if self in (Level.CRITICAL, Level.WARNING) else "normal"

    @property
    def raised(self) -> bool:
        """True from `warning` on: what may open an alert."""
        return self in (Level.CRITICAL, Level.WARNING)


ORDER: tuple[Level, ...] = tuple(Level)
CODE: dict[Level, int] = {level: i for i, level in enumerate(ORDER)}
"""Small integers for arrays of levels; `ORDER[code]` is the way back. Never renumber: they are stored."""

SEVERITIES: Final[Mapping[str, Level]] = {"info": Level.NOTICE, "warning": Level.WARNING, "critical": Level.CRITICAL}
"""What people call the levels that they may be told of."""
SEVERITY: Final[Mapping[Level, str]] = {level: word for word, level in SEVERITIES.items()}


def worst(levels: Iterable[Level]) -> Level:
    """The level that a person should see first; `ok` when there is none.

    >>> worst([Level.OK, Level.WARNING, Level.INSUFFICIENT_DATA])
    <Level.WARNING: 'warning'>
    """
    return min(levels, key=CODE.__getitem__, default=Level.OK)
