"""Channels over REST and GraphQL: what may be entered, that secrets never come back, and how a test message goes."""

from __future__ import annotations

import dataclasses
import json
import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from modelwatch.alerts.notification import Notification, Told
from modelwatch.assembly import build_send
from modelwatch.core.level import Level
from modelwatch.jobs.deliver import Deliver
from modelwatch.server.services import Services
from modelwatch.settings import Settings
from modelwatch.store import messages
from modelwatch.store.engine import writing
from tests.jobs.http_receiver import Receiver, answer, receiving
from tests.server.running import NOW_US, asking

CHANNELS = "/api/v1/channels"
SECRET = "s3cr3t-of-the-webhook"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture
def sending(services: Services) -> Services:
    settings = dataclasses.replace(services.settings, outgoing_allow="127.0.0.1")
    return dataclasses.replace(services, settings=settings, send=build_send(settings))


@pytest.fixture
async def client(sending: Services) -> AsyncIterator[httpx.AsyncClient]:
    async with asking(sending) as opened:
        yield opened


def webhook(receiver: Receiver, **more: object) -> dict[str, object]:
    return {
        "name": "#ml-oncall",
        "kind": "webhook",
        "fields": {"url": receiver.url, "secret": SECRET},
        **more,
    }


async def ask(client: httpx.AsyncClient, query: str, **variables: object) -> Any:
    found = await client.post("/graphql", json={"query": query, "variables": variables})
    return found.json()


async def test_a_channel_is_made_read_changed_and_deleted(client: httpx.AsyncClient, receiver: Receiver) -> None:
    made = await client.post(CHANNELS, json=webhook(receiver, min_level="critical", models=["fraud*"]))
    assert made.status_code == 201, made.text
    channel = made.json()
    assert channel["fields"] == {"url": receiver.url}
    assert channel["secrets"] == {"secret": True, "authorization": False}
    assert (channel["min_level"], channel["models"], channel["enabled"]) == ("critical", ["fraud*"], True)
    assert (channel["built_in"], channel["fault"], channel["waiting"], channel["dead"]) == (False, "", 0, 0)
    path = f"{CHANNELS}/%23ml-oncall"
    assert (await client.get(path)).json() == channel
    changed = await client.patch(path, json={"min_level": "info", "enabled": False})
    assert changed.json() == channel | {"min_level": "info", "enabled": False}
    assert (await client.get(CHANNELS)).json()["channels"] == [changed.json()]
    assert (await client.delete(path)).status_code == 204
    assert (await client.get(path)).status_code == 404
    assert (await client.get(CHANNELS)).json() == {"channels": []}


async def test_a_secret_stays_when_left_out_and_goes_with_null(
    client: httpx.AsyncClient, sending: Services, receiver: Receiver
) -> None:
    await client.post(CHANNELS, json=webhook(receiver))
    path = f"{CHANNELS}/%23ml-oncall"
    await client.patch(path, json={"fields": {"url": receiver.url}, "min_level": "critical"})
    assert (await client.post(f"{path}/test")).json()["delivered"]
    signed = receiver.seen[-1]
    assert signed.headers["modelwatch-signature"].startswith("v1=")
    changed = await client.patch(path, json={"fields": {"secret": None}})
    assert changed.json()["secrets"] == {"secret": False, "authorization": False}
    await client.post(f"{path}/test")
    assert "modelwatch-signature" not in receiver.seen[-1].headers


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "a", "kind": "webhok"}, "kind"),
        ({"name": " a", "kind": "webhook"}, "name"),
        ({"name": "", "kind": "webhook"}, "name"),
        ({"name": "a\n", "kind": "webhook"}, "name"),
        ({"name": "a" * 101, "kind": "webhook"}, "name"),
        ({"name": "a", "kind": "webhook"}, "url"),
        ({"name": "a", "kind": "webhook", "fields": {"url": ""}}, "url"),
        ({"name": "a", "kind": "webhook", "fields": {"url": "http://a", "sceret": "x"}}, "sceret"),
        ({"name": "a", "kind": "webhook", "fields": {"url": ["http://a"]}}, "url"),
        ({"name": "a", "kind": "webhook", "fields": {"url": "http://a\r\nb"}}, "url"),
        ({"name": "a", "kind": "webhook", "fields": []}, "fields"),
        ({"name": "a", "kind": "webhook", "fields": {"url": "ftp://a/x"}}, "fields"),
        ({"name": "a", "kind": "webhook", "fields": {"url": "https://me:password@a/x"}}, "fields"),
        ({"name": "a", "kind": "teams", "fields": {"url": "a.example.org"}}, "fields"),
        ({"name": "a", "kind": "email", "fields": {"host": "h", "sender": "a@b.org", "to": "nobody"}}, "fields"),
        (
            {"name": "a", "kind": "email", "fields": {"host": "h", "port": "0", "sender": "a@b.org", "to": "c@d.org"}},
            "fields",
        ),
        ({"name": "a", "kind": "webhook", "fields": {"url": "http://a"}, "min_level": "urgent"}, "min_level"),
        ({"name": "a", "kind": "webhook", "fields": {"url": "http://a"}, "models": []}, "models"),
        ({"name": "a", "kind": "webhook", "fields": {"url": "http://a"}, "models": [1]}, "models"),
        ({"name": "a", "kind": "webhook", "fields": {"url": "http://a"}, "enabled": "yes"}, "enabled"),
        ({"name": "a", "kind": "webhook", "fields": {"url": "http://a"}, "levels": 1}, "levels"),
    ],
)
async def test_what_makes_no_sense_is_refused_by_field(
    body: dict[str, object], field: str, client: httpx.AsyncClient
) -> None:
    refused = await client.post(CHANNELS, json=body)
    assert (refused.status_code, refused.json()["field"]) == (422, field), refused.text
    assert (await client.get(CHANNELS)).json() == {"channels": []}


