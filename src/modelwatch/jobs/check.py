"""Dirty buckets -> checked windows -> alerts, as of the windows' own time."""

from __future__ import annotations

import dataclasses
import functools
import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine

from modelwatch.alerts.life import Evaluation
from modelwatch.alerts.pending import pending_items
from modelwatch.alerts.persistence import (
    UNJUDGED,
    Crossed,
    Item,
    Judged,
    Persistence,
    Point,
    persistence_of,
    raised_items,
)
from modelwatch.core import reference
from modelwatch.core.column import ColumnKey
from modelwatch.core.level import CODE, ORDER, Level, worst
from modelwatch.core.reference import Past
from modelwatch.core.window import MIN_ROWS, choose_length, ends_touched
from modelwatch.core.wire import INPUT_ROLES
from modelwatch.jobs.against import Against, Judging, past_against
from modelwatch.jobs.looked import Looked
from modelwatch.jobs.outcome_check import Judged as Outcome
from modelwatch.jobs.outcome_check import checked_outcomes, load_judged
from modelwatch.jobs.raise_alerts import open_items, raise_alerts
from modelwatch.jobs.revised import revised_columns
from modelwatch.jobs.rules import Settled, Source, evaluate_rules
from modelwatch.jobs.segment_alerts import raise_segment_alerts
from modelwatch.jobs.settle_outcomes import settle_outcomes
from modelwatch.jobs.windows import realign, realign_dependence, rows_per_day, window_profiles
from modelwatch.jobs.yardstick import Yardstick
from modelwatch.monitors.drift import DriftTable, Thresholds, check, thresholds_for
from modelwatch.profiles import Binning, Profile, decode, empty
from modelwatch.store import models, references, segments, sequential
from modelwatch.store.alerts import Evaluated
from modelwatch.store.binnings import load_binning
from modelwatch.store.checks import CheckRow, load_checks, newest_check, save_checks
from modelwatch.store.engine import reading, writing
from modelwatch.store.outcome_checks import OutcomeCheck
from modelwatch.store.profiles import DirtyBucket, Series, clear_dirty, dirty_segments, load_dirty, mark_dirty

MAX_ENDS = 500
"""Windows checked in one transaction; what is left stays dirty and is next."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Everything that checking one series needs, read in one transaction."""

    model: models.ModelRow
    deployment: models.DeploymentRow
    binning: Binning
    standing: Against
    past: Past | None
    past_id: int
    length: int
    now_us: int
    persistence: Persistence
    watched: tuple[str, ...]

    @property
    def thresholds(self) -> Thresholds:
        """What is certain and large for windows of this length, by the model's settings; segments share its budget."""
        return thresholds_for(self.model.settings, self.length, 1 + len(self.watched))


def load_subject(connection: Connection, series: Series, wall_us: int) -> Subject | None:
    """What there is to check the series with; None while no reference stands."""
    deployment = models.get_deployment(connection, series.deployment_id)
    model = models.get_model(connection, deployment.model_id)
    rule = reference.from_json(model.settings.get("reference"))
    chosen = rule.kind if isinstance(rule, reference.Standing) else None
    stored = references.find_reference(connection, model.id, deployment.environment, deployment.version, chosen)
    if model.binning_hash is None or stored is None:
        return None
    past = None if isinstance(rule, reference.Standing) else rule
    named = None if past is None else references.find_rule(connection, model.id, reference.text(past))
    binning = load_binning(connection, model.id, model.binning_hash)
    own = load_binning(connection, model.id, stored.binning)
    now_us = deployment.now_us(wall_us)
    length = window_length(connection, series, model, deployment, now_us)
    profile = realign(decode(stored.body, own), own, binning)
    if series.segment:
        profile = segment_reference(connection, series, model.id, stored.id, binning)
    effects = realign_dependence(stored.dependence, own, binning)
    standing = Against(stored.id, profile, Yardstick(effects, 0.0))
    watched = tuple(each.key for each in segments.load_watched(connection, model.id))
    persistence = persistence_of(model.settings)
    past, past_id = (None, 0) if named is None else (past, named.id)
    return Subject(model, deployment, binning, standing, past, past_id, length, now_us, persistence, watched)


def segment_reference(
    connection: Connection, series: Series, model_id: int, reference_id: int, binning: Binning
) -> Profile:
    """The rows of a reference that belong to a segment; no rows where it has none."""
    found = segments.find_segment_reference(connection, reference_id, series.segment)
    if found is None:
        return empty(binning)
    own = load_binning(connection, model_id, found.binning)
    return realign(decode(found.body, own), own, binning)


