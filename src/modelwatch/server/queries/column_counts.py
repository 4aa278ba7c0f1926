"""Counts of one column in many stretches of event time at once, from the stored blocks, each of which is read once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from modelwatch.core.reference import Span
from modelwatch.profiles import WIDTH, ColumnBinning, decode
from modelwatch.server.queries.subject import Subject
from modelwatch.server.queries.windows import load_binning
from modelwatch.store.profiles import Series, load_overlapping, spans_overlapping

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

AT_ONCE: Final = 500
"""Blocks whose bytes are held in memory at one time."""
MOST_CUT: Final = 13
"""Blocks that one moment can cut: an hour, and the twelve fine ones that late rows opened in it again."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts [N, WIDTH] of one column in N stretches, and the rows [N] that they are worth."""

    held: Floats
    rows: Floats


@dataclass(frozen=True, slots=True)
class Running:
    """S blocks in the order of their `ends`, and sums [S + 1, ...] of those before each: counts, then two weights."""

    starts: Ints
    ends: Ints
    held: Floats
    sums: Floats

    def until(self, times: Ints) -> Floats:
        """The sums [T, WIDTH + 2] before each of the times; a block that is cut gives its share."""
        whole = np.searchsorted(self.ends, times, side="right")
        answer: Floats = self.sums[whole]
        for each in range(MOST_CUT):  # what a time cuts ends after it, so it follows the whole ones
            block = np.minimum(whole + each, len(self.ends) - 1)
            share = (times - self.starts[block]) / (self.ends[block] - self.starts[block])
            share = np.where(whole + each < len(self.ends), np.clip(share, 0.0, 1.0), 0.0)
            if share.any():
                answer += share[:, None] * self.held[block]
        return answer


def counts_in(
    connection: Connection,
    subject: Subject,
    sources: Sequence[Series],
    column: ColumnBinning,
    stretches: Sequence[Sequence[Span]],
) -> Counts:
    """The column's counts in N sets of stretches, which may overlap: differences of running sums over the blocks."""
    flat = [span for each in stretches for span in each]
    owner = np.repeat(np.arange(len(stretches)), [len(each) for each in stretches])
    whole = Span(min(span.start for span in flat), max(span.end for span in flat))
    answer = np.zeros((len(stretches), WIDTH + 2))
    for series in sources:
        running = running_sums(connection, subject, series, column, whole)
        if len(running.ends):
            for i in range(0, len(flat), AT_ONCE):
                start, end = np.array(flat[i : i + AT_ONCE], dtype=np.int64).T
                np.add.at(answer, owner[i : i + AT_ONCE], running.until(end) - running.until(start))
    return counted(answer)


def running_sums(
    connection: Connection, subject: Subject, series: Series, column: ColumnBinning, within: Span
) -> Running:
    """The blocks of a series that share time with a stretch, a few hundred at a time."""
    known = spans_overlapping(connection, series, *within)
    starts = [start for start, _, _ in known]
    order: dict[tuple[int, int], int] = {(start, span): i for i, (start, span, _) in enumerate(known)}
    held = np.zeros((len(known), WIDTH + 2))
    for i in range(0, len(starts), AT_ONCE):
        first, last = starts[i], starts[min(i + AT_ONCE, len(starts)) - 1]
        for block in load_overlapping(connection, series, first, last + 1):
            place = order.get((block.start_us, block.span_us))
            if place is not None:
                held[place] = of_block(connection, subject, column, block.binning, block.body)
    ends = np.array([start + span for start, span, _ in known], dtype=np.int64)
    by_end = np.argsort(ends, kind="stable")
    held, ends = held[by_end], ends[by_end]
    sums = np.concatenate((np.zeros((1, WIDTH + 2)), np.cumsum(held, axis=0)))
    return Running(np.array(starts, dtype=np.int64)[by_end], ends, held, sums)


def of_block(connection: Connection, subject: Subject, column: ColumnBinning, binning: str, body: bytes) -> Floats:
    """One row [WIDTH + 2]: the column's counts, none where the block has other bins for it, weight and its squares."""
    own = load_binning(connection, subject.model.id, binning)
    j = own.index(column.key)
    block = decode(body, own)
    held = block.counts[j] if j is not None and own.columns[j] == column else np.zeros(WIDTH)
    return np.concatenate((held, (block.weight, block.weight_sq)))


def counted(rows: Floats) -> Counts:
    """Counts with the rows that they are worth, from rows [N, WIDTH + 2]."""
    held = np.maximum(rows[:, :WIDTH], 0.0)
    weight, squared = rows[:, WIDTH], rows[:, WIDTH + 1]
    per_weight = np.divide(weight, squared, out=np.zeros(len(rows)), where=squared > 1e-9)
    return Counts(held, held.sum(axis=1) * per_weight)
