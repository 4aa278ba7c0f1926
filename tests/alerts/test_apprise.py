"""Apprise: only where the operator has said so, and only where it is installed."""

from __future__ import annotations

import json
import ssl
import subprocess
import sys
from dataclasses import replace

import pytest

from modelwatch.alerts.notification import Told
from modelwatch.alerts.notifiers import NOTIFIERS
from modelwatch.core.level import Level
from modelwatch.jobs.addresses import allowed
from modelwatch.jobs.outgoing import Outgoing
from tests.alerts.receivers import LOOPBACK, Receiver, Reply, receiving
from tests.alerts.speaking import notification

# Apprise looks for a module that Python 3.13 has not any more
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
deliver = NOTIFIERS["apprise"].deliver
LET = replace(LOOPBACK, unguarded=frozenset({"apprise"}))


def address(receiver: Receiver) -> dict[str, str]:
    return {"urls": receiver.url.replace("http://", "json://")}


def test_it_says_the_message_as_plain_text() -> None:
    with receiving(lambda _: (200, {}, b"")) as receiver:
        assert deliver(notification(), address(receiver), {}, LET).delivered
        deliver(notification(told=Told.RESOLVED), address(receiver), {}, LET)
        deliver(notification(level=Level.WARNING), address(receiver), {}, LET)
    heard = [json.loads(each.body) for each in receiver.heard]
    assert [each["type"] for each in heard] == ["failure", "success", "warning"]
    assert heard[0]["title"] == "Critical: fraud 2.1.0: amount drifted, PSI 0.41"
    assert "How sure: Chance alone stays below PSI 0.02" in heard[0]["message"]


def test_names_are_no_escapes_and_no_templates() -> None:
    with receiving(lambda _: (200, {}, b"")) as receiver:
        deliver(notification(title="a\\nb {{x}} <b>"), address(receiver), {}, LET)
    assert json.loads(receiver.heard[0].body)["title"] == "Critical: a\\nb {{x}} <b>"


def test_without_the_operators_word_nothing_goes_out() -> None:
    with receiving(lambda _: (200, {}, b"")) as receiver:
        went = deliver(notification(), address(receiver), {}, LOOPBACK)
    assert (went.delivered, went.permanent, receiver.heard) == (False, True, [])
    assert "outgoing_allow" in went.error


def test_a_service_that_refuses_is_tried_again() -> None:
    def busy(_: object) -> Reply:
        return 503, {}, b""

    with receiving(busy) as receiver:
        went = deliver(notification(), address(receiver), {}, LET)
    assert (went.delivered, went.permanent) == (False, False)


@pytest.mark.parametrize("urls", ["", "nonsense", "nosuch://service"])
def test_addresses_that_it_does_not_know_are_told_at_once(urls: str) -> None:
    went = deliver(notification(), {"urls": urls}, {}, LET)
    assert (went.delivered, went.permanent) == (False, True)


def test_no_address_gets_into_the_log(caplog: pytest.LogCaptureFixture) -> None:
    deliver(notification(), {"urls": "slack://secret-token"}, {}, LET)
    assert "secret-token" not in caplog.text


def test_without_the_extra_it_says_what_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    went = deliver(notification(), {"urls": "json://127.0.0.1"}, {}, LET)
    assert (went.permanent, "pip install 'modelwatch[apprise]'" in went.error) == (True, True)


def test_importing_the_channels_does_not_import_it() -> None:
    said = "import sys; from modelwatch.alerts.notifiers import apprise; sys.exit('apprise' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", said], check=False).returncode == 0


@pytest.mark.parametrize(
    ("setting", "names"), [("", set()), ("10.0.0.0/8, mail.internal", set()), ("Apprise", {"apprise"})]
)
def test_only_the_operators_setting_lets_it_past_the_guard(setting: str, names: set[str]) -> None:
    assert Outgoing(allowed(setting), ssl.create_default_context()).transport().unguarded == names
