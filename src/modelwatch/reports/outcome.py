"""What came of an expectation."""

from __future__ import annotations

from dataclasses import dataclass

from modelwatch.core.column import ColumnKey
from modelwatch.core.finding import Finding
from modelwatch.core.level import Level
from modelwatch.core.wire import Role

ALL_ROWS = "(all rows)"
"""What a finding about no column in particular is filed under."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether an expectation holds.

    `kind` and `column` say which it is (no column: the rows as a whole), `asked` and `found` say in words what was
    asked and what was found, `share` is the part of `rows` for which it holds (or None where it is not about rows),
    `examples` are some values for which it does not.
    """

    kind: str
    column: str | None
    passed: bool
    asked: str
    found: str
    rows: int
    share: float | None
    examples: tuple[str, ...]
    severity: Level

    @property
    def level(self) -> Level:
        """`ok`, or the level that the expectation gives to being broken."""
        return Level.OK if self.passed else self.severity

    @property
    def feature(self) -> str:
        """The column that it is about."""
        return ALL_ROWS if self.column is None else self.column

    @property
    def finding(self) -> Finding:
        """The same as a finding; its value is the share of rows for which it holds, else 1 or 0."""
        value = float(self.passed) if self.share is None else self.share
        evidence = {"asked": self.asked, "found": self.found, "rows": self.rows, "examples": list(self.examples)}
        return Finding(
            ColumnKey(Role.FEATURE, self.feature), f"expect_{self.kind}", value, self.level, evidence=evidence
        )
