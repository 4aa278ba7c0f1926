"""The stages from alerts to messages: laws over storms and lives of any kind, and each stage for itself."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwatch.alerts.matcher import About, Matcher
from modelwatch.alerts.mute_time import MuteTime, Span
from modelwatch.alerts.notification import Told
from modelwatch.alerts.stages.case import Case, Held, Quiet, Route, World
from modelwatch.alerts.stages.gates import GATES, held_back
from modelwatch.alerts.stages.group import Group, Timing
from modelwatch.alerts.stages.inhibit import outage_key
from modelwatch.alerts.stages.plan import Planned, plan
from modelwatch.alerts.stages.route import reasons
from modelwatch.alerts.time_of_day import FULL_DAY, WEEKDAYS
from modelwatch.core.level import Level

T0 = 1_790_000_000_000_000
SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
SLACK = Route("default", "slack")
TIMING = Timing()


def case(number: int = 1, level: Level = Level.WARNING, status: str = "firing", **values: object) -> Case:
    kind = str(values.pop("kind", "data_drift"))
    made = Case(
        number, "default", number, number, About(f"m{number}", "production", "1", kind, level), status, opened_us=T0
    )
    return replace(made, **values)  # type: ignore[arg-type]


class Channel:
    """One channel over time: alerts are set, the clock moves, what is said is kept."""

    def __init__(self, route: Route = SLACK, timing: Timing = TIMING) -> None:
        self.route, self.timing, self.now = route, timing, T0
        self.cases: dict[int, Case] = {}
        self.changed: set[int] = set()
        self.wakes: dict[int, int] = {}
        self.groups: list[Group] = []
        self.said: list[tuple[int, Told, dict[int, str], tuple[int, ...]]] = []
        self.held: dict[int, Held | None] = {}
        self.silences: tuple[Quiet, ...] = ()
        self.mutes: tuple[MuteTime, ...] = ()

    def set(self, *cases: Case) -> None:
        for each in cases:
            self.cases[each.id] = each
            self.changed.add(each.id)

    def world(self) -> World:
        told = {
            (self.route.name, m.case.model_id): m.told_us
            for g in self.groups
            for m in g.members
            if m.told_us is not None
        }
        quiet = tuple(each for each in self.silences if each.until_us > self.now)
        outages = {outage_key(each): each for each in self.cases.values() if each.on}
        return World(self.now, "UTC", quiet, self.mutes, outages, told)

    def step(self) -> None:
        """Plan once, with every group loaded: what was not due must not have changed by that."""
        due = {i for i, at in self.wakes.items() if at <= self.now} | self.changed
        for i in due:
            self.wakes.pop(i, None)
        self.changed.clear()
        groups = [
            replace(g, members=tuple(replace(m, case=self.cases[m.case.id]) for m in g.members)) for g in self.groups
        ]
        planned, held = plan(self.route, [self.cases[i] for i in sorted(due)], groups, self.world(), self.timing)
        self.keep(planned)
        self.held |= held
        self.wakes |= {i: each.until_us for i in due if (each := held.get(i)) and each.until_us is not None}

    def keep(self, planned: Sequence[Planned]) -> None:
        self.groups = [each.group if each.group.id else replace(each.group, id=i + 1) for i, each in enumerate(planned)]
        for each in planned:
            if each.saying is not None:
                self.said.append((self.now, each.saying.told, dict(each.saying.news), each.saying.still))

    def run(self, until: int, every: int = 10 * SECOND) -> None:
        while self.now < until:
            self.step()
            self.now += every

    def jump(self, until: int) -> None:
        """Plan whenever something is due, until then."""
        while True:
            self.step()
            due = [*self.wakes.values(), *(g.next_us for g in self.groups if g.next_us is not None)]
            self.groups = [group for group in self.groups if not group.closed]
            if min(due, default=until) >= until:
                self.now = until
                return
            assert min(due) > self.now, "a step left something due"
            self.now = min(due)

    def words(self) -> list[str]:
        return [told.value for _, told, _, _ in self.said]


def test_a_critical_goes_out_at_once_and_a_warning_waits_for_company() -> None:
    channel = Channel()
    channel.set(case(1))
    channel.step()
    assert channel.said == []
    assert str(channel.held[1]).count("waits for the group until")
    channel.set(case(2, Level.CRITICAL))
    channel.now += 5 * SECOND
    channel.step()
    assert channel.said == [(T0 + 5 * SECOND, Told.OPENED, {1: "opened", 2: "opened"}, ())]
    assert channel.held[1] is None
    alone = Channel()
    alone.set(case(1))
    alone.run(T0 + 2 * MINUTE)
    assert [at for at, *_ in alone.said] == [T0 + 30 * SECOND]


def test_one_model_in_trouble_of_several_kinds_leaves_room_for_another() -> None:
    channel = Channel()
    channel.set(case(1, Level.CRITICAL))
    channel.step()
    same = About("m1", "production", "1", "performance", Level.CRITICAL)
    for number in (2, 3, 4):
        channel.now += SECOND
        channel.set(replace(case(number, Level.CRITICAL), about=replace(same, kind=f"kind {number}")))
        channel.step()
    assert [at for at, *_ in channel.said] == [T0]
    channel.now += SECOND
    channel.set(case(5, Level.CRITICAL))
    channel.step()
    assert channel.said[-1][0] == channel.now
    assert channel.said[-1][2] == dict.fromkeys((2, 3, 4, 5), "opened")
    channel.set(case(6))
    channel.run(T0 + 30 * MINUTE)
    channel.set(case(6, Level.CRITICAL))
    channel.step()
    assert channel.said[-1][0] == channel.now


def test_what_still_fires_is_repeated_and_what_is_taken_on_is_not() -> None:
    channel = Channel()
    channel.set(case(1), case(2))
    channel.run(T0 + 13 * HOUR, MINUTE)
    assert channel.words() == ["opened", "repeated", "repeated", "repeated"]
    assert channel.said[-1][3] == (1, 2)
    channel.set(case(1, status="acknowledged"))
    channel.run(T0 + 17 * HOUR, MINUTE)
    assert channel.said[-1][1:] == (Told.REPEATED, {}, (2,))
    assert channel.held[1] == Held("Repeat not sent: acknowledged")
    channel.set(case(2, status="acknowledged"))
    channel.run(T0 + 40 * HOUR, MINUTE)
    assert channel.words()[-2:] == ["repeated", "acknowledged"]
    channel.set(case(1, status="resolved"), case(2, status="resolved"))
    channel.run(T0 + 41 * HOUR, MINUTE)
    assert channel.said[-1][1:3] == (Told.RESOLVED, {1: "resolved", 2: "resolved"})
    assert all(group.closed for group in channel.groups)


def test_a_new_alert_joins_the_wave_until_it_is_an_hour_old_or_taken_in_hand() -> None:
    channel = Channel()
    channel.set(case(1, Level.CRITICAL))
    channel.run(T0 + 59 * MINUTE, MINUTE)
    channel.set(case(2))
    channel.run(T0 + 61 * MINUTE, MINUTE)
    assert [len(group.members) for group in channel.groups] == [2]
    channel.set(case(3))
    channel.step()
    assert [len(group.members) for group in channel.groups] == [2, 1]
    channel.set(case(3, status="acknowledged"), case(4))
    channel.step()
    assert [len(group.members) for group in channel.groups] == [2, 1, 1]


def test_groups_can_be_made_of_models_or_kinds() -> None:
    for by, expected in (("fleet", 1), ("model", 3), ("kind", 2)):
        channel = Channel(timing=Timing(by=by))
        channel.set(case(1), case(2, kind="performance"), case(3))
        channel.step()
        assert len(channel.groups) == expected


STORM = st.lists(
    st.tuples(
        st.integers(0, 90 * 60),
        st.integers(1, 30),
        st.sampled_from([Level.WARNING, Level.CRITICAL]),
        st.sampled_from(["firing", "resolved"]),
    ),
    min_size=1,
    max_size=60,
)


@settings(max_examples=60, deadline=None)
@given(STORM)
def test_no_storm_costs_more_than_five_messages_in_any_hour_and_none_is_lost(
    storm: list[tuple[int, int, Level, str]],
) -> None:
    """Alerts open, get worse, resolve and open again at any time; nobody takes anything in hand."""
    channel = Channel()
    events = sorted(storm, key=lambda each: each[0])
    for second, number, level, status in events:
        channel.run(T0 + second * SECOND)
        channel.set(case(number, level, status))
    channel.run(channel.now + 4 * HOUR - 1, MINUTE)
    for group in {told[0] for told in channel.said}:
        within = [at for at, *_ in channel.said if group <= at < group + HOUR]
        waves = sum(g.opened_us < group + HOUR for g in channel.groups)
        assert len(within) <= 4 * waves + 1
    for i, each in channel.cases.items():
        told = [news[i] for _, _, news, _ in channel.said if i in news]
        if each.on:
            assert told, f"alert {i} was never told"
            assert told[-1] != "resolved"
        elif told:
            assert told[-1] == "resolved"
            assert told.count("resolved") == told.count("opened")


def test_a_storm_in_one_wave_costs_at_most_five_in_its_first_hour() -> None:
    channel = Channel()
    for minute in range(60):
        channel.set(*(case(minute * 4 + i, Level.CRITICAL if i % 2 else Level.WARNING) for i in range(4)))
        channel.run(T0 + (minute + 1) * MINUTE)
    first_hour = [news for at, _, news, _ in channel.said if at < T0 + HOUR]
    assert len(first_hour) <= 5
    assert len(channel.groups) == 1


def test_intervals_double_while_there_is_more_to_say_and_begin_anew_after_quiet() -> None:
    channel = Channel()
    for minute in range(6 * 60):
        channel.set(case(minute + 1))
        channel.groups = [replace(group, opened_us=channel.now - MINUTE) for group in channel.groups]
        channel.run(T0 + (minute + 1) * MINUTE)
    times = [at for at, *_ in channel.said]
    gaps = [round((b - a) / MINUTE) for a, b in pairwise(times)]
    assert gaps[:4] == [5, 10, 20, 40]
    assert set(gaps[4:]) == {60}
    last = channel.now
    channel.run(last + 3 * HOUR, MINUTE)
    quiet = channel.now
    channel.groups = [replace(group, opened_us=channel.now - MINUTE) for group in channel.groups]
    channel.set(case(9_001, Level.WARNING))
    channel.run(quiet + 2 * MINUTE)
    assert channel.said[-1][0] < quiet + 2 * MINUTE


def test_a_channel_that_forgets_is_told_every_minute_and_at_once() -> None:
    channel = Channel(Route("default", "alertmanager", resends=True))
    channel.set(case(1))
    channel.step()
    assert channel.words() == ["opened"]
    channel.run(T0 + 10 * MINUTE)
    assert channel.words().count("repeated") == 9
    channel.set(case(1, status="acknowledged"), case(2))
    channel.run(T0 + 12 * MINUTE)
    assert channel.said[-1][3] == (1, 2)
    channel.set(case(1, status="resolved"), case(2, status="resolved"))
    channel.run(T0 + 20 * MINUTE)
    assert channel.words()[-1] == "resolved"
    assert channel.said[-1][0] <= T0 + 12 * MINUTE + 10 * SECOND


def test_a_silence_holds_back_and_what_still_fires_is_told_when_it_ends() -> None:
    channel = Channel()
    until = T0 + 2 * HOUR
    channel.silences = (Quiet(Matcher(model="m1"), until, "on-call"),)
    channel.set(case(1, Level.CRITICAL), case(2, Level.CRITICAL))
    channel.run(until, MINUTE)
    assert [news for _, _, news, _ in channel.said] == [{2: "opened"}]
    assert channel.held[1] == Held("Not sent: silenced by on-call until 16:13 UTC", until)
    channel.run(until + MINUTE)
    assert channel.said[-1][:3] == (until, Told.OPENED, {1: "opened"})


def test_the_end_of_what_was_told_is_told_although_it_is_silenced_by_then() -> None:
    channel = Channel()
    channel.set(case(1, Level.CRITICAL))
    channel.step()
    channel.silences = (Quiet(Matcher(), T0 + 9 * HOUR, "on-call"),)
    channel.now += HOUR
    channel.set(case(1, Level.CRITICAL, "resolved"))
    channel.step()
    assert channel.words() == ["opened", "resolved"]


def test_a_mute_time_defers_warnings_until_it_ends() -> None:
    channel = Channel()
    channel.mutes = (MuteTime("nights", "UTC", (Span(WEEKDAYS, 14 * 60, 16 * 60),), Matcher(at_most=Level.WARNING)),)
    channel.set(case(1), case(2, Level.CRITICAL), case(3))
    channel.run(T0 + HOUR, MINUTE)
    assert [news for _, _, news, _ in channel.said] == [{2: "opened"}]
    assert channel.held[1] is not None
    assert channel.held[1].reason == "Not sent: waits for the end of the mute time nights at 16:00 UTC"
    channel.set(case(3, status="resolved"))
    channel.run(T0 + 3 * HOUR, MINUTE)
    assert channel.said[-1][2] == {1: "opened"}


def test_what_is_over_before_it_was_told_is_told_to_nobody() -> None:
    channel = Channel()
    channel.set(case(1))
    channel.step()
    channel.set(case(1, status="resolved"))
    channel.run(T0 + HOUR)
    assert channel.said == []
    assert channel.held[1] == Held("Not sent: over before it was told")
    assert channel.groups[0].closed


def test_an_alert_that_opens_again_is_told_again_in_one_group_only() -> None:
    channel = Channel()
    channel.set(case(1, Level.CRITICAL), case(2, Level.CRITICAL))
    channel.step()
    channel.run(T0 + 10 * MINUTE)
    channel.set(case(1, Level.CRITICAL, "resolved"))
    channel.run(T0 + 2 * HOUR, MINUTE)
    channel.set(case(1, Level.CRITICAL))
    channel.run(T0 + 10 * HOUR, MINUTE)
    again = [still for _, told, _, still in channel.said if told is Told.REPEATED]
    assert [len(group.members) for group in channel.groups] == [2, 1]
    assert all(len(still) == 1 for still in again)


@pytest.mark.parametrize("seed", range(2))
def test_ninety_days_of_alert_life_keep_the_promises(seed: int) -> None:
    """Alerts of 30 models open, get worse, are taken on and end at random; whoever reads the channel knows how each
    stands, and nobody was told of a model's warnings twice within an hour."""
    chance = random.Random(seed)
    channel, number = Channel(), 0
    going_on: dict[int, Case] = {}
    while channel.now < T0 + 90 * 24 * HOUR:
        channel.jump(channel.now + chance.randrange(10 * MINUTE, 20 * HOUR))
        free = sorted(set(range(30)) - {each.model_id for each in going_on.values()})
        for model in chance.sample(free, min(len(free), chance.randrange(4))):
            number += 1
            level = chance.choice([Level.WARNING, Level.WARNING, Level.CRITICAL])
            going_on[number] = replace(case(number, level), model_id=model, opened_us=channel.now)
            channel.set(going_on[number])
        for alert in chance.sample(sorted(going_on), min(len(going_on), chance.randrange(9))):
            match chance.randrange(5):
                case 0:
                    going_on[alert] = replace(going_on[alert], status="acknowledged")
                case 1 if chance.random() < 0.3:
                    about = replace(going_on[alert].about, level=Level.CRITICAL)
                    going_on[alert] = replace(going_on[alert], status="firing", about=about)
                case _:
                    channel.set(replace(going_on.pop(alert), status="resolved"))
                    continue
            channel.set(going_on[alert])
    channel.jump(channel.now + 2 * HOUR)
    state: dict[int, str] = {}
    warned: dict[int, int] = {}
    for at, _, news, _ in channel.said:
        for i, word in news.items():
            state[i] = word if word in ("opened", "resolved") else state[i]
            if word == "opened" and channel.cases[i].about.level is Level.WARNING:
                assert at - warned.get(channel.cases[i].model_id, 0) >= HOUR
                warned[channel.cases[i].model_id] = at
    assert number > 100
    assert all(state[i] == "opened" for i in going_on)
    assert all(word == "resolved" for i, word in state.items() if i not in going_on)


