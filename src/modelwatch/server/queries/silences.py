"""Silences and mute times, and which alerts they mean now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine

from modelwatch.alerts.life import ON
from modelwatch.alerts.matcher import About, Matcher
from modelwatch.alerts.mute_time import MuteTime, muted_until
from modelwatch.alerts.time_of_day import clock
from modelwatch.core.level import Level
from modelwatch.core.wire import DEFAULT_PROJECT
from modelwatch.server.queries.alerts import Alert, whole
from modelwatch.store import alert_list, mute_times, silences
from modelwatch.store.alert_list import AlertFilter, NamedAlert
from modelwatch.store.engine import writing

MOST_OPEN = 100_000
MOST_SHOWN = 100
MOST_LISTED = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """A silence that somebody asks for."""

    matcher: Matcher
    starts_us: int
    ends_us: int
    by: str
    comment: str


@dataclass(frozen=True, slots=True)
class Means:
    """The words of a matcher; '' and None fit everything."""

    model: str
    environment: str
    version: str
    kind: str
    feature: str
    at_least: Level | None
    at_most: Level | None


@dataclass(frozen=True, slots=True)
class Silence:
    """A silence; `state` is pending, active or ended, `alerts` counts those that it means now and that go on."""

    id: int
    matcher: Means
    starts_at: int
    ends_at: int
    by: str
    comment: str
    created_at: int
    state: str
    alerts: int


@dataclass(frozen=True, slots=True)
class Span:
    """Hours on some weekdays, as people write them."""

    weekdays: list[str]
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class Mute:
    """A mute time; `until` is when the mute that goes on now ends."""

    name: str
    zone: str
    spans: list[Span]
    matcher: Means
    until: int | None


@dataclass(frozen=True, slots=True)
class Meant:
    """Which alerts that go on a matcher means: how many, of how many models, and the first of them."""

    count: int
    models: int
    alerts: list[Alert]


def about(named: NamedAlert) -> About:
    """An alert as matchers see it."""
    alert = named.alert
    features = tuple(item.column.name for item in alert.items if item.figure is None)
    return About(named.model, named.environment, named.version, alert.kind, alert.level, features)


def open_alerts(connection: Connection, project: str = DEFAULT_PROJECT) -> list[NamedAlert]:
    """Every alert of the project that goes on."""
    return alert_list.list_named(connection, AlertFilter(project, statuses=tuple(ON)), MOST_OPEN)


def preview(connection: Connection, matcher: Matcher, project: str = DEFAULT_PROJECT) -> Meant:
    """What a silence or mute time with that matcher would hold back now."""
    found = [each for each in open_alerts(connection, project) if matcher.fits(about(each))]
    shown = found[:MOST_SHOWN]
    events = alert_list.histories(connection, [each.alert.id for each in shown])
    alerts = [whole(each, events.get(each.alert.id, [])) for each in shown]
    return Meant(len(found), len({each.alert.model_id for each in found}), alerts)


def read_silences(
    connection: Connection, wall_us: int, *, ended: bool = False, project: str = DEFAULT_PROJECT
) -> list[Silence]:
    """Silences that go on or are to come, or those that are over."""
    found = silences.list_silences(connection, project, wall_us, ended=ended, limit=MOST_LISTED)
    going_on = [] if ended or not found else [about(each) for each in open_alerts(connection, project)]
    return [shown_silence(each, going_on, wall_us) for each in found]


def read_silence(connection: Connection, silence_id: int, wall_us: int, project: str = DEFAULT_PROJECT) -> Silence:
    """One silence; raises `NotFound`."""
    found = silences.get_silence(connection, project, silence_id)
    going_on = [about(each) for each in open_alerts(connection, project)]
    return shown_silence(found, going_on, wall_us)


def shown_silence(row: silences.Silence, going_on: Sequence[About], wall_us: int) -> Silence:
    """A silence as people see it."""
    state = row.state(wall_us)
    count = 0 if state == "ended" else sum(row.matcher.fits(each) for each in going_on)
    return Silence(
        row.id, means(row.matcher), row.starts_us, row.ends_us, row.by, row.comment, row.created_us, state, count
    )


def means(matcher: Matcher) -> Means:
    """The words of a matcher."""
    return Means(
        matcher.model,
        matcher.environment,
        matcher.version,
        matcher.kind,
        matcher.feature,
        matcher.at_least,
        matcher.at_most,
    )


def create_silence(engine: Engine, wanted: Wanted, wall_us: int, project: str = DEFAULT_PROJECT) -> Silence:
    """Store a silence."""
    with writing(engine) as connection:
        row = silences.add_silence(
            connection,
            project,
            wanted.matcher,
            wanted.starts_us,
            wanted.ends_us,
            wanted.by,
            wanted.comment,
            wall_us,
        )
        return read_silence(connection, row.id, wall_us, project)


def move_end(
    engine: Engine, silence_id: int, new_end: Callable[[int], int], wall_us: int, project: str = DEFAULT_PROJECT
) -> Silence:
    """Give a silence the end that `new_end` makes of the one that it has; one that is not to come ends it now. Raises
    `NotFound` or `Conflict`."""
    with writing(engine) as connection:
        ends_us = new_end(silences.get_silence(connection, project, silence_id).ends_us)
        silences.change_end(connection, project, silence_id, ends_us, wall_us)
        return read_silence(connection, silence_id, wall_us, project)


def read_mute_times(connection: Connection, wall_us: int, project: str = DEFAULT_PROJECT) -> list[Mute]:
    """The mute times by name."""
    return [shown_mute(each, wall_us) for each in mute_times.list_mute_times(connection, project)]


def save_mute_time(engine: Engine, mute: MuteTime, wall_us: int, project: str = DEFAULT_PROJECT) -> Mute:
    """Store a mute time, or replace the one of that name."""
    with writing(engine) as connection:
        mute_times.save_mute_time(connection, project, mute, wall_us)
    return shown_mute(mute, wall_us)


def drop_mute_time(engine: Engine, name: str, wall_us: int, project: str = DEFAULT_PROJECT) -> None:
    """Remove a mute time; raises `NotFound`."""
    with writing(engine) as connection:
        mute_times.drop_mute_time(connection, project, name, wall_us)


def shown_mute(mute: MuteTime, wall_us: int) -> Mute:
    """A mute time as people see it."""
    spans = [Span(list(each.weekdays), clock(each.start), clock(each.end)) for each in mute.spans]
    return Mute(mute.name, mute.zone, spans, means(mute.matcher), muted_until(mute, wall_us))
