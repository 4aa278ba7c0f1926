"""The segments of a version: which are watched, how each stands, and which of them a question means."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from modelwatch.core import segment as segment_noun
from modelwatch.core.column import ColumnKey
from modelwatch.core.level import CODE, Level
from modelwatch.core.segment import WHOLE, Segment, from_key
from modelwatch.core.window import DAY_US, MIN_ROWS
from modelwatch.core.wire import Role
from modelwatch.errors import InvalidRequest, NotFound
from modelwatch.monitors.drift import DriftTable
from modelwatch.server.queries import segment_settings
from modelwatch.server.queries.fleet import Raised, raised_column
from modelwatch.server.queries.reason import Checked, of_window
from modelwatch.server.queries.segment_settings import State
from modelwatch.server.queries.subject import Subject, meant
from modelwatch.server.queries.windows import BADNESS
from modelwatch.store import segments
from modelwatch.store.checks import LevelRow, load_levels, newest_check

RANGE_US = 30 * DAY_US


@dataclass(frozen=True, slots=True)
class SegmentColumn:
    """A tag or feature that cuts the model: how many of its values are watched, and how many found no place.

    `others` counts at most 1,000 values; `told` says it in words.
    """

    role: Role
    name: str
    watched: int
    others: int
    told: str


@dataclass(frozen=True, slots=True)
class SegmentState:
    """One watched segment in its newest window; `value` is None for the rows without a usable value.

    `label` is how people write it and `key` what no two segments share. Times are event times.
    """

    label: str
    key: str
    role: Role
    name: str
    value: str | None
    level: Level
    since: int | None
    reason: str
    rows: float
    reference_rows: float
    window_start: int | None
    window_end: int | None
    drifted: int
    largest: float | None
    raised: list[Raised]
    building: bool


@dataclass(frozen=True, slots=True)
class SegmentsState:
    """How a version is cut; the worst segment first."""

    model_id: str
    environment: str
    version: str
    state: State
    limit: int
    columns: list[SegmentColumn]
    segments: list[SegmentState]


def asked_segment(subject: Subject, text: str) -> Subject:
    """The subject narrowed to the segment that is meant by its label or key; '' means the whole.

    Raises `NotFound` for one that is not watched and `InvalidRequest` when two have that label.
    """
    if not text:
        return subject
    known = [from_key(key) for key in subject.watched]
    found = segment_noun.meant(text, known)
    if not found:
        hint = meant(text, [each.label for each in known])
        raise NotFound(
            f"no segment {text[:200]!r} is watched",
            hint=hint if known else 'PATCH /api/v1/models/{model_id} with {"segments": ["region"]} cuts a model',
        )
    if len(found) > 1:
        keys = " or ".join(each.key for each in found)
        raise InvalidRequest(f"{text[:200]!r} may mean {len(found)} segments", hint=f"ask by key: {keys}")
    return replace(subject, segment=found[0].key)


def read_segments(connection: Connection, subject: Subject) -> SegmentsState:
    """Every watched segment of a version."""
    said = segment_settings.settings_of(connection, subject.model)
    watched = segments.load_watched(connection, subject.model.id)
    others = segments.count_others(connection, subject.model.id)
    lines: dict[str, list[LevelRow]] = defaultdict(list)
    for key, row in load_levels(connection, subject.deployment.id, subject.now_us - RANGE_US):
        if key != WHOLE:
            lines[key].append(row)
    found = [state_of(connection, replace(subject, segment=s.key), s.building, lines[s.key]) for s in watched]
    found.sort(key=lambda each: (int(BADNESS[CODE[each.level]]), -(each.largest or 0.0), each.label))
    return SegmentsState(
        subject.model.name,
        subject.deployment.environment,
        subject.deployment.version,
        said.state,
        said.limit,
        [column_of(key, found, others.get(key, 0)) for key in said.columns],
        found,
    )


def column_of(key: ColumnKey, found: Sequence[SegmentState], others: int) -> SegmentColumn:
    """One of the columns that cut the model."""
    watched = sum((each.role, each.name) == (key.role, key.name) for each in found)
    many = "1,000 or more" if others >= 1_000 else f"{others:,}"
    values = "1 other value is" if others == 1 else f"{many} other values are"
    return SegmentColumn(key.role, key.name, watched, others, f"{values} not watched" if others else "all are watched")


def state_of(connection: Connection, subject: Subject, building: bool, lines: Sequence[LevelRow]) -> SegmentState:
    """One segment as its newest window says."""
    segment: Segment = from_key(subject.segment)
    newest = newest_check(connection, subject.series)
    raised = [raised_column(each) for each in newest.raised] if newest else []
    before = DriftTable.from_bytes(newest.body).reference_rows if newest else 0.0
    level = newest.level if newest else Level.INSUFFICIENT_DATA
    if newest is None:
        why = "No window of it has been checked yet"
    elif level is Level.INSUFFICIENT_DATA and before < MIN_ROWS:
        why = f"{before:,.0f} {'row' if before == 1 else 'rows'} in the reference; {MIN_ROWS} are needed"
    else:
        names = [each.column for each in raised]
        why = of_window(level, Checked(newest.rows, len(newest.levels), newest.drifted, names))
    return SegmentState(
        label=segment.label,
        key=segment.key,
        role=segment.column.role,
        name=segment.column.name,
        value=segment.value,
        level=level,
        since=began(lines),
        reason=f"Its past rows are still being counted; so far: {why}" if building else why,
        rows=newest.rows if newest else 0.0,
        reference_rows=before,
        window_start=newest.end_us - newest.length_us if newest else None,
        window_end=newest.end_us if newest else None,
        drifted=newest.drifted if newest else 0,
        largest=newest.largest if newest else None,
        raised=raised,
        building=building,
    )


def began(lines: Sequence[LevelRow]) -> int | None:
    """Since when a segment has been as in its newest window; warning and critical are one state, raised."""
    since = None
    for row in reversed(lines):
        newest = lines[-1].level
        if row.level != newest and not (row.level.raised and newest.raised):
            break
        since = row.end_us
    return since
