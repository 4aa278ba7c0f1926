"""Actions over REST and GraphQL: set, tried, decided; their secrets go in and never come out."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

from modelwatch.core.window import HOUR_US
from modelwatch.server.services import Services
from modelwatch.store.engine import reading, writing
from modelwatch.store.notify_tables import actions
from modelwatch.store.tables import alerts
from tests.jobs.acting import Place
from tests.server.running import NOW_US, asking

URL = "/api/v1/actions"
RETRAIN: dict[str, Any] = {
    "name": "retrain/“eu”",
    "on": ["data_drift"],
    "webhook": {
        "url": "https://hooks.example.com/retrain",
        "secret": "sign-me",
        "secret_headers": {"Authorization": "Bearer t0ken"},
        "fields": {"reason": "drift"},
    },
}
PATH = f"{URL}/retrain%2F%E2%80%9Ceu%E2%80%9D"


async def ask(client: httpx.AsyncClient, query: str, **variables: Any) -> dict[str, Any]:
    answer = await client.post("/graphql", json={"query": query, "variables": variables})
    said: dict[str, Any] = answer.json()
    return said


async def test_an_action_is_made_shown_changed_and_deleted(client: httpx.AsyncClient, services: Services) -> None:
    made = await client.post(URL, json=RETRAIN)
    assert made.status_code == 201, made.text
    shown = made.json()
    assert shown["webhook"]["secret_headers"] == ["Authorization"]
    assert shown["webhook"]["signed"] is True
    assert (shown["dry_run"], shown["approval"], shown["enabled"]) == (True, True, True)
    changed = await client.patch(PATH, json={"dry_run": False, "webhook": {"fields": {"priority": "high"}}})
    assert changed.json() == {
        **shown,
        "dry_run": False,
        "webhook": {**shown["webhook"], "fields": {"priority": "high"}},
    }
    assert (await client.get(PATH)).json() == changed.json()
    assert [each["name"] for each in (await client.get(URL)).json()["actions"]] == [RETRAIN["name"]]
    everything = made.text + changed.text + (await client.get(URL)).text
    assert "sign-me" not in everything
    assert "t0ken" not in everything
    with reading(services.engine) as connection:
        [row] = connection.execute(select(actions)).all()
    assert b"t0ken" not in row.secrets
    assert "t0ken" not in row.body
    held = services.vault.unseal(row.secrets)
    assert held == {"signing": "sign-me", "header Authorization": "Bearer t0ken"}
    assert (await client.delete(PATH)).status_code == 204
    assert (await client.get(PATH)).status_code == 404
    assert (await client.delete(PATH)).status_code == 404


async def test_what_get_shows_can_be_sent_back_and_changes_nothing(client: httpx.AsyncClient) -> None:
    shown = (await client.post(URL, json=RETRAIN)).json()
    same = {k: v for k, v in shown.items() if k not in ("created_at", "updated_at", "reasons")}
    again = await client.patch(PATH, json=same)
    assert again.json() == shown, again.text


async def test_secrets_are_kept_changed_and_forgotten_by_name(client: httpx.AsyncClient, services: Services) -> None:
    def held() -> dict[str, str]:
        with reading(services.engine) as connection:
            return services.vault.unseal(connection.execute(select(actions.c.secrets)).scalar_one())

    await client.post(URL, json=RETRAIN)
    await client.patch(PATH, json={"webhook": {"secret_headers": {"X-Key": "k"}}})
    assert held() == {"signing": "sign-me", "header Authorization": "Bearer t0ken", "header X-Key": "k"}
    shown = (
        await client.patch(PATH, json={"webhook": {"secret_headers": {"Authorization": None}, "secret": None}})
    ).json()
    assert held() == {"header X-Key": "k"}
    assert (shown["webhook"]["signed"], shown["webhook"]["secret_headers"]) == (False, ["X-Key"])
    await client.patch(PATH, json={"python": {"entry": "retrain"}})
    assert held() == {}


async def test_secrets_do_not_follow_to_another_host(client: httpx.AsyncClient) -> None:
    """Who may change an address, and was never told the secrets, learns them by it no more."""
    await client.post(URL, json=RETRAIN)
    evil = {"webhook": {"url": "https://evil.example.net/retrain"}}
    refused = await client.patch(PATH, json=evil)
    assert refused.status_code == 422
    assert "another host" in refused.json()["detail"]
    half = {"webhook": {**evil["webhook"], "secret": "new"}}
    assert (await client.patch(PATH, json=half)).status_code == 422
    whole = {"webhook": {**half["webhook"], "secret_headers": {"Authorization": "Bearer other"}}}
    assert (await client.patch(PATH, json=whole)).status_code == 200
    elsewhere = {"webhook": {"url": "https://evil.example.net/another/path"}}
    assert (await client.patch(PATH, json=elsewhere)).status_code == 200


@pytest.mark.parametrize(
    ("said", "status", "detail"),
    [
        ({**RETRAIN, "dryrun": False}, 422, "dryrun is not known here"),
        ({**RETRAIN, "on": ["data-drift"]}, 400, "on names 'data-drift'"),
        ({**RETRAIN, "webhook": {"url": "ftp://x"}}, 400, "url is 'ftp://x'"),
        ({**RETRAIN, "webhook": {**RETRAIN["webhook"], "secret": 7}}, 422, "secret must be a text"),
        ({**RETRAIN, "webhook": {**RETRAIN["webhook"], "secret_headers": {"a b": "x"}}}, 400, "no name of a header"),
        ({**RETRAIN, "webhook": {**RETRAIN["webhook"], "secret_headers": ["Authorization"]}}, 422, "is not held"),
        ({**RETRAIN, "webhook": []}, 400, "webhook must be an object"),
        ({"name": 7}, 400, "name must be a text"),
        ({**RETRAIN, "enabled": 1}, 400, "enabled must be true or false"),
    ],
)
async def test_what_is_wrong_is_said(client: httpx.AsyncClient, said: dict[str, Any], status: int, detail: str) -> None:
    answer = await client.post(URL, json=said)
    assert (answer.status_code, detail in answer.json()["detail"]) == (status, True), answer.text
    assert (await client.get(URL)).json()["actions"] == []


async def test_a_name_is_taken_once_and_never_changed(client: httpx.AsyncClient) -> None:
    await client.post(URL, json=RETRAIN)
    assert (await client.post(URL, json=RETRAIN)).status_code == 409
    assert (await client.patch(PATH, json={"name": "other"})).status_code == 422
    assert (await client.patch(f"{URL}/nothing", json={})).status_code == 404


async def test_trying_shows_exactly_what_would_be_sent_and_leaves_nothing(watched: httpx.AsyncClient) -> None:
    [alert, *_] = (await watched.get("/api/v1/alerts")).json()["alerts"]
    await watched.post(URL, json={**RETRAIN, "on": [alert["kind"]]})
    tried = (await watched.post(f"{PATH}/try", json={"alert_id": alert["id"]})).json()
    assert (tried["due"], tried["reason"]) == (False, "historic: its newest window is in the past")
    request = tried["request"]
    assert request["url"] == RETRAIN["webhook"]["url"]
    assert request["headers"]["Authorization"] == "•••"
    assert '"model_id": "fraud/eu"' in request["body"]
    assert '"reason": "drift"' in request["body"]
    assert (await watched.get("/api/v1/action-runs")).json() == {"runs": [], "next": None}
    assert (await watched.post(f"{PATH}/try", json={"alert_id": 10**9})).status_code == 404
    query = "query T($n: String!, $a: ID!) { tryAction(name: $n, id: $a) { due reason request } }"
    assert (await ask(watched, query, n=RETRAIN["name"], a=str(alert["id"])))["data"]["tryAction"] == tried


async def test_an_action_that_is_due_says_why(watched: httpx.AsyncClient, watched_services: Services) -> None:
    [alert, *_] = (await watched.get("/api/v1/alerts")).json()["alerts"]
    with writing(watched_services.engine) as connection:
        fresh = {"historic": False, "checked_us": NOW_US, "status": "firing", "resolved_us": None}
        connection.execute(update(alerts).where(alerts.c.id == alert["id"]).values(**fresh))
    await watched.post(URL, json={**RETRAIN, "on": ["*"], "lasting_hours": 6})
    tried = (await watched.post(f"{PATH}/try", json={"alert_id": alert["id"]})).json()
    assert (tried["due"], tried["reason"]) == (True, "it has gone on for 6 h or longer")
    assert tried["reason"] in tried["request"]["body"]
    await watched.patch(PATH, json={"on": ["fairness"]})
    tried = (await watched.post(f"{PATH}/try", json={"alert_id": alert["id"]})).json()
    assert (tried["due"], tried["reason"]) == (False, "the action is not for alerts of this kind, model or level")


async def test_graphql_does_the_same(client: httpx.AsyncClient) -> None:
    saved = await ask(
        client,
        "mutation S($a: JSON!) { saveAction(action: $a) { name webhook { url signed secretHeaders } dryRun } }",
        a=RETRAIN,
    )
    assert saved["data"]["saveAction"] == {
        "name": RETRAIN["name"],
        "webhook": {"url": RETRAIN["webhook"]["url"], "signed": True, "secretHeaders": ["Authorization"]},
        "dryRun": True,
    }
    changed = {"name": RETRAIN["name"], "dry_run": False}
    await ask(client, "mutation S($a: JSON!) { saveAction(action: $a) { name } }", a=changed)
    assert (await ask(client, "{ actions { dryRun } }"))["data"] == {"actions": [{"dryRun": False}]}
    gone = await ask(client, "mutation D($n: String!) { deleteAction(name: $n) }", n=RETRAIN["name"])
    assert gone["data"] == {"deleteAction": True}
    assert (await ask(client, "{ actions { name } actionRuns { id } }"))["data"] == {"actions": [], "actionRuns": []}
    refused = await ask(client, 'mutation { approveRun(id: "x", by: "ana") { id } }')
    assert "there is no run 'x'" in refused["errors"][0]["message"]


async def test_who_may_only_read_changes_nothing(services: Services) -> None:
    closed = replace(services, settings=replace(services.settings, host="0.0.0.0", api_key="k" * 32))
    async with asking(closed) as client:
        assert (await client.post(URL, json=RETRAIN)).status_code == 401
        assert (await client.post("/api/v1/action-runs/1/approve", json={"by": "ana"})).status_code == 401


async def test_a_run_is_approved_or_rejected_over_rest(client: httpx.AsyncClient, services: Services) -> None:
    place = Place(services.engine, services.settings.folder)
    await client.post(URL, json={**RETRAIN, "on": ["concept_drift"], "dry_run": False, "tell": ["team"]})
    alert, other = place.alert(model="fraud"), place.alert(model="loans")
    place.step()
    listed = (await client.get("/api/v1/action-runs", params={"state": "proposed"})).json()["runs"]
    assert [(run["alert_id"], run["model_id"], run["state"]) for run in listed] == [
        (other, "loans", "proposed"),
        (alert, "fraud", "proposed"),
    ]
    [no, yes] = [f"/api/v1/action-runs/{run['id']}" for run in listed]
    assert (await client.post(f"{yes}/approve", json={})).status_code == 400
    assert (await client.post(f"{yes}/approve", json={"by": "ana", "go": 1})).status_code == 422
    approved = (await client.post(f"{yes}/approve", json={"by": "ana", "comment": "go"})).json()
    assert (approved["state"], approved["history"][-1]["by"]) == ("approved", "ana")
    assert (await client.post(f"{yes}/approve", json={"by": "ben"})).status_code == 409
    assert (await client.post(f"{no}/reject", json={"by": "ben"})).json()["state"] == "rejected"
    assert (await client.post("/api/v1/action-runs/999/reject", json={"by": "ben"})).status_code == 404
    place.step()
    assert [call.headers["Idempotency-Key"] for call in place.way.calls] == [approved["key"]]
    [done] = (await client.get("/api/v1/action-runs", params={"state": "done"})).json()["runs"]
    assert done["request"]["body"].encode() == place.way.calls[0].body
    assert done["request"]["headers"]["Authorization"] == "•••"
    first = (await client.get("/api/v1/action-runs", params={"limit": 1})).json()
    second = (await client.get("/api/v1/action-runs", params={"limit": 1, "cursor": first["next"]})).json()
    assert ([run["alert_id"] for run in first["runs"] + second["runs"]], second["next"]) == ([other, alert], None)
    shown = await ask(client, "query R($a: ID!) { actionRuns(alertId: $a) { state why history { by } } }", a=str(alert))
    assert shown["data"]["actionRuns"] == [
        {"state": "DONE", "why": "the alert fires", "history": [{"by": ""}, {"by": "ana"}, {"by": ""}, {"by": ""}]}
    ]
    place.job.close()


async def test_what_waited_for_too_long_cannot_be_approved(client: httpx.AsyncClient, services: Services) -> None:
    place = Place(services.engine, services.settings.folder)
    place.clock.now_us = NOW_US - 3 * HOUR_US
    await client.post(URL, json={**RETRAIN, "on": ["concept_drift"], "dry_run": False, "expires_hours": 2})
    place.alert()
    place.step()
    [run] = (await client.get("/api/v1/action-runs")).json()["runs"]
    refused = await client.post(f"/api/v1/action-runs/{run['id']}/approve", json={"by": "ana"})
    assert (refused.status_code, place.way.calls) == (409, [])
    place.job.close()


RECIPES = (Path(__file__).parents[2] / "docs/how-to/remediate.md").read_text("utf-8")


async def test_the_recipes_of_the_how_to_are_taken_as_they_stand(client: httpx.AsyncClient) -> None:
    blocks = re.findall(r"```json\n(.*?)```", RECIPES, re.DOTALL) + re.findall(r"-d '(\{.*?\})'", RECIPES, re.DOTALL)
    recipes = [said for said in map(json.loads, blocks) if "on" in said]
    assert [said["name"] for said in recipes] == [
        "retrain by Airflow",
        "retrain by GitHub",
        "retrain here",
        "retrain on sustained concept drift",
    ]
    for said in recipes:
        assert (await client.post(URL, json=said)).status_code == 201, said["name"]


async def test_the_how_to_shows_the_body_that_is_sent(client: httpx.AsyncClient, services: Services) -> None:
    [shown] = [json.loads(text) for text in re.findall(r"```json\n(.*?)```", RECIPES, re.DOTALL) if '"schema"' in text]
    place = Place(services.engine, services.settings.folder)
    fields = {"reason": "x", "priority": "high"}
    await client.post(URL, json={**RETRAIN, "on": ["*"], "webhook": {**RETRAIN["webhook"], "fields": fields}})
    tried = (await client.post(f"{PATH}/try", json={"alert_id": place.alert()})).json()
    sent = json.loads(tried["request"]["body"])
    assert list(sent) == list(shown)
    assert [type(value) for value in sent.values()] == [type(value) for value in shown.values()]
    place.job.close()
