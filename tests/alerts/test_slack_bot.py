"""The Slack bot: one message per group that is kept current, a thread beneath it, the picture in the thread."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from PIL import Image

from modelwatch.alerts.notification import Notification, Told
from modelwatch.alerts.notifiers import NOTIFIERS
from modelwatch.alerts.notifiers.contract import Delivery
from tests.alerts.receivers import LOOPBACK
from tests.alerts.slack_workspace import CHANNEL, TOKEN, Workspace, workspace
from tests.alerts.speaking import hostile, line, notification

FIRST = "1764000000.000000"


@pytest.fixture
def slack() -> Iterator[Workspace]:
    with workspace() as state:
        yield state


def tell(slack: Workspace, said: Notification, thread: Mapping[str, str] | None = None, token: str = TOKEN) -> Delivery:
    fields = {"token": token, "channel": CHANNEL, "api": f"{slack.receiver.url}/api/"}
    return NOTIFIERS["slack_bot"].deliver(said, fields, thread or {}, LOOPBACK)


def test_a_group_is_one_message_that_stays_current_with_a_thread_beneath(slack: Workspace) -> None:
    opened = tell(slack, notification(key="g41-1"))
    assert (opened.delivered, opened.error) == (True, "")
    assert opened.thread == {"ts": FIRST, "channel": CHANNEL}
    worse = notification([line(1, news="worse"), line(2, news="", model="churn")], told=Told.CHANGED, key="g41-2")
    assert tell(slack, worse, opened.thread).thread == opened.thread
    assert slack.header(FIRST).startswith("🔴 Critical, worse: ")
    better = notification([line(1, news="better")], told=Told.CHANGED, key="g41-3")
    tell(slack, better, opened.thread)
    tell(slack, notification(told=Told.REPEATED, key="g41-4"), opened.thread)
    tell(slack, notification(told=Told.ACKNOWLEDGED, key="g41-5"), opened.thread)
    assert slack.header(FIRST).startswith("🔵 Acknowledged: ")
    tell(slack, notification(told=Told.RESOLVED, key="g41-6"), opened.thread)
    assert slack.header(FIRST).startswith("🟢 Resolved: ")
    first, *replies = slack.messages.values()
    assert "thread_ts" not in first
    assert {reply["thread_ts"] for reply in replies} == {FIRST}
    assert [reply["reply_broadcast"] for reply in replies] == [True, False, True, False, False]
    assert [each["metadata"]["event_payload"]["key"] for each in slack.messages.values()] == [
        f"g41-{i}" for i in range(1, 7)
    ]
    assert slack.updates == [FIRST] * 5


def test_a_reply_names_only_what_is_new(slack: Workspace) -> None:
    opened = tell(slack, notification())
    changed = notification([line(1, news="worse"), line(2, news="", model="churn")], told=Told.CHANGED)
    tell(slack, changed, opened.thread)
    _, reply = slack.messages.values()
    texts = [block["text"]["text"] for block in reply["blocks"] if block["type"] == "section"]
    assert len(texts) == 1
    assert "churn" not in texts[0]


def test_the_picture_goes_into_the_thread(slack: Workspace) -> None:
    tell(slack, notification())
    (file,) = slack.files.values()
    assert (file["thread"], file["alt"]) == (FIRST, "PSI of amount")
    assert Image.open(BytesIO(file["body"])).size == (1200, 400)
    tell(slack, notification(told=Told.REPEATED), {"ts": FIRST, "channel": CHANNEL})
    assert len(slack.files) == 1


@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "files.completeUploadExternal"])
def test_a_message_without_its_picture_is_delivered_and_says_so(slack: Workspace, method: str) -> None:
    slack.fail(method, "missing_scope")
    went = tell(slack, notification())
    assert (went.delivered, went.error) == (True, "the picture was not sent: missing_scope")
    assert went.thread["ts"] == FIRST


def test_a_first_message_that_cannot_be_updated_loses_no_reply(slack: Workspace) -> None:
    opened = tell(slack, notification(picture=None))
    slack.fail("chat.update", "ratelimited")
    went = tell(slack, notification(told=Told.RESOLVED), opened.thread)
    assert (went.delivered, went.error) == (True, "the first message was not updated: ratelimited")
    assert len(slack.messages) == 2


def test_when_the_first_message_was_deleted_a_new_one_takes_its_place(slack: Workspace) -> None:
    went = tell(slack, notification(told=Told.CHANGED), {"ts": "1.2", "channel": CHANNEL})
    assert (went.delivered, went.thread["ts"]) == (True, FIRST)
    assert "thread_ts" not in slack.messages[FIRST]


@pytest.mark.parametrize(
    ("error", "permanent"),
    [
        ("ratelimited", False),
        ("internal_error", False),
        ("service_unavailable", False),
        ("invalid_auth", True),
        ("channel_not_found", True),
        ("is_archived", True),
        ("not_in_channel", True),
        ("msg_too_long", True),
    ],
)
def test_what_slack_says_of_itself_is_tried_again_and_what_it_says_of_us_is_not(
    slack: Workspace, error: str, permanent: bool
) -> None:
    slack.fail("chat.postMessage", error)
    went = tell(slack, notification())
    assert (went.delivered, went.permanent, went.error) == (False, permanent, error)


def test_a_wrong_token_is_final_and_too_many_requests_are_not(slack: Workspace) -> None:
    assert tell(slack, notification(), token="xoxb-wrong").permanent
    slack.fails["chat.postMessage"] = (429, {"Retry-After": "30"}, b"")
    went = tell(slack, notification())
    assert (went.permanent, went.retry_after) == (False, 30.0)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=hostile)
def test_no_name_is_refused(slack: Workspace, said: Notification) -> None:
    opened = tell(slack, said)
    assert (opened.delivered, opened.error) == (True, "")
    again = tell(slack, said, opened.thread)
    assert (again.delivered, again.error) == (True, "")
