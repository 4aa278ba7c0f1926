"""Which segments carry the drift of one column in one window."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from modelwatch.core.column import ColumnKey
from modelwatch.core.segment import from_key
from modelwatch.core.wire import Role
from modelwatch.monitors.drift.segments import Carrier, Ranking, Sides, carriers
from modelwatch.monitors.drift.words import THIN, change, odds, percent
from modelwatch.server.queries.column import judge
from modelwatch.server.queries.sides import both_sides
from modelwatch.server.queries.subject import Subject
from modelwatch.store import segments


@dataclass(frozen=True, slots=True)
class ShownCarrier:
    """A segment's part in the drift of a column: see `monitors/drift/segments.py`.

    `label` and `key` are None for the rows of no watched segment. `part` is `within` and `mix` together, in PSI;
    `without` is PSI when the segment is left out, None when nothing would be left. `named` is `within`, `mix` or ''.
    """

    label: str | None
    key: str | None
    rows: float
    reference_rows: float
    share: float
    reference_share: float
    part: float
    within: float
    mix: float
    without: float | None
    within_p: float
    mix_p: float
    named: str
    text: str


@dataclass(frozen=True, slots=True)
class SegmentRanking:
    """The segments of one tag or feature, those that carry the drift first; parts add up to `total`, which is PSI but
    for the floor of shares. `incomplete` says that some are still being counted."""

    role: Role
    name: str
    window_start: int
    window_end: int
    total: float
    within: float
    mix: float
    incomplete: bool
    carriers: list[ShownCarrier]


def read_carriers(
    connection: Connection, subject: Subject, key: ColumnKey, end_us: int | None = None
) -> list[SegmentRanking]:
    """One ranking for each tag or feature that cuts the model; empty when the window was not checked, and for vectors,
    which have no groups of values over which a distance could be split."""
    whole = replace(subject, segment="")
    judged = judge(connection, whole, key, end_us)
    sides = both_sides(connection, whole, judged) if judged else None
    if judged is None or sides is None or judged.binning.vector[judged.at]:
        return []
    groups: dict[ColumnKey, list[segments.WatchedSegment]] = defaultdict(list)
    for each in segments.load_watched(connection, subject.model.id):
        groups[from_key(each.key).column].append(each)
    found = []
    for column, watched in groups.items():
        cut = {}
        for each in watched:
            both = both_sides(connection, replace(subject, segment=each.key), judged)
            if both is not None:
                cut[from_key(each.key)] = Sides(*both)
        ranking = carriers(*sides, cut, judged.binning, judged.at)
        end = judged.row.end_us
        incomplete = any(each.building for each in watched)
        found.append(shown(column, ranking, (end - judged.row.length_us, end), incomplete))
    return found


def shown(column: ColumnKey, ranking: Ranking, window: tuple[int, int], incomplete: bool) -> SegmentRanking:
    """A ranking with words."""
    lines = [shown_carrier(each, ranking.total) for each in ranking.carriers]
    totals = ranking.total, ranking.within, ranking.mix
    return SegmentRanking(column.role, column.name, *window, *totals, incomplete, lines)


def shown_carrier(carrier: Carrier, total: float) -> ShownCarrier:
    """One segment with a sentence."""
    segment = carrier.segment
    return ShownCarrier(
        None if segment is None else segment.label,
        None if segment is None else segment.key,
        carrier.rows,
        carrier.reference_rows,
        carrier.share,
        carrier.reference_share,
        carrier.part,
        carrier.within,
        carrier.mix,
        carrier.without if carrier.without == carrier.without else None,
        carrier.within_p,
        carrier.mix_p,
        carrier.named,
        sentence(carrier, total),
    )


def sentence(carrier: Carrier, total: float) -> str:
    """What a person reads of a carrier.

    >>> sentence(Carrier(None, 1, 1, 0.35, 0.1, 0.01, 0.09, 0.0, 1.0, 1e-5, "mix"), 0.1).replace(THIN, " ")
    'its share of rows went 10 → 35 %: 90 % of the distance (chance: 1 in 100,000)'
    """
    if carrier.named == "within":
        size = percent(carrier.within / total)
        return f"moved against its own reference: {size}{THIN}% of the distance (chance: {odds(carrier.within_p)})"
    if carrier.named == "mix":
        went = change(carrier.reference_share, carrier.share)
        size = percent(carrier.mix / total)
        return f"its share of rows went {went}: {size}{THIN}% of the distance (chance: {odds(carrier.mix_p)})"
    return "within what chance allows, or too little to matter"
