"""What the segments of a model look like in a reference, from the reference's own rows."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from modelwatch.core.segment import Segment
from modelwatch.ingest.conform import Conformed, ConformedColumn
from modelwatch.jobs.counted import segment_totals
from modelwatch.jobs.watched import Watched, segment_rows
from modelwatch.profiles import Binning, encode
from modelwatch.store.segments import SegmentReference

Read = Callable[[], Iterable[Conformed]]
"""The rows of a reference from the first to the last, as often as it is called."""


def reference_segments(watched: Watched, binning: Binning, read: Read) -> dict[str, SegmentReference]:
    """The segments of a reference by key; its most frequent values take the places that are left. Reads it twice."""
    if not watched.columns:
        return {}
    counts: Counter[Segment] = Counter()
    for rows in read():
        counts.update(segment_rows(rows, watched.columns))
    watched.admit_frequent(counts)
    return counted_segments(watched, binning, read())


def counted_segments(watched: Watched, binning: Binning, rows: Iterable[Conformed]) -> dict[str, SegmentReference]:
    """The segments of a reference by key, those that have rows."""
    return {
        key: SegmentReference(profile.rows, binning.id, encode(profile, binning))
        for key, profile in segment_totals(binning, rows, watched).items()
    }


def first_of(batches: Iterable[Conformed], count: int) -> Iterator[Conformed]:
    """The first `count` rows."""
    for rows in batches:
        if count > 0:
            yield rows if rows.rows <= count else head(rows, count)
        count -= rows.rows


def head(rows: Conformed, count: int) -> Conformed:
    """The first `count` rows of a batch."""
    columns = {
        key: ConformedColumn(
            column.values.slice(0, count), None if column.mistyped is None else column.mistyped[:count]
        )
        for key, column in rows.columns.items()
    }
    return dataclasses.replace(
        rows,
        columns=columns,
        prediction_id=rows.prediction_id.slice(0, count),
        timestamp=rows.timestamp[:count],
        weight=None if rows.weight is None else rows.weight[:count],
        extra=None if rows.extra is None else rows.extra.slice(0, count),
    )
