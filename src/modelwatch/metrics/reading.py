"""Which columns of the lake a model's metrics read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pyarrow as pa

from modelwatch.core.column import ColumnType
from modelwatch.errors import InvalidRequest
from modelwatch.lake.labelled import ACTUALS
from modelwatch.metrics.labelled import BESIDE, WEIGHT, placed
from modelwatch.monitors.custom.check import plan
from modelwatch.monitors.custom.columns import OWN, ColumnInfo
from modelwatch.monitors.custom.metric import Metric, MetricKind

Reads = frozenset[ColumnInfo] | None
"""Columns that are read, None for all that there are."""
KINDS = (*(kind.value for kind in ColumnType), "text")
"""What the lake writes behind `~` in the name of a column whose type differs from an earlier one's."""


def reads_of(metric: Metric, columns: Sequence[ColumnInfo]) -> Reads:
    """The columns that a metric reads; nothing when it cannot be computed of these, all when it is a function."""
    if metric.kind is MetricKind.PYTHON:
        return None
    try:
        return plan(metric.expression, columns).reads
    except InvalidRequest:
        return frozenset()


def needs_labels(reads: Reads) -> bool:
    """Whether what came true is among what is read."""
    return reads is None or any(info.scope == OWN and info.name in ACTUALS for info in reads)


def lake_columns(schemas: Iterable[pa.Schema | None], every: Iterable[Reads]) -> set[str]:
    """The lake names of the columns that are read, in tables of these schemas."""
    wanted: set[tuple[str, str]] | None = {(WEIGHT.scope, WEIGHT.name)}
    for reads in every:
        wanted = None if wanted is None or reads is None else wanted | {(info.scope, info.name) for info in reads}
    found: set[str] = set()
    for schema in schemas:
        if schema is None:
            continue
        for info, at in placed(schema):
            plain = info.name.removesuffix(BESIDE + info.kind.value)
            if wanted is None or (info.scope, info.name) in wanted or (info.scope, plain) in wanted:
                found.add(schema.field(at).name)
    return found | {f"{name}~{kind}" for name in found for kind in KINDS}
