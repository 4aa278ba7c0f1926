"""The result of a comparison: what has drifted, whether that passes, and the ways to hand it on."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from modelwatch.core.column import ColumnKey, ColumnType
from modelwatch.core.finding import Finding
from modelwatch.core.level import CODE, Level, worst
from modelwatch.monitors.drift import DriftTable, Method, Sure
from modelwatch.profiles.describe import Distribution
from modelwatch.reports.matching import NotCompared
from modelwatch.reports.outcome import Outcome


@dataclass(frozen=True, slots=True)
class ComparedColumn:
    """One column that was compared: its figures, why it has its level, and its distribution on both sides."""

    key: ColumnKey
    type: ColumnType
    level: Level
    findings: tuple[Finding, ...]
    methods: tuple[Method, ...]
    sure: tuple[Sure, ...]
    why: tuple[str, ...]
    distribution: Distribution
    test_p: float
    note: str = ""

    @property
    def feature(self) -> str:
        """The user's name for the column, or its role where the role has one column only."""
        return self.key.name or self.key.role.value

    @property
    def size(self) -> Method | None:
        """How large the change is: PSI, or for vectors MMD on the same scale; None when it was not computed."""
        return self.metric("psi") or self.metric("mmd")

    def metric(self, name: str) -> Method | None:
        """One of the methods by its short name, None when it does not apply to the column."""
        return next((method for method in self.methods if method.metric == name), None)


@dataclass(frozen=True, slots=True, repr=False)
class Comparison:
    """What `compare` found.

    `columns` are those that were compared, the worst first; `changes` are findings about columns that are missing,
    new or of another type; `left` are columns that were not compared, each with its reason; `expectations` are the
    outcomes of those that were given. `rows` and `reference_rows` count rows.

    There is one window and no history, so nothing is asked to persist: what is certain and large is raised.
    """

    reference_rows: int
    rows: int
    columns: tuple[ComparedColumn, ...]
    changes: tuple[Finding, ...]
    left: tuple[NotCompared, ...]
    expectations: tuple[Outcome, ...]
    table: DriftTable

    def column(self, key: ColumnKey) -> ComparedColumn | None:
        """The compared column of that role and name, or None."""
        return next((column for column in self.columns if column.key == key), None)

    @property
    def findings(self) -> list[Finding]:
        """Every finding: of the columns themselves, of expectations, then all metrics of each column, worst first."""
        answer = [*self.changes, *(outcome.finding for outcome in self.expectations)]
        for column in self.columns:
            answer += column.findings
        return answer

    @property
    def level(self) -> Level:
        """The worst level of all; `insufficient_data` when no column could be judged."""
        raised = [level for level in self.levels() if level is not Level.INSUFFICIENT_DATA]
        found = worst(raised)
        return found if self.judged or found.raised else Level.INSUFFICIENT_DATA

    def levels(self) -> Iterable[Level]:
        """The levels of columns, changes and expectations."""
        yield from (column.level for column in self.columns)
        yield from (change.level for change in self.changes)
        yield from (outcome.level for outcome in self.expectations)

    @property
    def judged(self) -> bool:
        """Whether at least one column had rows enough to be judged."""
        return any(column.level is not Level.INSUFFICIENT_DATA for column in self.columns)

    @property
    def passed(self) -> bool:
        """False from `warning` on, and when nothing could be judged."""
        return self.passes(Level.WARNING)

    def passes(self, fail_on: Level) -> bool:
        """Whether nothing is as bad as `fail_on`, all expectations hold, and something could be judged."""
        met = all(outcome.passed for outcome in self.expectations)
        return self.judged and met and CODE[self.level] > CODE[fail_on]

    @property
    def verdict(self) -> str:
        """The answer in one or two sentences."""
        from modelwatch.reports.words import verdict

        return verdict(self)

    def __repr__(self) -> str:
        return f"<Comparison {self.level.value}, passed={self.passed}: {self.verdict}>"

    def __str__(self) -> str:
        from modelwatch.reports.terminal import summary

        return summary(self)

    def to_dict(self) -> dict[str, object]:
        """Plain values only, fit for JSON: what is no number or infinite is None."""
        from modelwatch.reports.plain import to_dict

        return to_dict(self)

    def to_json(self, *, indent: int | None = 2) -> str:
        """The same as text."""
        return json.dumps(self.to_dict(), indent=indent, allow_nan=False)

    def to_junit(self, *, fail_on: Level | str = Level.WARNING) -> str:
        """JUnit XML: a test case for each column and each expectation, failed from the level `fail_on` on."""
        from modelwatch.reports.junit import to_junit

        return to_junit(self, Level(fail_on))

    def to_html(self) -> str:
        """One page that needs nothing else: verdict, table, distributions and evidence."""
        from modelwatch.reports.page import to_html

        return to_html(self)

    def save_html(self, path: str | Path) -> Path:
        """Writes the page to a file and returns its path."""
        target = Path(path)
        target.write_text(self.to_html(), "utf-8")
        return target

    def _repr_html_(self) -> str:
        from modelwatch.reports.notebook import to_cell

        return to_cell(self)
