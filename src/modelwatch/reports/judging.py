"""Two profiles -> the comparison: every column with its figures, its level and its evidence, the worst first."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from modelwatch.core.column import ColumnKey
from modelwatch.core.finding import Finding
from modelwatch.core.level import CODE, ORDER, Level
from modelwatch.monitors.drift import Dependence, Method, Sure, Thresholds, check, findings, methods, sure, why
from modelwatch.monitors.drift.on_request import FACTS, checked, compute
from modelwatch.profiles import Binning, Profile
from modelwatch.profiles.describe import describe
from modelwatch.reports.comparison import ComparedColumn, Comparison
from modelwatch.reports.matching import Matched

ONE_LOOK = Thresholds(looks=1)
"""A single comparison looks once."""


@dataclass(frozen=True, slots=True)
class Judging:
    """How to judge: what is certain and large, and which methods are computed besides those that always are."""

    thresholds: Thresholds = ONE_LOOK
    metrics: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for metric in self.metrics:
            checked(metric)


def judge(
    window: Profile,
    reference: Profile,
    binning: Binning,
    matched: Matched,
    how: Judging,
    depends: Dependence | None = None,
) -> Comparison:
    """The comparison of two profiles; `depends` is what clusters say of rows that belong together."""
    thresholds = how.thresholds
    table = check(window, reference, binning, thresholds, depends)
    found: dict[ColumnKey, list[Finding]] = {column.key: [] for column in binning.columns}
    for finding in findings(table, window, reference, binning, thresholds=thresholds):
        found[finding.column].append(finding)
    more = requested(how.metrics, window, reference, binning, depends)
    columns = []
    for f, column in enumerate(binning.columns):
        told = found[column.key]
        told += [as_finding(method, told[0]) for method in more[f] if told]
        columns.append(
            ComparedColumn(
                key=column.key,
                type=column.type,
                level=ORDER[table.levels[f]],
                findings=tuple(told),
                methods=(*methods(table, f, thresholds), *more[f]),
                sure=tuple(at_one_look(question) for question in sure(table, f, thresholds)),
                why=why(table, window, reference, binning, f, thresholds=thresholds),
                distribution=describe(window, reference, binning, f),
                test_p=float(table.test_p[f]),
                note=matched.notes.get(column.key, ""),
            )
        )
    columns.sort(key=rank)
    return Comparison(
        reference_rows=int(reference.rows),
        rows=int(window.rows),
        columns=tuple(columns),
        changes=matched.changes,
        left=matched.left,
        expectations=(),
        table=table,
    )


def requested(
    metrics: Sequence[str], window: Profile, reference: Profile, binning: Binning, depends: Dependence | None
) -> list[list[Method]]:
    """The methods that were asked for, column by column [F]; they decide no level."""
    answer: list[list[Method]] = [[] for _ in binning.columns]
    for metric in metrics:
        facts, (values, chance, p) = FACTS[metric], compute(metric, window, reference, binning, depends)
        limits = facts.threshold_warning, facts.threshold_critical
        for f in range(len(binning)):
            if not math.isnan(values[f]):
                known = None if math.isnan(p[f]) else float(p[f])
                answer[f].append(
                    Method(metric, facts.label, float(values[f]), float(chance[f]), known, *limits, Level.OK)
                )
    return answer


def as_finding(method: Method, beside: Finding) -> Finding:
    """A method as a finding, with the evidence of the others of its column."""
    return replace(
        beside,
        metric=method.metric,
        value=method.value,
        level=method.level,
        chance=method.chance,
        p_value=method.p_value,
        threshold_warning=method.threshold_warning,
        threshold_critical=method.threshold_critical,
    )


def at_one_look(question: Sure) -> Sure:
    """A question of the monitors as it reads where there is one window and no day."""
    return replace(question, detail=question.detail.replace(" of windows;", " of comparisons;"))


def rank(column: ComparedColumn) -> tuple[int, float]:
    """The worst level first, then the largest change; columns that could not be judged stay as they came."""
    size = column.size
    known = size is not None and column.level is not Level.INSUFFICIENT_DATA and not math.isnan(size.value)
    return CODE[column.level], -size.value if size is not None and known else 0.0
