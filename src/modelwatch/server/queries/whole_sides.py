"""All columns of a checked window, and of the reference that it was held against, from what is stored."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
from sqlalchemy import Connection

from modelwatch.core.reference import Span, Standing, from_json
from modelwatch.core.wire import Role
from modelwatch.profiles import Binning, Profile, empty, merge_blocks
from modelwatch.server.queries.sides import Blocks, blocks_in, past_blocks
from modelwatch.server.queries.subject import Subject
from modelwatch.server.queries.windows import load_binning
from modelwatch.store import references
from modelwatch.store.checks import CheckRow
from modelwatch.store.segments import find_segment_reference


def whole_sides(
    connection: Connection, subject: Subject, row: CheckRow, binning: Binning
) -> tuple[Profile, Profile] | None:
    """Window and reference on the window's binning; None when the reference is gone."""
    stored = references.get_reference(connection, row.reference_id) if row.reference_id is not None else None
    if stored is None:
        return None
    rule = from_json(json.loads(stored.rule)) if stored.rule else Standing()
    before: Blocks = {(stored.binning, 1.0): [stored.body]}
    if subject.segment:
        part = find_segment_reference(connection, stored.id, subject.segment)
        before = {} if part is None else {(part.binning, 1.0): [part.body]}
    inputs = False
    if not isinstance(rule, Standing):
        before, inputs = past_blocks(connection, subject, row, rule)
    now = blocks_in(connection, [subject.series], [Span(row.end_us - row.length_us, row.end_us)])
    reference = whole_profile(connection, subject, binning, before)
    if inputs:
        fed = np.array([column.key.role is Role.FEATURE for column in binning.columns], np.bool_)
        reference = dataclasses.replace(reference, counts=np.where(fed[:, None], reference.counts, 0.0))
    return whole_profile(connection, subject, binning, now), reference


def whole_profile(connection: Connection, subject: Subject, binning: Binning, blocks: Blocks) -> Profile:
    """Counts, without moments and extremes, out of blocks on any binnings; a column with other bins stays empty.

    Of a block that lies inside by a share only, that share of its rows counts, and of their squared weights.
    """
    whole = empty(binning)
    counts = whole.counts
    rows = weight = weight_sq = 0.0
    for (name, share), bodies in blocks.items():
        own = load_binning(connection, subject.model.id, name)
        part = merge_blocks(bodies, own)
        rows, weight, weight_sq = (
            rows + part.rows * share,
            weight + part.weight * share,
            weight_sq + part.weight_sq * share,
        )
        for f, column in enumerate(binning.columns):
            j = own.index(column.key)
            if j is not None and own.columns[j] == column:
                counts[f] += part.counts[j] * share
    return Profile(binning.id, counts, whole.moments, whole.extremes, rows, weight, weight_sq)
