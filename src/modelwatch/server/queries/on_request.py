"""Methods that no table holds: computed from the stored profiles of the windows when somebody asks."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from modelwatch.core.column import ColumnKey
from modelwatch.errors import InvalidRequest
from modelwatch.monitors.drift.dependence import widened
from modelwatch.monitors.drift.on_request import FACTS, Computed, Facts, of_counts
from modelwatch.profiles import WIDTH, Binning, ColumnBinning, decode, merge_blocks
from modelwatch.server.queries.drift import METRICS
from modelwatch.server.queries.subject import Subject
from modelwatch.server.queries.windows import Windows, load_binning, nullable, of_rows
from modelwatch.store import references
from modelwatch.store.checks import newest_check, window_check
from modelwatch.store.profiles import load_stretches, spans

Floats = NDArray[np.float64]

EVERY_METRIC: Final[tuple[str, ...]] = (*METRICS, *FACTS)
AT_ONCE: Final = 500
"""Windows, or stored blocks, that are held in memory as arrays at one time."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts [N, WIDTH] of one column in N windows or references, and the rows [N] that they are worth."""

    held: Floats
    rows: Floats


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
        before = reference_counts(connection, subject, column, reference_id)
        if before is None:
            continue
        ends = [(windows.rows[i].end_us - windows.rows[i].length_us, windows.rows[i].end_us) for i in places]
        now = window_counts(connection, subject, column, ends)
        effect = np.array([windows.tables[i].design_effect[windows.at[i, f]] for i in places])
        for start in range(0, len(places), AT_ONCE):
            part = slice(start, start + AT_ONCE)
            binning = Binning((column,) * len(places[part]))
            sides = now.held[part], np.repeat(before.held, len(binning), axis=0)
            rows = now.rows[part], np.repeat(before.rows, len(binning))
            found = of_counts(metric, *sides, rows, binning, widened(effect[part]))
            for whole, values in zip(answer, found, strict=True):
                whole[places[part]] = values
    return answer


def window_counts(
    connection: Connection, subject: Subject, column: ColumnBinning, ranges: Sequence[tuple[int, int]]
) -> Counts:
    """The column's counts in ranges of event time, which may overlap: differences of running sums over the blocks."""
    first, last = min(start for start, _ in ranges), max(end for _, end in ranges)
    starts = [start for start, _, _ in spans(connection, subject.series, first, last)]
    held, worth = np.zeros((len(starts) + 1, WIDTH)), np.zeros((len(starts) + 1, 2))
    for i in range(0, len(starts), AT_ONCE):
        part = starts[i : i + AT_ONCE]
        for j, stretch in enumerate(load_stretches(connection, subject.series, part[0], part[-1] + 1), i + 1):
            held[j], worth[j] = block_counts(connection, subject, column, stretch.binning, stretch.body)
    held, worth = np.cumsum(held, axis=0), np.cumsum(worth, axis=0)
    low, high = (np.searchsorted(starts, [each[side] for each in ranges]) for side in (0, 1))
    return counted(held[high] - held[low], worth[high] - worth[low])


def reference_counts(
    connection: Connection, subject: Subject, column: ColumnBinning, reference_id: int | None
) -> Counts | None:
    """The column's counts in a reference, or None when that is gone."""
    stored = references.get_reference(connection, reference_id) if reference_id is not None else None
    if stored is None:
        return None
    held, worth = block_counts(connection, subject, column, stored.binning, stored.body)
    return counted(held[None], worth[None])


def block_counts(
    connection: Connection, subject: Subject, column: ColumnBinning, binning: str, body: bytes
) -> tuple[Floats, Floats]:
    """The column's counts [WIDTH] in a block (none where it has other bins), and the sums of weights and squares."""
    own = load_binning(connection, subject.model.id, binning)
    j = own.index(column.key)
    block = decode(body, own)
    known = j is not None and own.columns[j] == column
    return (block.counts[j] if known else np.zeros(WIDTH)), np.array((block.weight, block.weight_sq))


def counted(held: Floats, worth: Floats) -> Counts:
    """Counts [N, WIDTH] with the rows that they are worth, from the sums [N, 2] of weights and squared weights."""
    held = np.maximum(held, 0.0)
    weight, squared = worth.T
    per_weight = np.divide(weight, squared, out=np.zeros(len(weight)), where=squared > 0)
    return Counts(held, held.sum(axis=1) * per_weight)


def newest_of_all(connection: Connection, subject: Subject, windows: Windows, metrics: Sequence[str]) -> list[Computed]:
    """Methods for every column [F] in the newest of the windows; nan where its reference is gone."""
    row, table = windows.rows[-1], windows.tables[-1]
    stored = references.get_reference(connection, row.reference_id) if row.reference_id is not None else None
    if stored is None:
        nothing = np.full(len(windows.binning), np.nan)
        return [Computed(nothing, nothing, nothing) for _ in metrics]
    blocks: dict[str, list[bytes]] = defaultdict(list)
    for stretch in load_stretches(connection, subject.series, row.end_us - row.length_us, row.end_us):
        blocks[stretch.binning].append(stretch.body)
    now = column_counts(connection, subject, windows.binning, blocks)
    before = column_counts(connection, subject, windows.binning, {stored.binning: [stored.body]})
    sides = (now.held, before.held, (now.rows, before.rows), windows.binning, widened(table.design_effect))
    return [of_counts(metric, *sides) for metric in metrics]


def column_counts(
    connection: Connection, subject: Subject, binning: Binning, blocks: Mapping[str, list[bytes]]
) -> Counts:
    """The counts [F, WIDTH] of every column out of blocks on any binnings; none where its bins are others."""
    held, worth = np.zeros((len(binning), WIDTH)), np.zeros(2)
    for name, bodies in blocks.items():
        own = load_binning(connection, subject.model.id, name)
        part = merge_blocks(bodies, own)
        worth += part.weight, part.weight_sq
        for f, column in enumerate(binning.columns):
            j = own.index(column.key)
            if j is not None and own.columns[j] == column:
                held[f] += part.counts[j]
    return counted(held, np.tile(worth, (len(binning), 1)))


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