GATED: list[tuple[Case, Route, World, str]] = [
    (case(historic=True), SLACK, World(T0), "history"),
    (case(wanted=("mail",)), SLACK, World(T0), "other channels"),
    (case(), replace(SLACK, models=("fraud*",)), World(T0), "no channel takes this model"),
    (case(), replace(SLACK, min_level=Level.CRITICAL), World(T0), "no channel takes level warning"),
    (case(), SLACK, World(T0, outages={("no_data", 1): case(9, kind="no_data")}), "inhibited by alert 9, the outage"),
    (
        case(kind="segment_drift"),
        SLACK,
        World(T0, outages={("data_drift", 1): case(9)}),
        "inhibited by alert 9, the drift of the whole",
    ),
    (
        case(kind="no_data"),
        SLACK,
        World(T0, outages={("monitor_behind", 0): case(9, kind="monitor_behind")}),
        "the monitor is behind",
    ),
    (case(status="silenced", silenced_until_us=T0 + HOUR), SLACK, World(T0), "silenced until 15:13 UTC"),
    (
        case(),
        SLACK,
        World(T0, mutes=(MuteTime("n", "UTC", (Span(WEEKDAYS, 0, FULL_DAY),), Matcher()),)),
        "mute time n",
    ),
    (case(level=Level.NOTICE), replace(SLACK, min_level=Level.NOTICE), World(T0), "daily digest"),
    (case(openings=5), SLACK, World(T0 + MINUTE), "flapping, opened 5 times"),
    (case(), SLACK, World(T0, told={("slack", 1): T0 - MINUTE}), "within the hour"),
]


