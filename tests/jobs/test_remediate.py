"""Actions from the alert to the record: proposed once, approved, done, tried again, refused; every step is kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Engine, select

from modelwatch.alerts.matcher import Matcher
from modelwatch.alerts.notifiers.contract import Answer
from modelwatch.core.window import HOUR_US
from modelwatch.jobs.remediate import PAUSES_US
from modelwatch.server.queries.actions import Verdict, decide_run, delete_action, read_actions, save_action
from modelwatch.store.actions import reseal_actions
from modelwatch.store.engine import reading, writing
from modelwatch.store.notify_tables import action_runs, actions, messages
from modelwatch.store.silences import add_silence
from modelwatch.store.tables import alert_events
from modelwatch.store.vault import Vault
from tests.jobs.acting import NOW_US, Place, sent


@pytest.fixture
def place(engine: Engine, tmp_path: Path) -> Iterator[Place]:
    made = Place(engine, tmp_path)
    yield made
    made.job.close()


def test_an_action_is_done_once_and_every_step_is_on_record(place: Place) -> None:
    place.act()
    alert = place.alert()
    for _ in range(3):
        place.step()
        place.clock.forward(0.01)
    [call] = place.way.calls
    assert (call.method, call.url) == ("POST", "https://hooks.example.com/retrain")
    assert sent(call)["alert_id"] == alert
    assert call.headers["Authorization"] == "Bearer t0ken"
    run = place.run()
    assert (run.state, run.attempts, run.key) == ("done", 1, call.headers["Idempotency-Key"])
    assert [(step.state, step.text) for step in run.history] == [
        ("approved", "The alert fires; no approval is asked for"),
        ("running", "Try 1 begins"),
        ("done", 'HTTP 200: {"run": "started"}'),
    ]
    assert json.loads(run.said["request"]["body"]) == sent(call)
    assert [line.text.partition(":")[0] for line in place.told(alert)] == [
        "Action “retrain” approved",
        "Action “retrain” runs",
        "Action “retrain” done",
    ]


def test_a_dry_run_sends_nothing_and_shows_what_it_would(place: Place) -> None:
    place.act(dry_run=True)
    alert = place.alert()
    place.step()
    place.step()
    run = place.run()
    assert (run.state, run.dry_run, place.way.calls, place.way.seconds) == ("dry_run", True, [], [])
    assert json.loads(run.said["request"]["body"])["alert_id"] == alert
    assert place.told(alert)[0].text == "Action “retrain” would be done (dry run): The alert fires"
    place.act(dry_run=False)
    place.step()
    assert [run.state for run in place.runs()] == ["done", "dry_run"]
    assert len(place.way.calls) == 1


def test_nothing_is_done_before_somebody_approves(place: Place) -> None:
    place.act(approval=True)
    alert = place.alert()
    for _ in range(3):
        place.step()
        place.clock.forward(1)
    run = place.run()
    assert (run.state, place.way.calls) == ("proposed", [])
    decide_run(place.engine, run.id, Verdict("approve", "ana", "go"), place.clock())
    place.step()
    assert (place.run().state, len(place.way.calls)) == ("done", 1)
    [approved] = [step for step in place.run().history if step.state == "approved"]
    assert (approved.by, approved.text) == ("ana", "Approved: “go”")
    assert [line.by for line in place.told(alert)] == ["", "ana", "", ""]


def test_what_is_rejected_or_not_decided_is_not_proposed_again_for_the_same_alert(place: Place) -> None:
    place.act(approval=True, expires_hours=2)
    place.alert()
    place.step()
    decide_run(place.engine, place.run().id, Verdict("reject", "ana"), place.clock())
    place.step()
    assert [run.state for run in place.runs()] == ["rejected"]
    other = place.alert()
    place.step()
    place.clock.forward(2)
    place.change(other, checked_us=place.clock())
    place.step()
    assert [run.state for run in place.runs()] == ["expired", "rejected"]
    assert place.runs()[0].history[-1].text == "Nobody decided within 2 h"
    assert place.way.calls == []


def test_a_proposal_ends_with_its_alert(place: Place) -> None:
    place.act(approval=True)
    alert = place.alert()
    place.step()
    place.change(alert, status="resolved", resolved_us=place.clock())
    place.step()
    assert (place.run().state, place.run().history[-1].text) == ("expired", "The alert is over")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"webhook": {"url": "https://hooks.example.com/elsewhere"}}, "The action was changed"),
        ({"dry_run": True}, "The action was changed"),
        ({"enabled": False}, "The action was changed"),
        (None, "The action was deleted"),
    ],
)
def test_what_was_approved_is_what_is_done_or_nothing_is(
    place: Place, change: dict[str, object] | None, why: str
) -> None:
    place.act(approval=True)
    place.alert()
    place.step()
    decide_run(place.engine, place.run().id, Verdict("approve", "ana"), place.clock())
    if change is None:
        delete_action(place.engine, "retrain", place.clock())
    else:
        save_action(place.engine, place.vault, {"name": "retrain", **change}, place.clock())
    place.step()
    run = place.runs()[-1]
    assert (run.state, run.history[-1].text, place.way.calls) == ("expired", why, [])


def test_a_receiver_that_is_busy_is_asked_again_with_the_same_key_and_the_same_body(place: Place) -> None:
    place.way.answers = [
        Answer(503, {}, b"later"),
        Answer(0, error="no answer in time"),
        Answer(429, {"Retry-After": "600"}),
    ]
    place.act(timeout_seconds=7)
    alert = place.alert()
    waits = []
    for _ in range(4):
        place.step()
        run = place.run()
        if run.state == "done":
            break
        assert run.state == "approved"
        assert run.next_us is not None
        waits.append(run.next_us - place.clock())
        place.clock.now_us = run.next_us - 1
        place.step()
        place.clock.now_us += 1
    assert waits == [PAUSES_US[0], PAUSES_US[1], 600_000_000]
    assert (place.run().state, place.run().attempts) == ("done", 4)
    assert len({call.headers["Idempotency-Key"] for call in place.way.calls}) == 1
    assert len({call.body for call in place.way.calls}) == 1
    assert len({call.headers["Modelwatch-Signature"] for call in place.way.calls}) == 4
    assert set(place.way.seconds) == {7.0}
    assert "not done yet: HTTP 503: later; the next try is due at" in place.told(alert)[2].text


def test_a_receiver_that_refuses_is_not_asked_again_and_one_that_never_answers_is_given_up(place: Place) -> None:
    place.way.answers = [Answer(403, {}, b"no")]
    place.act()
    place.alert()
    place.step()
    place.clock.forward(1)
    place.step()
    assert (place.run().state, place.run().history[-1].text, len(place.way.calls)) == ("failed", "HTTP 403: no", 1)
    place.way.answers = [Answer(500)] * 10
    place.clock.forward(30)
    place.alert()
    for _ in range(10):
        place.step()
        place.clock.forward(1)
    assert (place.runs()[0].state, place.runs()[0].attempts) == ("failed", len(PAUSES_US) + 1)
    assert len(place.way.calls) == 1 + len(PAUSES_US) + 1


def test_what_may_not_be_reached_has_failed(place: Place) -> None:
    place.way.answers = [Answer(0, error="127.0.0.1 is not public", refused=True)]
    place.act()
    place.alert()
    place.step()
    assert (place.run().state, place.run().history[-1].text) == ("failed", "127.0.0.1 is not public")


def test_why_an_action_is_not_due_is_kept_as_long_as_it_holds(place: Place) -> None:
    place.act(at_least={"alerts": 2, "within_hours": 24})
    first = place.alert(3)
    for _ in range(3):
        place.step()
    assert [line.text for line in place.told(first)] == ["Action “retrain” not due: 1 of 2 alerts in 24 h"]
    with reading(place.engine) as connection:
        [shown] = read_actions(connection)
    assert [(reason.alert_id, reason.reason) for reason in shown.reasons] == [(first, "1 of 2 alerts in 24 h")]
    second = place.alert(1)
    place.step()
    assert [(run.alert_id, run.state) for run in place.runs()] == [(first, "done")]
    assert place.told(second)[0].text == "Action “retrain” not due: another run for this model waits or is under way"
    place.step()
    assert place.told(second)[1].text.startswith("Action “retrain” not due: cool-down until ")
    place.change(second, status="resolved", resolved_us=place.clock())
    place.step()
    with reading(place.engine) as connection:
        assert read_actions(connection)[0].reasons == []


def test_history_sets_nothing_in_motion(place: Place) -> None:
    place.act()
    alert = place.alert(historic=True)
    place.step()
    assert place.runs() == []
    assert place.told(alert)[0].text == "Action “retrain” not due: historic: its newest window is in the past"


def test_what_is_silenced_sets_nothing_in_motion_until_the_silence_ends(place: Place) -> None:
    place.act()
    meant, other = place.alert(), place.alert(model="another")
    hour = place.clock() + HOUR_US
    with writing(place.engine) as connection:
        add_silence(connection, "default", Matcher(model="fraud*"), place.clock(), hour, "ana", "", place.clock())
    place.step()
    assert [run.alert_id for run in place.runs()] == [other]
    assert place.told(meant)[0].text == "Action “retrain” not due: the alert is silenced"
    place.clock.forward(1)
    place.step()
    assert [run.alert_id for run in place.runs()] == [meant, other]


def test_a_new_key_seals_what_an_older_one_sealed(place: Place) -> None:
    place.act()
    [old] = (place.folder / "secret.key").read_text("ascii").split()
    (place.folder / "secret.key").unlink()
    new = Fernet.generate_key().decode()
    with writing(place.engine) as connection:
        both = Vault(place.folder, f"{new},{old}")
        assert (reseal_actions(connection, both), reseal_actions(connection, both)) == (1, 0)
    place.job.vault = Vault(place.folder, new)
    place.alert()
    place.step()
    assert place.way.calls[0].headers["Authorization"] == "Bearer t0ken"


def test_a_fleet_that_drifts_starts_no_more_runs_than_it_may(place: Place) -> None:
    place.act(max_per_week_all=3)
    for i in range(10):
        place.alert(model=f"m{i}")
    for _ in range(3):
        place.step()
    assert len(place.way.calls) == 3
    assert len(place.runs()) == 3


def test_deleting_and_making_an_action_again_does_not_begin_its_week_anew(place: Place) -> None:
    place.act()
    place.alert(2)
    place.step()
    delete_action(place.engine, "retrain", place.clock())
    place.act()
    place.alert(1)
    place.step()
    assert len(place.way.calls) == 1


def test_no_record_holds_a_secret_even_when_the_receiver_repeats_it(place: Place) -> None:
    echoed = json.dumps({"got": "Bearer t0ken", "sig": "sign-me", "part": "t0ken-less"}).encode()
    place.way.answers = [Answer(500, {}, echoed), Answer(200, {}, echoed)]
    place.act(tell=["team"])
    place.alert()
    place.step()
    place.clock.forward(1)
    place.step()
    assert place.run().state == "done"
    with reading(place.engine) as connection:
        rows = [
            repr(row)
            for table in (actions, action_runs, alert_events, messages)
            for row in connection.execute(select(table))
        ]
    assert len(rows) > 4
    assert not [row for row in rows if "Bearer t0ken" in row or "sign-me" in row]


def test_hostile_names_are_data(place: Place) -> None:
    name = 'x\'; DROP TABLE alerts; -- "},{"{model_id}<script>'
    place.act(name=name, models=["*"], message="done for {model_id}", tell=["team"])
    alert = place.alert(model=name)
    place.step()
    assert sent(place.way.calls[0])["model_id"] == name
    assert sent(place.way.calls[0])["action"] == name
    assert place.run().action == name
    assert name in place.told(alert)[-1].text
    with reading(place.engine) as connection:
        [message] = connection.execute(select(messages)).all()
    assert json.loads(message.body)["title"] == f"done for {name}"


def test_secrets_that_no_key_opens_end_the_run_and_say_so(place: Place, tmp_path: Path) -> None:
    place.act()
    (tmp_path / "secret.key").unlink()
    place.alert()
    place.step()
    run = place.run()
    assert (run.state, place.way.calls) == ("expired", [])
    assert "cannot be decrypted" in run.history[-1].text


def test_what_is_interrupted_is_tried_once_more_with_the_same_key_and_then_given_up(place: Place) -> None:
    def broken(_seconds: float) -> object:
        raise RuntimeError("the process died")

    place.act()
    place.alert()
    place.job.ways = broken  # type: ignore[assignment]
    place.step()
    assert place.run().state == "running"
    place.step()
    assert place.run().state == "running", "its time is not up: somebody may be at it"
    place.clock.forward(0.1)
    place.step()
    assert (place.run().state, place.run().interrupted, place.run().attempts) == ("running", 1, 2)
    place.clock.forward(0.1)
    place.step()
    assert (place.run().state, place.run().attempts) == ("failed", 2)
    assert place.clock() > NOW_US
