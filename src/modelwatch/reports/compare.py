"""Two frames, no server: has what comes in or goes out changed?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from modelwatch.core.frame import open_frame
from modelwatch.core.wire import Role
from modelwatch.monitors.drift import Method, Thresholds
from modelwatch.profiles import Binning, Profile, merge, profile
from modelwatch.reports.clusters import dependence
from modelwatch.reports.comparison import Comparison
from modelwatch.reports.expect import Expectation
from modelwatch.reports.fitting import fit_batches
from modelwatch.reports.judging import ONE_LOOK, Judging, judge
from modelwatch.reports.matching import Matched, match, select
from modelwatch.reports.outcomes import outcomes
from modelwatch.reports.roles import Names, Roles, plan
from modelwatch.reports.table import FrameTable, Readings, Table


def compare(
    reference: object,
    current: object,
    *,
    features: Names = None,
    prediction_label: str | None = None,
    prediction_score: str | None = None,
    prediction_value: str | None = None,
    prediction_scores: Names = None,
    actual_label: str | None = None,
    actual_value: str | None = None,
    embeddings: Names = None,
    weight: str | None = None,
    cluster: str | None = None,
    ignore: Sequence[str] = (),
    expectations: Sequence[Expectation] = (),
    metrics: Sequence[str] = (),
    thresholds: Thresholds | None = None,
) -> Comparison:
    """Compares the rows of `current` with those of `reference`, column by column.

    Both are frames of pandas, polars, pyarrow or anything else that narwhals reads. All columns are features unless
    `features` names some or another role takes them. `weight` is a column that says how many rows each row stands
    for, `cluster` one that says which rows belong together (a customer), so that they do not count as independent.
    `expectations` (see `modelwatch.expect`) must hold of `current` whatever the reference is like; `metrics` names
    more methods to compute (jensen_shannon, hellinger, total_variation, wasserstein, g_test ...). Raises
    `InvalidRequest` for what is no frame and for a column that neither has.

    >>> import polars as pl
    >>> import modelwatch as mw
    >>> reference = pl.DataFrame({"amount": [x % 100 for x in range(5000)], "country": ["AT", "DE"] * 2500})
    >>> current = pl.DataFrame({"amount": [x % 100 + 30 for x in range(1000)], "country": ["AT", "DE"] * 500})
    >>> result = mw.compare(reference, current)
    >>> result.passed, [column.feature for column in result.columns if column.level.raised]
    (False, ['amount'])
    """
    single = {
        Role.PREDICTION_LABEL: prediction_label,
        Role.PREDICTION_SCORE: prediction_score,
        Role.PREDICTION_VALUE: prediction_value,
        Role.ACTUAL_LABEL: actual_label,
        Role.ACTUAL_VALUE: actual_value,
    }
    many = {Role.PREDICTION_SCORES: prediction_scores, Role.EMBEDDING: embeddings, Role.FEATURE: features}
    roles = Roles(single, many, weight, cluster, ignore=tuple(ignore))
    tables = FrameTable(open_frame(reference)), FrameTable(open_frame(current))
    return compare_tables(*tables, roles, expectations, Judging(thresholds or ONE_LOOK, tuple(metrics)))


def compare_tables(
    reference: Table,
    current: Table,
    roles: Roles,
    expectations: Sequence[Expectation] = (),
    how: Judging = Judging(),  # noqa: B008
) -> Comparison:
    """Compares two tables, which may be frames or files; a file is read batch by batch."""
    planned = plan(reference.names, current.names, roles)
    before = Readings(reference, [column for column in planned if column.in_reference], roles.weight, roles.cluster)
    now = Readings(current, [column for column in planned if column.in_current], roles.weight, roles.cluster)
    matched = match(planned, before.kinds(), now.kinds())
    binning = fit_batches(((select(rows.columns, matched.types), rows.weights) for rows in before), matched.types)
    past, window = counted(before, matched, binning), counted(now, matched, binning)
    depends = dependence(before, matched, binning) or dependence(now, matched, binning) if roles.cluster else None
    found = judge(window, past, binning, matched, how, depends)
    methods: dict[str, Sequence[Method] | None] = {column.feature: column.methods for column in found.columns}
    for column in planned:
        compared = found.column(column.key)
        methods[str(column.source)] = None if compared is None else compared.methods
    return replace(found, expectations=outcomes(expectations, current, reference.names, methods))


def counted(readings: Readings, matched: Matched, binning: Binning) -> Profile:
    """The profile of all rows."""
    total: Profile | None = None
    for rows in readings:
        part = profile(binning, select(rows.columns, matched.types), rows.weights)
        total = part if total is None else merge(total, part)
    assert total is not None, "a table has at least one batch"
    return total
