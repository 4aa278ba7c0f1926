"""A real Prometheus Alertmanager is told what fires, told again, and told that it is over."""

from __future__ import annotations

import http.client
import json
import re
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from modelwatch.alerts.notification import Line, Notification, Told
from modelwatch.alerts.notifiers import NOTIFIERS
from modelwatch.alerts.notifiers.alertmanager import HORIZON_S
from modelwatch.alerts.notifiers.contract import Answer, Delivery, Transport
from modelwatch.core.level import Level
from modelwatch.jobs.addresses import allowed
from modelwatch.jobs.outgoing import Outgoing
from tests.alerts.speaking import answering, hostile, line, notification

UNPACKED = Path(__file__).parent.parent.parent / ".cache/alertmanager-unpacked/alertmanager"
CONFIG = "route: {receiver: nobody}\nreceivers: [{name: nobody}]\n"
notifier = NOTIFIERS["alertmanager"]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An Alertmanager on a free port that tells nobody."""
    program = shutil.which("prometheus-alertmanager") or shutil.which("alertmanager") or str(UNPACKED)
    folder = tmp_path_factory.mktemp("alertmanager")
    (folder / "config.yml").write_text(CONFIG)
    flags = [f"--config.file={folder}/config.yml", f"--storage.path={folder}/data"]
    flags += ["--web.listen-address=127.0.0.1:0", "--cluster.listen-address="]
    process = subprocess.Popen([program, *flags], stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        said: list[str] = []
        for text in process.stderr:
            said.append(text)
            if found := re.search(r'Listening on"? address=(127\.0\.0\.1:\d+)', text):
                yield f"http://{found[1]}"
                break
        else:
            pytest.fail("".join(said))
    finally:
        process.terminate()
        process.communicate(timeout=30)


@pytest.fixture
def ways() -> Transport:
    return Outgoing(allowed("127.0.0.1"), ssl.create_default_context()).transport()


def tell(ways: Transport, address: str, *lines: Line, told: Told = Told.OPENED, **changes: object) -> Delivery:
    said = notification(lines, told=told, at=ways.now(), **changes)
    return notifier.deliver(said, {"url": address + "/"}, {}, ways)


def going_on(address: str, project: str) -> list[dict[str, Any]]:
    """What Alertmanager says is firing."""
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=10)
    connection.request("GET", f"/api/v2/alerts?filter=project%3D{project}")
    found = json.loads(connection.getresponse().read())
    connection.close()
    return sorted(found, key=lambda alert: str(alert["labels"]))


def ends(alert: dict[str, Any]) -> float:
    return datetime.fromisoformat(alert["endsAt"]).timestamp()


def test_it_fires_is_sent_again_and_is_over(address: str, ways: Transport) -> None:
    since = ways.now() - 7200.0
    first, second = line(1, since=since), line(2, since=since, model="churn", level=Level.WARNING)
    before = ways.now()
    assert tell(ways, address, first, second, project="life").delivered
    found = going_on(address, "life")
    assert [alert["labels"]["model"] for alert in found] == ["fraud", "churn"]
    assert found[0]["labels"] == {
        "alertname": "modelwatch_data_drift",
        "alert_id": "1",
        "model": "fraud",
        "version": "2.1.0",
        "environment": "production",
        "kind": "data_drift",
        "severity": "critical",
        "project": "life",
    }
    assert found[0]["annotations"]["bad"] == "PSI 0.41, critical from 0.25."
    assert found[0]["generatorURL"] == "https://watch.example.org/alerts/1"
    assert found[0]["status"]["state"] in ("unprocessed", "active")
    assert abs(datetime.fromisoformat(found[0]["startsAt"]).timestamp() - since) < 0.01
    assert before + HORIZON_S - 1 < ends(found[0]) < ways.now() + HORIZON_S + 1
    assert tell(ways, address, first, second, told=Told.REPEATED, project="life").delivered
    again = going_on(address, "life")
    assert [alert["fingerprint"] for alert in again] == [alert["fingerprint"] for alert in found]
    assert ends(again[0]) > ends(found[0])
    gone = line(1, since=since, status="resolved", news="resolved")
    assert tell(ways, address, second, gone, told=Told.CHANGED, project="life").delivered
    assert [alert["labels"]["model"] for alert in going_on(address, "life")] == ["churn"]
    assert tell(ways, address, second, told=Told.RESOLVED, project="life").delivered
    assert going_on(address, "life") == []


def test_what_gets_worse_fires_at_its_new_level_alone(address: str, ways: Transport) -> None:
    assert tell(ways, address, line(1, level=Level.WARNING), project="worse").delivered
    assert tell(ways, address, line(1, news="worse"), told=Told.CHANGED, project="worse").delivered
    assert [alert["labels"]["severity"] for alert in going_on(address, "worse")] == ["critical"]
    assert tell(
        ways, address, line(1, news="better", level=Level.WARNING), told=Told.CHANGED, project="worse"
    ).delivered
    assert [alert["labels"]["severity"] for alert in going_on(address, "worse")] == ["warning"]


def test_a_test_fires_for_a_minute_and_a_digest_not_at_all(address: str, ways: Transport) -> None:
    assert tell(ways, address, told=Told.TEST, project="trial").delivered
    assert [alert["labels"]["alertname"] for alert in going_on(address, "trial")] == ["modelwatch_test"]
    assert tell(ways, address, line(1), told=Told.DIGEST, project="digest").delivered
    assert going_on(address, "digest") == []
    assert notifier.resends


@settings(max_examples=25, deadline=None)
@given(said=hostile)
def test_it_takes_any_name(address: str, said: Notification) -> None:
    went = notifier.deliver(said, {"url": address}, {}, Outgoing(allowed("127.0.0.1"), CONTEXT).transport())
    assert went.delivered, went.error


CONTEXT = ssl.create_default_context()


def test_what_it_finds_wrong_is_told_in_its_words() -> None:
    refusal = Answer(400, {}, b'{"code":601,"message":"alerts.0.labels in body is required"}')
    went = notifier.deliver(notification(), {"url": "http://a.example"}, {}, answering(refusal).ways)
    assert (went.permanent, went.error) == (True, "HTTP 400: alerts.0.labels in body is required")


def test_it_logs_in_where_that_is_asked_for() -> None:
    recorder = answering()
    notifier.deliver(notification(), {"url": "http://a", "user": "u", "password": "p"}, {}, recorder.ways)
    assert recorder.calls[0].headers["Authorization"] == "Basic dTpw"
