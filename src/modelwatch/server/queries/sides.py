"""One column in a window and in the reference that the window was held against, from what is stored."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from modelwatch.core.reference import Fixed, Past, Span, Standing, from_json, label, spans
from modelwatch.core.wire import Role
from modelwatch.monitors.drift import DriftTable
from modelwatch.profiles import Binning, Profile, empty, merge_blocks
from modelwatch.server.queries.reference import sources_of
from modelwatch.server.queries.subject import Subject
from modelwatch.server.queries.windows import load_binning
from modelwatch.store import references
from modelwatch.store.checks import CheckRow
from modelwatch.store.profiles import Series, load_all
from modelwatch.store.segments import find_segment_reference

Blocks = Mapping[tuple[str, float], Sequence[bytes]]
"""(binning, the share of its rows that counts) -> blocks."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One checked window and the place of the column in it."""

    row: CheckRow
    table: DriftTable
    binning: Binning
    at: int


def both_sides(connection: Connection, subject: Subject, judged: Judged) -> tuple[Profile, Profile] | None:
    """The column in the window and in its reference, on the window's binning; None when the reference is gone.

    A reference out of the past is counted again from what is stored now: late rows since the check are in it.
    """
    row = judged.row
    stored = references.get_reference(connection, row.reference_id) if row.reference_id is not None else None
    if stored is None:
        return None
    window = Span(row.end_us - row.length_us, row.end_us)
    rule = from_json(json.loads(stored.rule)) if stored.rule else Standing()
    before: Blocks = {(stored.binning, 1.0): [stored.body]}
    if subject.segment:
        part = find_segment_reference(connection, stored.id, subject.segment)
        before = {} if part is None else {(part.binning, 1.0): [part.body]}
    if not isinstance(rule, Standing):
        before, inputs = past_blocks(connection, subject, row, rule)
        before = {} if inputs and judged.binning.columns[judged.at].key.role is not Role.FEATURE else before
    current = column_profile(connection, subject, judged, blocks_in(connection, [subject.series], [window]))
    return current, column_profile(connection, subject, judged, before)


def past_blocks(connection: Connection, subject: Subject, row: CheckRow, rule: Past) -> tuple[Blocks, bool]:
    """The blocks of a reference out of the past, as the check takes them; True when only inputs are compared with it.

    What a version predicts is its own; its inputs may come from the versions before it.
    """
    stretches = spans(rule, row.end_us, row.length_us)
    sources, _, _ = sources_of(connection, subject.series, rule, stretches)
    return blocks_in(connection, sources, stretches), len(sources) > 1 and not isinstance(rule, Fixed)


def label_of(connection: Connection, row: CheckRow) -> str:
    """What a window was compared with, in words."""
    stored = references.get_reference(connection, row.reference_id) if row.reference_id is not None else None
    rule = from_json(json.loads(stored.rule)) if stored is not None and stored.rule else Standing()
    if isinstance(rule, Standing):
        return "" if stored is None else stored.label
    return label(rule, row.length_us)


def blocks_in(connection: Connection, sources: Sequence[Series], stretches: Sequence[Span]) -> Blocks:
    """The stored blocks of stretches of event time, each with the share of it that lies inside."""
    found: dict[tuple[str, float], list[bytes]] = defaultdict(list)
    for start, end in stretches:
        for each in load_all(connection, sources, start, end):
            inside = min(each.start_us + each.span_us, end) - max(each.start_us, start)
            found[each.binning, inside / each.span_us].append(each.body)
    return found


def column_profile(connection: Connection, subject: Subject, judged: Judged, blocks: Blocks) -> Profile:
    """The column's counts out of blocks on any binnings on which its bins are the same; other columns stay empty."""
    f, column = judged.at, judged.binning.columns[judged.at]
    whole = empty(judged.binning)
    counts, moments, extremes = whole.counts, whole.moments, whole.extremes
    rows = weight = weight_sq = 0.0
    for (name, share), bodies in blocks.items():
        own = load_binning(connection, subject.model.id, name)
        part = merge_blocks(bodies, own)
        rows, weight = rows + part.rows * share, weight + part.weight * share
        weight_sq += part.weight_sq * share * share
        j = own.index(column.key)
        if j is None or own.columns[j] != column:
            continue
        counts[f] += part.counts[j] * share
        moments[f] += part.moments[j] * share
        extremes[f] = min(extremes[f, 0], part.extremes[j, 0]), max(extremes[f, 1], part.extremes[j, 1])
    return Profile(judged.binning.id, counts, moments, extremes, rows, weight, weight_sq)