def window_length(
    connection: Connection, series: Series, model: models.ModelRow, deployment: models.DeploymentRow, now_us: int
) -> int:
    """How long windows are: as set, else as traffic asks for. Those of a segment, which has fewer rows, are no shorter
    than the whole's and may be longer."""
    chosen = model.settings.get("window_seconds")
    if chosen and not series.segment:
        return int(chosen) * 1_000_000
    before = deployment.length_us
    if series.segment:
        newest = newest_check(connection, series)
        before = None if newest is None else newest.length_us
    own = choose_length(rows_per_day(connection, series, now_us), before)
    if not series.segment:
        return own
    return max(own, int(chosen) * 1_000_000 if chosen else deployment.length_us or 0)


def check_series(engine: Engine, series: Series, wall_us: int) -> int:
    """Check the windows that the series' dirty buckets touch; returns how many. Doing it twice does no harm."""
    with reading(engine) as connection:
        buckets = load_dirty(connection, series)
        subject = load_subject(connection, series, wall_us)
        ends: list[int] = []
        rows: list[tuple[CheckRow, DriftTable]] = []
        outcomes = None
        if subject is not None:
            ends = ends_touched(subject.length, [b.start_us for b in buckets], subject.now_us)
            rows = checked(connection, series, subject, ends[:MAX_ENDS], wall_us)
            rows = without_beginning(rows, subject.now_us, newest_check(connection, series) is not None)
            done = buckets if len(ends) <= MAX_ENDS else [b for b in buckets if b.start_us < rows[-1][0].end_us]
            outcomes = None if series.segment else outcome_part(connection, subject, done, wall_us)
    if not buckets:
        return 0
    begun = subject is not None and len(rows) < min(len(ends), MAX_ENDS)
    with writing(engine) as connection:
        before = None
        gone = series.segment and subject is not None and series.segment not in watched_now(connection, subject)
        if subject is not None and rows and not gone:
            settle(connection, series, subject, rows, wall_us, more=len(ends) > MAX_ENDS)
        if outcomes is not None and subject is not None:
            settle_outcomes(connection, *outcomes, subject.persistence, wall_us)
        if subject is not None and rows and not gone:
            # a bucket is done with when the last window that holds it has been checked
            before = rows[-1][0].end_us - subject.length if len(ends) > MAX_ENDS else None
        mark = max(bucket.mark for bucket in buckets)
        clear_dirty(connection, series, mark, before)
        if begun and subject is not None and subject.deployment.live_us is not None:
            mark_dirty(connection, series, [buckets[-1].start_us], wall_us, mark)
    return len(rows)


def outcome_part(
    connection: Connection, subject: Subject, buckets: Sequence[DirtyBucket], wall_us: int
) -> tuple[Outcome, list[OutcomeCheck]] | None:
    """What the outcomes of the windows say that the buckets touch; None when nothing is counted of them."""
    model, deployment = subject.model, subject.deployment
    found = load_judged(
        connection, model, deployment, subject.standing.reference_id or 0, subject.now_us, subject.length
    )
    if found is None:
        return None
    return found, checked_outcomes(connection, found, [bucket.start_us for bucket in buckets], wall_us)


def watched_now(connection: Connection, subject: Subject) -> set[str]:
    """The segments that have a place still; one may have lost it since its windows were read."""
    return {each.key for each in segments.load_watched(connection, subject.model.id)}


def without_beginning(
    rows: Sequence[tuple[CheckRow, DriftTable]], now_us: int, known: bool
) -> list[tuple[CheckRow, DriftTable]]:
    """The windows without a newest one that has only begun: too few rows for now is no state to show while the window
    before it has one. It is looked at again when it holds more, or when it has ended."""
    last = rows[-1][0] if rows else None
    if last is None or last.end_us <= now_us or last.rows >= MIN_ROWS or not (known or len(rows) > 1):
        return list(rows)
    return list(rows[:-1])


