"""What the windows of a version are compared with, in words: what was chosen, and what stands in while it cannot be."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from modelwatch.core.reference import (
    MIN_REFERENCE_ROWS,
    Past,
    Seasonal,
    Span,
    Standing,
    enough,
    from_json,
    label,
    parts_needed,
    short,
    spans,
    text,
)
from modelwatch.core.window import DAY_US, WINDOW_LENGTHS_US, last_end
from modelwatch.store import models, references
from modelwatch.store.models import DeploymentRow, ModelRow
from modelwatch.store.profiles import Series, spans_overlapping
from modelwatch.store.references import ReferenceRow


@dataclass(frozen=True, slots=True)
class Reference:
    """What windows are compared with; `start` and `end` are event times, None when its rows had none.

    A reference out of the model's past is shown as it is for the newest window. `waiting` says what it lacks and what
    happens meanwhile, None when it is in use. `created_at` is when it came or was chosen.
    """

    kind: str
    label: str
    rows: float
    version: str
    start: int | None
    end: int | None
    created_at: int
    waiting: str | None = None


def length_of(model: ModelRow, deployment: DeploymentRow) -> int:
    """The length of a version's windows: set, else chosen by the check, else the shortest."""
    chosen = model.settings.get("window_seconds")
    return int(chosen) * 1_000_000 if chosen else deployment.length_us or WINDOW_LENGTHS_US[0]


def reference_of(connection: Connection, model: ModelRow, row: DeploymentRow, now_us: int) -> Reference | None:
    """What a version is compared with at a time; None while nothing stands."""
    rule = from_json(model.settings.get("reference"))
    kind = rule.kind if isinstance(rule, Standing) else None
    standing = references.find_reference(connection, model.id, row.environment, row.version, kind)
    if isinstance(rule, Standing):
        return None if standing is None else shown_reference(standing)
    named = references.find_rule(connection, model.id, text(rule))
    if named is None or standing is None:
        return None if standing is None else shown_reference(standing)
    return past_reference(connection, rule, named.created_us, standing, row, length_of(model, row), now_us)


def would_be(connection: Connection, model: ModelRow, row: DeploymentRow, now_us: int) -> Reference | None:
    """What a version would be compared with if the model had these settings, which need not be saved."""
    rule = from_json(model.settings.get("reference"))
    standing = references.find_reference(connection, model.id, row.environment, row.version)
    if isinstance(rule, Standing) or standing is None:
        return reference_of(connection, model, row, now_us)
    return past_reference(connection, rule, now_us, standing, row, length_of(model, row), now_us)


def past_reference(
    connection: Connection,
    rule: Past,
    chosen_us: int,
    standing: ReferenceRow,
    row: DeploymentRow,
    length: int,
    now_us: int,
) -> Reference:
    """A reference out of the past, chosen at `chosen_us`, as it is for the window that holds `now_us`."""
    stretches = spans(rule, last_end(length, now_us), length)
    _, parts, rows = sources_of(connection, Series(row.id), rule, stretches)
    return Reference(
        rule.kind,
        label(rule, length),
        rows,
        row.version,
        min(stretch.start for stretch in stretches),
        max(stretch.end for stretch in stretches),
        chosen_us,
        waiting(rule, parts, rows, standing.label),
    )


def sources_of(
    connection: Connection, series: Series, rule: Past, stretches: Sequence[Span]
) -> tuple[list[Series], int, float]:
    """Whose rows a reference out of the past holds, with their parts and rows: the series' own where they suffice,
    else those of all versions beside it."""
    own = ([series], *parts_and_rows(connection, [series], rule, stretches))
    if enough(rule, *own[1:]):
        return own
    beside = models.versions_beside(connection, series.deployment_id)
    everyone = [Series(each, series.segment) for each in beside]
    return (everyone, *parts_and_rows(connection, everyone, rule, stretches)) if len(beside) > 1 else own


