"""The handler that the requirements sketch: concept drift, at least three alerts within a day, retrain, tell the team.

    @alert_handler("concept_drift")
    async def handle_concept_drift(alert):
        recent_alerts = get_recent_alerts(model_id, hours=24)
        if len(recent_alerts) < 3:
            return  # Wait for more evidence
        await trigger_retraining_job(model_id=model_id, reason="concept_drift_detected", priority="high")
        await send_notification(channel="slack", message=f"🔄 Auto-triggered retraining for {model_id} ...")

Here it is one action, with a retraining service and a Slack channel on real sockets.
"""

from __future__ import annotations

import hmac
import json
from pathlib import Path

import pytest
from sqlalchemy import Engine

from modelwatch.jobs.deliver import Deliver
from modelwatch.jobs.send import Send
from modelwatch.store.channels import Channel, add_channel
from modelwatch.store.engine import writing
from tests.alerts.limits import slack
from tests.alerts.receivers import Heard, Receiver, receiving, refusing
from tests.jobs.acting import Place, over_loopback

MODEL = "fraud-detection-v2"
SECRET = "between the two of us"


def retraining(heard: Heard) -> tuple[int, dict[str, str], bytes]:
    """A service that starts a job, once per key, for whoever signed the request."""
    said = f"{heard.headers['modelwatch-timestamp']}.".encode() + heard.body
    signature = f"v1={hmac.new(SECRET.encode(), said, 'sha256').hexdigest()}"
    if not hmac.compare_digest(signature, heard.headers["modelwatch-signature"]):
        return 401, {}, b"who are you?"
    return 202, {}, json.dumps({"job": f"retrain-{heard.headers['idempotency-key'][-6:]}"}).encode()


@pytest.fixture
def place(engine: Engine, tmp_path: Path) -> Place:
    return Place(engine, tmp_path)


def sustained(place: Place, service: Receiver, team: Receiver) -> Deliver:
    """The action, and the channel that the team is told on."""
    place.job.ways = over_loopback
    place.act(
        name="retrain on sustained concept drift",
        on=["concept_drift"],
        at_least={"alerts": 3, "within_hours": 24, "any_kind": True},
        webhook={
            "url": f"{service.url}/jobs",
            "secret": SECRET,
            "fields": {"reason": "concept_drift_detected", "priority": "high"},
        },
        tell=["slack"],
        message="🔄 Auto-triggered retraining for {model_id} due to sustained concept drift",
    )
    channel = Channel(0, "default", "slack", "slack", {}, place.vault.seal({"url": f"{team.url}/services/T0"}))
    with writing(place.engine) as connection:
        add_channel(connection, channel)
    ways = over_loopback(10.0)
    return Deliver(place.engine, Send(place.vault, ways, ways), place.clock)


def test_sustained_concept_drift_triggers_retraining_and_tells_the_team(place: Place) -> None:
    with receiving(retraining) as service, receiving(refusing(slack, (200, {}, b"ok"))) as team:
        deliver = sustained(place, service, team)

        def everything() -> None:
            place.step()
            deliver.step()
            deliver.settle()

        place.alert(20, kind="performance", model=MODEL)
        drift = place.alert(2, model=MODEL)
        everything()
        assert (service.heard, team.heard) == ([], []), "two alerts: wait for more evidence"
        assert place.told(drift)[-1].text.endswith("not due: 2 of 3 alerts in 24 h")

        place.alert(1, kind="data_drift", model=MODEL)
        place.alert(1, kind="data_drift", model="another-model")
        for _ in range(3):
            everything()

        [request] = service.heard
        asked = json.loads(request.body)
        assert request.path == "/jobs"
        assert (asked["model_id"], asked["reason"], asked["priority"]) == (MODEL, "concept_drift_detected", "high")
        assert (asked["kind"], asked["alert_id"], asked["why"]) == ("concept_drift", drift, "3 alerts within 24 h")
        [message] = team.heard
        words = json.loads(message.body)
        assert f"🔄 Auto-triggered retraining for {MODEL} due to sustained concept drift" in words["text"]
        run = place.run()
        assert (run.state, run.alert_id) == ("done", drift)
        assert run.history[-1].text.startswith('HTTP 202: {"job": "retrain-')
        assert [line.text.partition("”")[2].partition(":")[0] for line in place.told(drift)] == [
            " not due",
            " approved",
            " runs",
            " done",
        ]
        deliver.close()
    place.job.close()
