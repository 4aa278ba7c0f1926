"""When an action is due: each reason why not, and laws over whole lives of alerts, approvals and runs."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwatch.alerts.remediation.action import Action
from modelwatch.alerts.remediation.decide import WEEK_US, Past, Proposal, Refusal, Sighting, decide
from modelwatch.core.level import Level
from modelwatch.core.window import DAY_US, HOUR_US
from tests.alerts.remediation.acting import NOW_US, action, alert

THREE = {"alerts": 3, "within_hours": 24}


def past(**said: object) -> Past:
    plain = {"model": "fraud", "alert_id": 99, "state": "done", "dry_run": False, "started_us": NOW_US - HOUR_US}
    return Past(**{**plain, **said})  # type: ignore[arg-type]


def reason(found: Proposal | Refusal) -> str:
    assert isinstance(found, Refusal)
    return found.reason


def test_three_alerts_within_a_day_make_it_due_and_two_do_not() -> None:
    rule = action(at_least=THREE)
    alerts = [alert(1, 20), alert(2, 10), alert(3, 1)]
    assert decide(rule, alerts[2], alerts, [], NOW_US) == Proposal("3 alerts within 24 h", "approved")
    assert reason(decide(rule, alerts[2], alerts[1:], [], NOW_US)) == "2 of 3 alerts in 24 h"
    late = [alert(1, 24), *alerts[1:]]
    assert reason(decide(rule, alerts[2], late, [], NOW_US)) == "2 of 3 alerts in 24 h"
    replayed = [replace(alerts[0], historic=True), *alerts[1:]]
    assert reason(decide(rule, alerts[2], replayed, [], NOW_US)) == "2 of 3 alerts in 24 h"


def test_alerts_of_other_kinds_count_when_it_says_so() -> None:
    alerts = [alert(1, 20, kind="performance"), alert(2, 10, kind="data_drift"), alert(3, 1)]
    assert reason(decide(action(at_least=THREE), alerts[2], alerts, [], NOW_US)) == "1 of 3 alerts in 24 h"
    any_kind = action(at_least={**THREE, "any_kind": True})
    assert isinstance(decide(any_kind, alerts[2], alerts, [], NOW_US), Proposal)


def test_an_alert_that_lasts_makes_it_due() -> None:
    rule = action(lasting_hours=6)
    assert decide(rule, alert(1, 6), [], [], NOW_US) == Proposal("it has gone on for 6 h or longer", "approved")
    assert reason(decide(rule, alert(1, 5.9), [], [], NOW_US)).endswith("not yet for 6 h")
    either = action(lasting_hours=6, at_least=THREE)
    assert reason(decide(either, alert(1, 5), [alert(1, 5)], [], NOW_US)).startswith("1 of 3 alerts in 24 h; goes on")
    assert isinstance(decide(either, alert(1, 7), [alert(1, 7)], [], NOW_US), Proposal)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"historic": True}, "historic: its newest window is in the past"),
        ({"until_us": NOW_US - 4 * DAY_US}, "historic: its newest window is in the past"),
        ({"status": "silenced"}, "the alert is silenced"),
        ({"status": "resolved"}, "the alert is resolved"),
        ({"status": "pending"}, "the alert is pending"),
    ],
)
def test_what_does_not_fire_now_sets_nothing_in_motion(changed: dict[str, object], said: str) -> None:
    assert reason(decide(action(), replace(alert(), **changed), [], [], NOW_US)) == said


@pytest.mark.parametrize(
    ("run", "said"),
    [
        (past(alert_id=1, started_us=0), "done already for this alert (done)"),
        (past(alert_id=1, state="rejected", started_us=None), "done already for this alert (rejected)"),
        (past(state="proposed", started_us=None), "another run for this model waits or is under way"),
        (past(state="running", started_us=0), "another run for this model waits or is under way"),
        (past(), "cool-down until 2026-09-22 13:13 UTC"),
        (past(state="failed"), "cool-down until 2026-09-22 13:13 UTC"),
    ],
)
def test_what_was_done_holds_it_back(run: Past, said: str) -> None:
    assert reason(decide(action(), alert(), [], [run], NOW_US)) == said


@pytest.mark.parametrize(
    "run",
    [
        past(started_us=NOW_US - 24 * HOUR_US),
        past(model="another"),
        past(dry_run=True, state="dry_run"),
        past(state="rejected", started_us=None),
        past(state="expired", started_us=None),
    ],
)
def test_what_is_over_was_never_done_or_is_of_another_model_does_not(run: Past) -> None:
    assert isinstance(decide(action(), alert(), [], [run], NOW_US), Proposal)


def test_the_maximum_per_week_holds_per_model_and_for_all() -> None:
    runs = [past(started_us=NOW_US - day * DAY_US) for day in (2, 6)]
    assert reason(decide(action(), alert(), [], runs, NOW_US)) == "maximum 2 per week reached"
    assert isinstance(decide(action(), alert(), [], [runs[0], past(started_us=NOW_US - WEEK_US)], NOW_US), Proposal)
    others = [past(model=f"m{i}", alert_id=100 + i) for i in range(5)]
    said = reason(decide(action(max_per_week_all=5), alert(), [], others, NOW_US))
    assert said == "maximum 5 per week of all models together reached"


def test_an_action_is_for_its_kinds_models_and_levels() -> None:
    mine = action(models=["fraud-*", "loan[12]"], min_level="critical")
    assert mine.is_for("concept_drift", "fraud-eu", Level.CRITICAL)
    assert mine.is_for("concept_drift", "loan2", Level.CRITICAL)
    assert not mine.is_for("concept_drift", "fraud-eu", Level.WARNING)
    assert not mine.is_for("performance", "fraud-eu", Level.CRITICAL)
    assert not mine.is_for("concept_drift", "xfraud-eu", Level.CRITICAL)
    assert action(on=["*"]).is_for("no_data", "anything", Level.WARNING)
    assert action(on=["rule:*"]).is_for("rule:7f", "anything", Level.WARNING)
    assert not action(on=["rule:7f"]).is_for("rule:7e", "anything", Level.WARNING)


@dataclass
class Life:
    """What happened to one run, as the worker and a person make it."""

    run: Past
    proposed_us: int
    approved: bool


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["alert", "alert", "approve", "reject", "start"]),
        st.integers(0, 2),
        st.integers(1, 5 * 24).map(lambda hours: hours * HOUR_US),
    ),
    max_size=60,
)


def live(rule: Action, steps: list[tuple[str, int, int]]) -> list[Life]:
    """Every run that comes of alerts, approvals, rejections and starts in any order."""
    lives: list[Life] = []
    now = NOW_US
    for number, (event, which, pause) in enumerate(steps):
        now += pause
        model = f"m{which}"
        waits = [life for life in lives if life.run.model == model and life.run.state in ("proposed", "approved")]
        if event == "alert":
            one = Sighting(number, model, "concept_drift", Level.CRITICAL, "firing", False, now - HOUR_US, now)
            found = decide(rule, one, [one], [life.run for life in lives], now)
            if isinstance(found, Proposal):
                started = now if found.state == "dry_run" else None
                run = Past(model, number, found.state, rule.dry_run, started)
                lives.append(Life(run, now, found.state == "approved"))
        elif event in ("approve", "reject"):
            for life in waits:
                if life.run.state == "proposed":
                    life.approved = event == "approve"
                    life.run = replace(life.run, state="approved" if life.approved else "rejected")
        else:
            for life in waits:
                if life.run.state == "approved":
                    life.run = replace(life.run, state="done", started_us=now)
    return lives


@given(STEPS, st.integers(1, 3), st.integers(1, 4), st.sampled_from([0, 1, 24, 100]), st.booleans(), st.booleans())
def test_whatever_happens_the_guard_rails_hold(
    steps: list[tuple[str, int, int]], most: int, most_all: int, cooldown: int, approval: bool, dry: bool
) -> None:
    rule = action(max_per_week=most, max_per_week_all=most_all, cooldown_hours=cooldown, approval=approval, dry_run=dry)
    lives = live(rule, steps)
    started = sorted((life.run.started_us, life.run.model) for life in lives if life.run.started_us is not None)
    for at, model in started:
        week = [(when, name) for when, name in started if at - WEEK_US < when <= at]
        assert len(week) <= most_all
        assert sum(name == model for _, name in week) <= most
        before = [when for when, name in started if name == model and when < at]
        assert not before or at - before[-1] >= cooldown * HOUR_US
    if dry:
        assert {life.run.state for life in lives} <= {"dry_run"}
    elif approval:
        assert all(life.approved for life in lives if life.run.started_us is not None)
    assert len({life.run.alert_id for life in lives}) == len(lives)


@given(st.lists(st.floats(0.01, 100), max_size=8), st.integers(1, 5), st.sampled_from([1, 24, 72]))
def test_sustained_is_counting(ages: list[float], needed: int, hours: int) -> None:
    alerts = [alert(i + 1, age) for i, age in enumerate(ages)]
    one = alert(1_000, 0.0, opened_us=NOW_US - 200 * HOUR_US)
    found = decide(action(at_least={"alerts": needed, "within_hours": hours}), one, [*alerts, one], [], NOW_US)
    assert isinstance(found, Proposal) == (sum(int(age * HOUR_US) < hours * HOUR_US for age in ages) >= needed)
