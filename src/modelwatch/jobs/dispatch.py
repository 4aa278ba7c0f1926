"""Decides what is told to whom: alerts that changed and groups that are due go through the stages of `alerts.stages`.

Alerts are the truth and messages follow from them. A step plans everything in one write transaction: messages, groups,
what each channel was told of each alert, why it was not, and when to look again. So a process that dies before the
commit plans the same again, and one that dies after it has left everything for `deliver`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection, Engine

from modelwatch.alerts.notification import Notification
from modelwatch.alerts.notifiers import NOTIFIERS
from modelwatch.alerts.stages.case import Case, Held, Quiet, Route, World
from modelwatch.alerts.stages.digest import IN_DIGEST, next_digest
from modelwatch.alerts.stages.group import Group, Timing
from modelwatch.alerts.stages.hourly import PAUSE_US
from modelwatch.alerts.stages.inhibit import INHIBITORS
from modelwatch.alerts.stages.plan import Planned, plan
from modelwatch.alerts.stages.route import reasons
from modelwatch.core.level import Level
from modelwatch.core.wire import DEFAULT_PROJECT
from modelwatch.jobs.compose import compose
from modelwatch.jobs.digest import digest_key, join_digest, next_one, tell_digest
from modelwatch.store import cases, groups
from modelwatch.store.channels import Channel, get_channel, list_channels
from modelwatch.store.engine import reading, writing
from modelwatch.store.messages import queue_message
from modelwatch.store.mute_times import list_mute_times
from modelwatch.store.silences import list_silences

MOST: Final = 5_000
"""Alerts that one step plans; more wait for the next step."""


@dataclass(frozen=True, slots=True)
class Telling:
    """How people are told: the dashboard's address, the operator's webhook, how groups wait, when digests go out."""

    url: str
    webhook_url: str = ""
    timing: Timing = field(default_factory=Timing)
    digest_hour: int = 9
    zone: str = "UTC"


def dispatch(engine: Engine, telling: Telling, now_us: int) -> int:
    """Plan everything that is due; returns how many messages were queued. Cheap when nothing is."""
    with reading(engine) as connection:
        channels = routes_of(connection, DEFAULT_PROJECT, telling)
        if not groups.due(connection, now_us) and not lacking(connection, channels):
            return 0
    with writing(engine) as connection:
        return Step(connection, telling, now_us).run()


def routes_of(connection: Connection, project: str, telling: Telling) -> list[Route]:
    """The channels of a project that are enabled."""
    return [route_of(each) for each in list_channels(connection, project, telling.webhook_url) if each.enabled]


def route_of(channel: Channel) -> Route:
    """A channel as the stages see it."""
    kind = NOTIFIERS.get(channel.kind)
    resends = kind is not None and kind.resends
    return Route(channel.project, channel.name, channel.min_level, channel.models, resends)


def has_digest(route: Route) -> bool:
    """True for a channel that takes notices."""
    return route.min_level is Level.NOTICE and not route.resends


def lacking(connection: Connection, routes: Sequence[Route]) -> list[Route]:
    """The channels whose digest has not begun."""
    if not any(has_digest(each) for each in routes):
        return []
    known = groups.digest_states(connection)
    return [each for each in routes if has_digest(each) and (each.project, each.name) not in known]


def next_digest_of(connection: Connection, channel: str, telling: Telling, now_us: int) -> Notification | None:
    """What the next digest of a channel would say, None when it would be empty and not sent; raises `NotFound`."""
    found = get_channel(connection, DEFAULT_PROJECT, channel, telling.webhook_url)
    state = groups.digest_states(connection).get((DEFAULT_PROJECT, channel))
    if state is None:
        return None
    members = groups.load_members(connection, [state.group_id]).get(state.group_id, ())
    world = world_of(connection, DEFAULT_PROJECT, telling, now_us, [each.case for each in members])
    return next_one(connection, state, route_of(found), world, telling.url).notification


def world_of(connection: Connection, project: str, telling: Telling, now_us: int, about: Sequence[Case]) -> World:
    """What holds for the alerts of a project now."""
    silences = list_silences(connection, project, now_us)
    return World(
        now_us,
        telling.zone,
        tuple(Quiet(each.matcher, each.ends_us, each.by) for each in silences if each.starts_us <= now_us),
        tuple(list_mute_times(connection, project)),
        cases.load_outages(connection, about),
        groups.models_told(connection, now_us - PAUSE_US),
    )


class Step:
    """One step of planning, inside one write transaction."""

    def __init__(self, connection: Connection, telling: Telling, now_us: int) -> None:
        self.connection, self.telling, self.now_us = connection, telling, now_us
        self.queued = 0

    def run(self) -> int:
        """Plan, write, and return how many messages were queued."""
        changed = self.changed()
        due = {project for project, _ in groups.channels_due(self.connection, self.now_us)}
        projects = sorted({case.project for case in changed} | due | {DEFAULT_PROJECT})
        for project in projects:
            self.plan_project(project, [case for case in changed if case.project == project])
        return self.queued

    def changed(self) -> list[Case]:
        """The alerts to look at: those that changed, and those that were held back by one that is over now."""
        found = cases.load_cases(self.connection, cases.changed_ids(self.connection, self.now_us, MOST))
        over = [case for case in found if case.about.kind in INHIBITORS and not case.on]
        known = {case.id for case in found}
        more = sorted(set(cases.inhibited_by(self.connection, over)) - known)
        return [*found, *cases.load_cases(self.connection, more)]

    def plan_project(self, project: str, changed: Sequence[Case]) -> None:
        """Plan all channels of a project."""
        routes = routes_of(self.connection, project, self.telling)
        due = groups.channels_due(self.connection, self.now_us)
        loaded = {
            route.name: groups.load_groups(self.connection, project, route.name, [c.id for c in changed], self.now_us)
            for route in routes
            if changed or (project, route.name) in due
        }
        members = {m.case.id: m.case for each in loaded.values() for g in each for m in g.members}
        about = list((members | {case.id: case for case in changed}).values())
        world = world_of(self.connection, project, self.telling, self.now_us, about)
        held: dict[int, dict[str, Held | None]] = {case.id: {} for case in changed}
        for route in routes:
            if route.name in loaded:
                planned, found = plan(route, changed, loaded[route.name], world, self.telling.timing)
                for alert_id, each in found.items():
                    held.setdefault(alert_id, {})[route.name] = each
                self.write(route, planned, {group.id: group for group in loaded[route.name]})
        self.write_digests(routes, changed, held, world)
        self.write_reasons({case.id: case for case in about}, held, changed)
        known = {route.name for route in routes}
        for gone in {channel for mine, channel in due if mine == project} - known:
            groups.close_groups(self.connection, project, gone)

    def write(self, route: Route, planned: Sequence[Planned], before: Mapping[int, Group]) -> None:
        """Store what became of the groups of a channel, and what they say."""
        for each in planned:
            old = before.get(each.group.id)
            if old == each.group:
                continue
            group_id = groups.save_group(self.connection, each.group, old)
            if each.saying is None:
                continue
            if route.resends and not each.saying.news and not groups.forget_resends(self.connection, group_id):
                continue
            told = compose(
                self.connection, each.group, group_id, each.saying, self.telling.url, self.now_us, route.resends
            )
            queue_message(self.connection, told, group_id, self.now_us)
            unnamed = each.saying.news.keys() - {line.alert_id for line in told.lines}
            cases.note_linked(self.connection, sorted(unnamed), route.name, self.now_us)
            self.queued += 1

    def write_digests(
        self,
        routes: Sequence[Route],
        changed: Sequence[Case],
        held: Mapping[int, Mapping[str, Held | None]],
        world: World,
    ) -> None:
        """Let notices wait for the digests of their channels, and send the digests that are due."""
        waiting = {
            route.name: [c for c in changed if (why := held[c.id].get(route.name)) and why.reason == IN_DIGEST]
            for route in routes
        }
        telling, project = self.telling, routes[0].project if routes else DEFAULT_PROJECT
        known = groups.digest_states(self.connection)
        for route in routes:
            if (project, route.name) not in known and (has_digest(route) or waiting[route.name]):
                at = next_digest(self.now_us, telling.digest_hour, telling.zone)
                groups.open_digest(
                    self.connection, project, route.name, digest_key(project, route.name), self.now_us, at
                )
                known = groups.digest_states(self.connection)
            state = known.get((project, route.name))
            if state is None:
                continue
            if waiting[route.name]:
                join_digest(self.connection, state, waiting[route.name], self.now_us)
            if state.next_us <= self.now_us:
                self.queued += tell_digest(self.connection, state, route, world, telling.digest_hour, telling.url)

    def write_reasons(
        self, about: Mapping[int, Case], held: Mapping[int, Mapping[str, Held | None]], changed: Sequence[Case]
    ) -> None:
        """Store why alerts are not told, and when those that changed are to be looked at again."""
        why = {i: reasons(about[i], each) for i, each in held.items()}
        cases.save_reasons(self.connection, why, {case.id for case in changed}, self.now_us)
        wakes = {
            case.id: min(
                (each.until_us for each in held[case.id].values() if each is not None and each.until_us is not None),
                default=None,
            )
            for case in changed
        }
        cases.look_again_at(self.connection, wakes)