def checked(
    connection: Connection, series: Series, subject: Subject, ends: Sequence[int], wall_us: int
) -> list[tuple[CheckRow, DriftTable]]:
    """The windows at `ends`, each judged alone."""
    binning_of = functools.partial(load_binning, connection, subject.model.id)
    found = []
    windows = window_profiles(connection, series, subject.length, ends, subject.binning, binning_of)
    for (end, profile), against in zip(windows, compared_with(connection, series, subject, ends), strict=True):
        effects = against.yardstick.for_window(profile.rows)
        table = check(profile, against.profile, subject.binning, subject.thresholds, effects)
        codes = bytes(int(code) for code in table.levels)
        row = CheckRow(
            length_us=subject.length,
            end_us=end,
            checked_us=wall_us,
            rows=profile.rows,
            level=Level.OK,
            drifted=0,
            largest=None,
            raised=[],
            levels=codes,
            single=codes,
            binning=subject.binning.id,
            reference_id=against.reference_id,
            body=b"",
        )
        found.append((row, table))
    return found


def compared_with(connection: Connection, series: Series, subject: Subject, ends: Sequence[int]) -> Iterator[Against]:
    """What each of the windows at `ends` is compared with."""
    if subject.past is None:
        return itertools.repeat(subject.standing, len(ends))
    binning_of = functools.partial(load_binning, connection, subject.model.id)
    judging = Judging(subject.past, subject.past_id, subject.length, subject.binning, binning_of)
    return past_against(connection, series, judging, subject.standing, ends)


def settle(
    connection: Connection,
    series: Series,
    subject: Subject,
    fresh: Sequence[tuple[CheckRow, DriftTable]],
    wall_us: int,
    crossed_us: int = 0,
    more: bool = False,
) -> None:
    """Decide the levels of the fresh windows and of the later ones that look back on them, store all, raise alerts.

    Without fresh windows the sequential test raised something at `crossed_us`. `more` says that later windows of the
    series are still to be checked.
    """
    keys = [column.key for column in subject.binning.columns]
    first, last = (fresh[0][0].end_us, fresh[-1][0].end_us) if fresh else (crossed_us, crossed_us)
    reach = subject.persistence.n * subject.length
    by_end = {
        row.end_us: (row, DriftTable.from_bytes(row.body))
        for row in load_checks(connection, series, first - reach, last + reach)
        if row.length_us == subject.length and row.binning == subject.binning.id
    }
    revised = {} if series.segment else revised_columns(subject.deployment, by_end, fresh, keys)
    by_end.update({row.end_us: (row, table) for row, table in fresh})
    points = {end: point(row, table, keys) for end, (row, table) in sorted(by_end.items())}
    ends = [end for end in points if end >= first]
    before = (
        still_raised(by_end, first, keys) if series.segment else open_items(connection, subject.deployment.id, first)
    )
    found = () if series.segment else crossings_from(connection, subject.deployment.id, first, keys)
    raised = raised_items(ends, subject.length, points, subject.persistence, before, found)
    decided = [decide(*by_end[end], keys, raised[end]) for end in ends]
    save_checks(connection, series, decided)
    if not series.segment:
        newest = settle_whole(connection, series, subject, decided, wall_us)
        waits = pending_items(ends, subject.length, points, subject.persistence, raised)
        looked = Looked(subject.length, newest, waits, revised, evaluated(decided[-1]) if decided else None)
        raise_alerts(connection, subject.model, subject.deployment, subject.length, raised, wall_us, looked)
    if decided:
        settled = Settled(Source.CHECKS, subject.length, first, ends[-1], series.segment)
        evaluate_rules(connection, subject.model, subject.deployment, settled, wall_us)
    waiting = dirty_segments(connection, series.deployment_id) - (set() if more else {series.segment})
    if series.segment or not waiting & set(subject.watched):  # else these come next, and bring the alert in line
        where = (subject.model, subject.deployment, subject.watched, waiting)
        raise_segment_alerts(connection, *where, first, wall_us)


def crossings_from(
    connection: Connection, deployment_id: int, from_us: int, keys: Collection[ColumnKey]
) -> list[Crossed]:
    """What the sequential test raised at `from_us` and later, of the columns that there are."""
    return [
        Crossed(row.at_us, row.column, row.level, row.value, row.text)
        for row in sequential.load_crossings(connection, deployment_id, from_us)
        if row.column in keys
    ]


def settle_whole(
    connection: Connection, series: Series, subject: Subject, decided: Sequence[CheckRow], wall_us: int
) -> bool:
    """Note the state of a deployment when its newest window is among those decided; True when it is."""
    last_known = newest_check(connection, series)
    if not decided or (last_known is not None and decided[-1].end_us < last_known.end_us):
        return False
    newest = decided[-1]
    values: dict[str, object] = {"id": subject.deployment.id, "checked_us": wall_us, "length_us": subject.length}
    values |= {"level": newest.level.value, "level_since_us": level_since(subject.deployment, decided)}
    models.update_deployments(connection, [values])
    return True


