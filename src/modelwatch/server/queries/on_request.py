"""Methods that no table holds: computed from the stored profiles of the windows when somebody asks."""

from __future__ import annotations

import difflib
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from sqlalchemy import Connection

from modelwatch.core.column import ColumnKey
from modelwatch.core.reference import Fixed, Past, Span, Standing, from_json, spans
from modelwatch.core.wire import Role
from modelwatch.errors import InvalidRequest
from modelwatch.monitors.drift.dependence import widened
from modelwatch.monitors.drift.on_request import FACTS, Computed, Facts, compute, of_counts
from modelwatch.profiles import WIDTH, Binning, ColumnBinning
from modelwatch.server.queries.column_counts import Counts, counted, counts_in, of_block
from modelwatch.server.queries.drift import METRICS
from modelwatch.server.queries.reference import sources_by_window
from modelwatch.server.queries.subject import Subject
from modelwatch.server.queries.whole_sides import whole_sides
from modelwatch.server.queries.windows import Windows, load_binning, nullable, of_rows
from modelwatch.store import references
from modelwatch.store.checks import CheckRow, newest_check, window_check
from modelwatch.store.profiles import Series
from modelwatch.store.segments import find_segment_reference

EVERY_METRIC: Final[tuple[str, ...]] = (*METRICS, *FACTS)
AT_ONCE: Final = 500
"""Windows that are compared at one time."""


def checked_metric(name: str) -> str:
    """The name of a metric, stored or computed on request; else `InvalidRequest` with what comes near."""
    if name not in EVERY_METRIC:
        near = difflib.get_close_matches(name, EVERY_METRIC, n=1)
        hint = f"did you mean {near[0]}?" if near else f"one of {', '.join(EVERY_METRIC)}"
        raise InvalidRequest(f"there is no metric {name[:64]!r}", hint=hint)
    return name


def over_windows(connection: Connection, subject: Subject, windows: Windows, f: int, metric: str) -> Computed:
    """One method for column `f` of the windows, in each of them [N]; nan where a window or its reference is gone."""
    answer = Computed(*(np.full(len(windows.rows), np.nan) for _ in Computed._fields))
    alike: dict[tuple[str, int | None], list[int]] = defaultdict(list)
    for i, row in enumerate(windows.rows):
        if windows.at[i, f] >= 0:
            alike[row.binning, row.reference_id].append(i)
    for (name, reference_id), places in alike.items():
        column = load_binning(connection, subject.model.id, name).columns[windows.at[places[0], f]]
        rows = [windows.rows[i] for i in places]
        before = reference_counts(connection, subject, column, reference_id, rows)
        if before is None:
            continue
        stretches = [[Span(row.end_us - row.length_us, row.end_us)] for row in rows]
        now = counts_in(connection, subject, [subject.series], column, stretches)
        effect = np.array([windows.tables[i].design_effect[windows.at[i, f]] for i in places])
        for start in range(0, len(places), AT_ONCE):
            part = slice(start, start + AT_ONCE)
            binning = Binning((column,) * len(places[part]))
            worth = now.rows[part], before.rows[part]
            found = of_counts(metric, now.held[part], before.held[part], worth, binning, widened(effect[part]))
            for whole, values in zip(answer, found, strict=True):
                whole[places[part]] = values
    return answer


def reference_counts(
    connection: Connection,
    subject: Subject,
    column: ColumnBinning,
    reference_id: int | None,
    rows: Sequence[CheckRow],
) -> Counts | None:
    """The column's counts in the reference of each window, or None when it is gone."""
    stored = references.get_reference(connection, reference_id) if reference_id is not None else None
    if stored is None:
        return None
    rule = from_json(json.loads(stored.rule)) if stored.rule else Standing()
    if not isinstance(rule, Standing):
        return past_counts(connection, subject, column, rule, rows)
    if subject.segment:
        part = find_segment_reference(connection, stored.id, subject.segment)
        if part is None:
            return None
        one = of_block(connection, subject, column, part.binning, part.body)
    else:
        one = of_block(connection, subject, column, stored.binning, stored.body)
    return counted(np.tile(one, (len(rows), 1)))


def past_counts(
    connection: Connection, subject: Subject, column: ColumnBinning, rule: Past, rows: Sequence[CheckRow]
) -> Counts:
    """The same for references out of the past; of what a version predicts, the past of others says nothing."""
    wanted = [spans(rule, row.end_us, row.length_us) for row in rows]
    answer = Counts(np.zeros((len(rows), WIDTH)), np.zeros(len(rows)))
    alike: dict[tuple[Series, ...], list[int]] = defaultdict(list)
    for i, sources in enumerate(sources_by_window(connection, subject.series, rule, wanted)):
        if len(sources) == 1 or column.key.role is Role.FEATURE or isinstance(rule, Fixed):
            alike[sources].append(i)
    for sources, places in alike.items():
        found = counts_in(connection, subject, sources, column, [wanted[i] for i in places])
        answer.held[places], answer.rows[places] = found.held, found.rows
    return answer


def newest_of_all(connection: Connection, subject: Subject, windows: Windows, metrics: Sequence[str]) -> list[Computed]:
    """Methods for every column [F] in the newest of the windows; nan where its reference is gone."""
    sides = whole_sides(connection, subject, windows.rows[-1], windows.binning)
    if sides is None:
        nothing = np.full(len(windows.binning), np.nan)
        return [Computed(nothing, nothing, nothing) for _ in metrics]
    effect = widened(windows.tables[-1].design_effect)
    return [compute(metric, *sides, windows.binning, effect) for metric in metrics]


@dataclass(frozen=True, slots=True)
class OnRequest:
    """One method's figure for one column in one window, with what must be known of it; `binning` is its bins' id."""

    facts: Facts
    binning: str
    value: float
    chance: float | None
    p_value: float | None


def methods_at(connection: Connection, subject: Subject, key: ColumnKey, end_us: int | None) -> list[OnRequest]:
    """All methods that have a meaning for the column, in the newest window or the newest that ends by `end_us`."""
    row = (
        newest_check(connection, subject.series) if end_us is None else window_check(connection, subject.series, end_us)
    )
    windows = None if row is None else of_rows(connection, subject, [row])
    f = None if windows is None else windows.binning.index(key)
    if windows is None or f is None:
        return []
    answer = []
    computed = newest_of_all(connection, subject, windows, list(FACTS))
    for facts, found in zip(FACTS.values(), computed, strict=True):
        value, chance, p = nullable(np.array([each[f] for each in found]))
        if value is not None:
            answer.append(OnRequest(facts, windows.binning.id, value, chance, p))
    return answer