@pytest.mark.parametrize(("alert", "route", "world", "word"), GATED)
def test_each_gate_says_why(alert: Case, route: Route, world: World, word: str) -> None:
    held = held_back(alert, route, world)
    assert held is not None
    assert word in held.reason
    assert held.until_us is None or held.until_us > world.now_us


def test_the_gates_let_pass_what_is_fresh_and_loud() -> None:
    assert held_back(case(), SLACK, World(T0)) is None
    assert held_back(case(openings=4), SLACK, World(T0)) is None
    assert held_back(case(openings=9), SLACK, World(T0 + HOUR)) is None
    assert held_back(case(level=Level.CRITICAL), SLACK, World(T0, told={("slack", 1): T0})) is None
    assert (
        held_back(case(wanted=("slack",)), replace(SLACK, models=("x",), min_level=Level.CRITICAL), World(T0)) is None
    )
    over = case(9, kind="no_data", status="resolved")
    assert held_back(case(), SLACK, World(T0, outages={("no_data", 1): over})) is None
    assert len(GATES) == len({gate.__name__ for gate in GATES})


def test_reasons_name_channels_only_where_some_take_the_alert() -> None:
    away = Held("no channel takes level warning", elsewhere=True)
    assert reasons(case(), {"slack": away, "pager": away}) == {"*": "Not sent: no channel takes level warning"}
    assert reasons(case(), {"slack": None, "pager": away}) == {"slack": ""}
    assert reasons(case(wanted=("x", "y")), {"slack": away}) == {
        "*": "Not sent: no channel x or y is there and enabled"
    }
