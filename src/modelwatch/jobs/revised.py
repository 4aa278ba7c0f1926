"""Which figures of windows that were judged before late rows or labels have changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from modelwatch.alerts.persistence import Judged
from modelwatch.alerts.revision import Revision
from modelwatch.core.column import ColumnKey
from modelwatch.core.figure import Figure, Subject
from modelwatch.core.window import grid
from modelwatch.monitors.drift import SIZES, DriftTable, size_metric
from modelwatch.monitors.performance import METRICS
from modelwatch.store.checks import CheckRow
from modelwatch.store.models import DeploymentRow
from modelwatch.store.outcome_checks import OutcomeCheck

Window = tuple[CheckRow, DriftTable]


def revised_columns(
    deployment: DeploymentRow, known: Mapping[int, Window], fresh: Sequence[Window], keys: Sequence[ColumnKey]
) -> dict[Judged, Revision]:
    """The columns of the window that got most rows since it was checked when it was complete.

    A model that is not live yet is filled in no order, so nothing of it is late.
    """
    late = {
        row.end_us: (round(row.rows - known[row.end_us][0].rows), table)
        for row, table in fresh
        if row.end_us in known and known[row.end_us][0].checked_us >= row.end_us + grid(row.length_us)
    }
    if deployment.live_us is None or not any(rows for rows, _ in late.values()):
        return {}
    end, (rows, table) = max(late.items(), key=lambda each: (each[1][0], -each[0]))
    before = known[end][1]
    return {
        key: Revision("rows", rows, SIZES[size_metric(key.role)], before.size(i).value, table.size(i).value, end)
        for i, key in enumerate(keys)
    }


def revised_figures(known: Mapping[int, OutcomeCheck], fresh: Sequence[OutcomeCheck]) -> dict[Judged, Revision]:
    """The figures of the window that got most labels since it was judged."""
    again = [
        row for row in fresh if row.mature and row.end_us in known and known[row.end_us].mature and differs(known, row)
    ]
    if not again:
        return {}
    row = max(again, key=lambda each: (each.labelled - known[each.end_us].labelled, -each.end_us))
    before = known[row.end_us]
    late = round(row.labelled - before.labelled)
    values = judged_values(before)
    return {
        each.figure: Revision("labels", late, named(each.figure), values[each.figure], each.value, row.end_us)
        for each in row.figures
        if each.figure in values
    }


def differs(known: Mapping[int, OutcomeCheck], row: OutcomeCheck) -> bool:
    """True when a figure that is judged is not what it was."""
    before, now = judged_values(known[row.end_us]), judged_values(row)
    return any(figure in before and before[figure] != value for figure, value in now.items())


def judged_values(row: OutcomeCheck) -> dict[Figure, float]:
    """The figures of a window that an alert may name."""
    return {each.figure: each.value for each in row.figures if each.single is not None}


def named(figure: Figure) -> str:
    """What a line of the history calls it."""
    plain = figure.subject in (Subject.PERFORMANCE, Subject.ESTIMATED) and not figure.label
    return METRICS[figure.metric].title if plain and figure.metric in METRICS else figure.title