async def test_a_name_is_taken_once(client: httpx.AsyncClient, receiver: Receiver) -> None:
    assert (await client.post(CHANNELS, json=webhook(receiver))).status_code == 201
    assert (await client.post(CHANNELS, json=webhook(receiver))).status_code == 409


async def test_a_test_message_tells_how_it_went_in_the_receivers_words(
    client: httpx.AsyncClient, receiver: Receiver
) -> None:
    receiver.answers = [answer(200), answer(403, b"no such hook for " + SECRET.encode())]
    await client.post(CHANNELS, json=webhook(receiver))
    path = f"{CHANNELS}/%23ml-oncall"
    went = (await client.post(f"{path}/test")).json()
    assert (went["delivered"], went["error"]) == (True, "")
    assert json.loads(receiver.seen[0].body)["told"] == "test"
    assert (await client.get(path)).json()["delivered_at"] is not None
    went = (await client.post(f"{path}/test")).json()
    assert (went["delivered"], went["permanent"]) == (False, True)
    assert went["error"].startswith("HTTP 403")
    assert SECRET not in went["error"]
    shown = (await client.get(path)).json()
    assert shown["error"] == went["error"]
    assert shown["fault"] == f"the last try failed: {went['error']}"
    assert (shown["waiting"], shown["dead"], shown["sent"]) == (0, 0, 0)


async def test_a_private_address_is_refused(services: Services, receiver: Receiver) -> None:
    guarded = dataclasses.replace(services, send=build_send(services.settings))
    async with asking(guarded) as client:
        await client.post(CHANNELS, json=webhook(receiver))
        went = (await client.post(f"{CHANNELS}/%23ml-oncall/test")).json()
    assert (went["delivered"], went["permanent"]) == (False, True)
    assert "not at a public address" in went["error"]
    assert receiver.seen == []