def evaluated(row: CheckRow) -> Evaluated:
    """Whether the newest window could be judged."""
    if row.level is not Level.INSUFFICIENT_DATA:
        return Evaluated(Evaluation.EVALUATED, row.checked_us)
    text = f"{row.rows:,.0f} rows in the newest window; {MIN_ROWS} are needed"
    return Evaluated(Evaluation.INSUFFICIENT_DATA, row.checked_us, text)


def still_raised(
    by_end: Mapping[int, tuple[CheckRow, DriftTable]], first: int, keys: Sequence[ColumnKey]
) -> dict[Judged, Item]:
    """The columns of a segment that were raised in its newest window before `first`."""
    earlier = [end for end in by_end if end < first]
    if not earlier:
        return {}
    row, table = by_end[max(earlier)]
    return {
        key: Item(key, ORDER[row.levels[i]], table.size(i).value, table.size(i).chance, row.end_us)
        for i, key in enumerate(keys)
        if ORDER[row.levels[i]].raised
    }


def level_since(deployment: models.DeploymentRow, decided: Sequence[CheckRow]) -> int:
    """Since when the newest window's state has lasted: warning and critical are one state, raised."""
    newest = decided[-1].level
    began = decided[-1].end_us
    for row in reversed(decided):
        if row.level != newest and not (row.level.raised and newest.raised):
            return began
        began = row.end_us
    before = deployment.level
    lasted = before == newest or (before.raised and newest.raised)
    return deployment.level_since_us if lasted and deployment.level_since_us is not None else began


def point(row: CheckRow, table: DriftTable, keys: Sequence[ColumnKey]) -> Point:
    """A checked window as the alerts see it."""
    sizes = [table.size(i) for i in range(len(keys))]
    values: dict[Judged, tuple[float, float | None]] = {
        key: (size.value, size.chance) for key, size in zip(keys, sizes, strict=True)
    }
    return Point(row.end_us, {key: row.single[i] for i, key in enumerate(keys)}, values)


def decide(row: CheckRow, table: DriftTable, keys: Sequence[ColumnKey], raised: Mapping[Judged, Item]) -> CheckRow:
    """The window with its final levels: raised only where disjoint windows agree, else at most `notice`."""
    levels = [ORDER[code] for code in row.single]
    for i, key in enumerate(keys):
        if row.single[i] not in UNJUDGED and key in raised:
            levels[i] = raised[key].level
        elif levels[i].raised:
            levels[i] = Level.NOTICE
    codes = bytes(CODE[level] for level in levels)
    features = [i for i, key in enumerate(keys) if key.role in INPUT_ROLES]
    sizes = [size for i in features if (size := table.size(i).value) == size]
    table = table.with_levels(codes)
    return dataclasses.replace(
        row,
        level=overall(levels, row.rows),
        drifted=sum(level.raised for level in levels),
        largest=max(sizes, default=None),
        raised=worst_columns(levels, table, keys),
        levels=codes,
        body=table.to_bytes(),
    )


def overall(levels: Sequence[Level], rows: float) -> Level:
    """The level of a window: the worst of the columns that could be judged.

    >>> overall([Level.OK, Level.INSUFFICIENT_DATA], 500.0)
    <Level.OK: 'ok'>
    """
    if rows == 0:
        return Level.NO_DATA
    judged = [level for level in levels if level not in (Level.INSUFFICIENT_DATA, Level.NO_DATA)]
    return worst(judged) if judged else Level.INSUFFICIENT_DATA


def worst_columns(levels: Sequence[Level], table: DriftTable, keys: Sequence[ColumnKey]) -> list[dict[str, object]]:
    """Up to three columns that a person should hear of first, as plain values."""
    shown = [i for i, level in enumerate(levels) if level in (Level.CRITICAL, Level.WARNING, Level.NOTICE)]
    sizes = {i: table.size(i) for i in shown}
    shown.sort(key=lambda i: (CODE[levels[i]], -sizes[i].value))
    return [
        {
            "role": keys[i].role.value,
            "name": keys[i].name,
            "metric": sizes[i].metric,
            "value": sizes[i].value,
            "level": levels[i].value,
        }
        for i in shown[:3]
    ]