def sources_by_window(
    connection: Connection, series: Series, rule: Past, wanted: Sequence[tuple[Span, ...]]
) -> list[tuple[Series, ...]]:
    """The same for the stretches of many windows, from one reading of the series' own blocks."""
    everyone = tuple(Series(each, series.segment) for each in models.versions_beside(connection, series.deployment_id))
    if len(everyone) < 2:
        return [(series,)] * len(wanted)
    ends = [span for each in wanted for span in each]
    known = spans_overlapping(connection, series, min(s.start for s in ends), max(s.end for s in ends))
    starts = [start for start, _, _ in known]
    found: dict[tuple[Span, ...], tuple[Series, ...]] = {}
    for stretches in set(wanted):
        held = []
        for start, end in stretches:
            near = known[bisect_left(starts, start - DAY_US) : bisect_left(starts, end)]
            held.append(tally(near, start, end))
        found[stretches] = (series,) if enough(rule, *parts_of(rule, held)) else everyone
    return [found[stretches] for stretches in wanted]


def parts_and_rows(
    connection: Connection, sources: Sequence[Series], rule: Past, stretches: Sequence[Span]
) -> tuple[int, float]:
    """How many parts of a reference have rows, and how many rows there are."""
    return parts_of(rule, [rows_in(connection, sources, *stretch) for stretch in stretches])


def parts_of(rule: Past, found: Sequence[tuple[float, int]]) -> tuple[int, float]:
    """The parts and rows of a reference, from (rows, days) of each of its stretches."""
    parts = sum(days > 0 for _, days in found) if isinstance(rule, Seasonal) else sum(days for _, days in found)
    return parts, sum(rows for rows, _ in found)


def rows_in(connection: Connection, sources: Sequence[Series], start: int, end: int) -> tuple[float, int]:
    """The rows of all sources in a stretch of time, and on how many days they lie."""
    blocks = [each for series in sources for each in spans_overlapping(connection, series, start, end)]
    return tally(blocks, start, end)


def tally(blocks: Sequence[tuple[int, int, float]], start: int, end: int) -> tuple[float, int]:
    """The rows of (start, span, rows) blocks in a stretch of time, and on how many days those lie that share it."""
    rows, days = 0.0, set()
    for at, span, count in blocks:
        inside = min(at + span, end) - max(at, start)
        if inside > 0:
            rows += count * inside / span
            days.add(at // DAY_US)
    return rows, len(days)


def waiting(rule: Past, parts: int, rows: float, standing: str) -> str | None:
    """What a reference lacks and what happens meanwhile; None when it lacks nothing.

    >>> from modelwatch.core.reference import Moving
    >>> waiting(Moving(28), 3, 9_000.0, "training")
    'Only 3 days have rows, 7 are needed; until then windows are compared with: training'
    >>> waiting(Seasonal(8), 8, 9_000.0, "training")
    """
    if isinstance(rule, Seasonal):
        return None if parts >= parts_needed(rule) else f"Only {short(rule, parts)}; until then nothing is compared"
    if parts < parts_needed(rule):
        return f"Only {short(rule, parts)}; until then windows are compared with: {standing}"
    if rows < MIN_REFERENCE_ROWS:
        what = f"Only {rows:,.0f} of the {MIN_REFERENCE_ROWS:,} rows needed are known"
        return f"{what}; until then windows are compared with: {standing}"
    return None


def shown_reference(row: ReferenceRow) -> Reference:
    """A reference without its counts."""
    return Reference(row.kind, row.label, row.rows, row.version, row.start_us, row.end_us, row.created_us)


def references_of(connection: Connection, model: ModelRow, row: DeploymentRow) -> list[Reference]:
    """All references that a model has had, uploaded, first rows or chosen, the newest first."""
    return [
        shown_reference(each) if not each.rule else chosen_once(each, length_of(model, row))
        for each in references.list_references(connection, model.id)
    ]


def chosen_once(row: ReferenceRow, length: int) -> Reference:
    """A rule that was chosen, in words."""
    rule = from_json(json.loads(row.rule))
    said = row.label if isinstance(rule, Standing) else label(rule, length)
    return Reference(row.kind, said, row.rows, row.version, row.start_us, row.end_us, row.created_us)