async def test_no_answer_no_log_line_and_no_file_holds_a_secret(
    client: httpx.AsyncClient, sending: Services, receiver: Receiver, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    receiver.always = answer(500, SECRET.encode())
    texts = []
    path = f"{CHANNELS}/%23ml-oncall"
    for method, url, body in (
        ("POST", CHANNELS, webhook(receiver)),
        ("POST", CHANNELS, webhook(receiver)),
        ("POST", f"{path}/test", {}),
        ("PATCH", path, {"fields": {"secret": SECRET + "2"}}),
        ("PATCH", path, {"fields": {"secret": SECRET, "other": SECRET}}),
        ("PATCH", path, {"fields": {"secret": SECRET + "\x00"}}),
        ("GET", path, None),
        ("GET", CHANNELS, None),
        ("GET", "/metrics", None),
        ("GET", "/api/v1/messages", None),
    ):
        texts.append((await client.request(method, url, json=body)).text)
    everything = "{ channels { name values { name secret set value } error fault } messages { error title } }"
    texts.append(json.dumps(await ask(client, everything)))
    deliver(sending)
    with sending.engine.connect() as connection:
        texts.append(repr(connection.exec_driver_sql("select * from channels").all()))
    assert len(receiver.seen) >= 1
    assert [text for text in texts if SECRET in text] == []
    assert SECRET not in caplog.text
    assert holding(tmp_path, SECRET) == []
    assert holding(tmp_path, receiver.url), "the search finds what is stored in the clear"
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600
    assert SECRET not in repr(sending.settings) + repr(sending.vault)


def holding(folder: Path, text: str) -> list[Path]:
    """The files of a folder that hold a text."""
    return [file for file in folder.rglob("*") if file.is_file() and text.encode() in file.read_bytes()]


def deliver(services: Services, key: str = "k1", channel: str = "#ml-oncall") -> None:
    told = Notification(
        key, "g", "default", channel, Told.OPENED, Level.CRITICAL, "amount drifted", NOW_US / 1e6, "http://127.0.0.1"
    )
    with writing(services.engine) as connection:
        messages.queue_message(connection, told, None, NOW_US)
    sending = Deliver(services.engine, services.send, services.clock, services.settings.webhook_url)
    sending.step()
    sending.settle()
    sending.close()


async def test_a_dead_letter_is_a_fault_of_its_channel_until_it_is_sent_again(
    client: httpx.AsyncClient, sending: Services, receiver: Receiver
) -> None:
    await client.post(CHANNELS, json=webhook(receiver))
    receiver.answers = [answer(410, b"gone")]
    deliver(sending)
    path = f"{CHANNELS}/%23ml-oncall"
    channel = (await client.get(path)).json()
    assert (channel["dead"], channel["fault"]) == (1, "1 message was not delivered")
    [dead] = (await client.get("/api/v1/messages?state=dead")).json()["messages"]
    assert (dead["channel"], dead["title"], dead["state"], dead["attempts"]) == (
        "#ml-oncall",
        "amount drifted",
        "dead",
        1,
    )
    assert dead["error"].startswith("HTTP 410")
    again = await client.post(f"/api/v1/messages/{dead['id']}/retry")
    assert (again.status_code, again.json()["state"]) == (200, "waiting")
    assert (await client.post(f"/api/v1/messages/{dead['id']}/retry")).status_code == 409
    deliver(sending, "k2")
    [first, second] = (await client.get("/api/v1/messages?state=sent")).json()["messages"]
    assert {first["key"], second["key"]} == {"k1", "k2"}
    assert [request.headers["idempotency-key"] for request in receiver.seen] == ["k1", "k1", "k2"]
    channel = (await client.get(path)).json()
    assert (channel["dead"], channel["sent"], channel["fault"], channel["error"]) == (0, 2, "", "")
    metrics = (await client.get("/metrics")).text
    assert 'modelwatch_messages_sent_total{kind="webhook"} 2.0' in metrics
    assert 'modelwatch_messages_dead_total{kind="webhook"} 1.0' in metrics
    assert 'modelwatch_messages_failed_total{kind="webhook"} 1.0' in metrics


async def test_a_dead_letter_can_be_let_be(client: httpx.AsyncClient, sending: Services, receiver: Receiver) -> None:
    await client.post(CHANNELS, json=webhook(receiver))
    receiver.answers = [answer(410)]
    deliver(sending)
    [dead] = (await client.get("/api/v1/messages")).json()["messages"]
    query = "mutation($id: ID!) { dropMessage(id: $id) { state } }"
    assert (await ask(client, query, id=str(dead["id"])))["data"]["dropMessage"]["state"] == "dropped"
    assert (await client.get(f"{CHANNELS}/%23ml-oncall")).json()["dead"] == 0


async def test_what_waits_is_dropped_with_its_channel(
    client: httpx.AsyncClient, sending: Services, receiver: Receiver
) -> None:
    await client.post(CHANNELS, json=webhook(receiver))
    receiver.always = answer(500)
    deliver(sending)
    await client.delete(f"{CHANNELS}/%23ml-oncall")
    [message] = (await client.get("/api/v1/messages")).json()["messages"]
    assert (message["state"], message["error"]) == ("dropped", "the channel was deleted")


async def test_the_operators_webhook_is_shown_and_not_changed(sending: Services, receiver: Receiver) -> None:
    settings = Settings(data=sending.settings.data, webhook_url=f"{receiver.url}/T0/B0abcdef")
    set_up = dataclasses.replace(sending, settings=settings, send=build_send(settings))
    async with asking(set_up) as client:
        [channel] = (await client.get(CHANNELS)).json()["channels"]
        assert (channel["name"], channel["built_in"], channel["fields"]) == ("webhook", True, {})
        assert channel["secrets"]["url"] is True
        assert (await client.post(f"{CHANNELS}/webhook/test")).json()["delivered"], "private, and set by the operator"
        assert (await client.patch(f"{CHANNELS}/webhook", json={"enabled": False})).status_code == 409
        assert (await client.delete(f"{CHANNELS}/webhook")).status_code == 409
        assert (await client.post(CHANNELS, json=webhook(receiver, name="webhook"))).status_code == 409


async def test_a_lost_key_is_told_and_mended_by_entering_secrets_anew(
    client: httpx.AsyncClient, sending: Services, receiver: Receiver, tmp_path: Path
) -> None:
    await client.post(CHANNELS, json=webhook(receiver))
    (tmp_path / "secret.key").unlink()
    path = f"{CHANNELS}/%23ml-oncall"
    channel = (await client.get(path)).json()
    assert channel["secrets"] == {"secret": False, "authorization": False}
    assert "cannot be decrypted" in channel["fault"]
    went = (await client.post(f"{path}/test")).json()
    assert (went["delivered"], went["permanent"]) == (False, False)
    assert "cannot be decrypted" in went["error"]
    assert receiver.seen == []
    mended = (await client.patch(path, json={"fields": {"secret": "anew"}})).json()
    assert (mended["secrets"]["secret"], mended["fault"].startswith("the last try failed")) == (True, True)
    assert (await client.post(f"{path}/test")).json()["delivered"]
    assert (await client.get(path)).json()["fault"] == ""


async def test_graphql_does_the_same(client: httpx.AsyncClient, receiver: Receiver) -> None:
    save = """mutation($name: String!, $kind: String, $changes: JSON!) {
        saveChannel(name: $name, kind: $kind, changes: $changes) { name minLevel values { name set value } } }"""
    said = {"fields": {"url": receiver.url, "secret": SECRET}, "min_level": "info"}
    made = await ask(client, save, name="ops", kind="webhook", changes=said)
    assert made["data"]["saveChannel"]["minLevel"] == "info"
    values = {each["name"]: each for each in made["data"]["saveChannel"]["values"]}
    assert values["url"]["value"] == receiver.url
    assert (values["secret"]["set"], values["secret"]["value"]) == (True, None)
    changed = await ask(client, save, name="ops", changes={"min_level": "critical"})
    assert changed["data"]["saveChannel"]["minLevel"] == "critical"
    tested = await ask(client, 'mutation { testChannel(name: "ops") { delivered permanent error seconds } }')
    assert tested["data"]["testChannel"]["delivered"] is True
    assert (await ask(client, 'mutation { deleteChannel(name: "ops") }'))["data"] == {"deleteChannel": True}
    gone = await ask(client, save, name="ops", changes={})
    assert gone["errors"][0]["extensions"]["code"] == "NotFound"


async def test_who_may_only_read_changes_nothing(sending: Services, receiver: Receiver) -> None:
    locked = dataclasses.replace(sending, settings=dataclasses.replace(sending.settings, api_key="key"))
    async with asking(locked) as client:
        assert (await client.post(CHANNELS, json=webhook(receiver))).status_code == 401
        assert (await client.post(f"{CHANNELS}/webhook/test")).status_code == 401
    assert receiver.seen == []


async def test_the_kinds_say_what_they_must_be_told(client: httpx.AsyncClient) -> None:
    kinds = {each["kind"]: each for each in (await client.get("/api/v1/channel-kinds")).json()["kinds"]}
    fields = {each["name"]: each for each in kinds["webhook"]["fields"]}
    assert (fields["url"]["secret"], fields["url"]["required"]) == (False, True)
    assert (fields["secret"]["secret"], fields["secret"]["required"]) == (True, False)


async def test_secrets_do_not_move_to_another_address(client: httpx.AsyncClient, receiver: Receiver) -> None:
    await client.post(CHANNELS, json=webhook(receiver))
    path, elsewhere = f"{CHANNELS}/%23ml-oncall", f"{receiver.url}/elsewhere"
    refused = await client.patch(path, json={"fields": {"url": elsewhere}})
    assert refused.status_code == 422
    assert "secret must be entered anew" in refused.text
    assert (await client.get(path)).json()["fields"] == {"url": receiver.url}
    assert (await client.patch(path, json={"fields": {"url": receiver.url}, "models": ["f*"]})).status_code == 200
    for secret in ("another", None):
        moved = await client.patch(path, json={"fields": {"url": elsewhere, "secret": secret}})
        assert moved.json()["fields"] == {"url": elsewhere}
        assert moved.json()["secrets"]["secret"] is (secret is not None)
