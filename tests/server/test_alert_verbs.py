"""What people decide about alerts, over both faces: verbs, bulk, names, filters and counts."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

ALERTS = "/api/v1/alerts"


async def only_alert(client: httpx.AsyncClient) -> dict[str, Any]:
    """The one alert of the watched model."""
    [alert] = (await client.get(ALERTS)).json()["alerts"]
    return dict(alert)


async def say(client: httpx.AsyncClient, verb: str, **body: Any) -> httpx.Response:
    """A verb about the one alert."""
    alert = await only_alert(client)
    return await client.post(f"{ALERTS}/{alert['id']}/{verb}", json=body)


async def test_the_whole_life_by_hand(watched: httpx.AsyncClient) -> None:
    assert (await only_alert(watched))["verbs"] == ["acknowledge", "silence", "resolve", "assign", "comment"]
    assert (await say(watched, "acknowledge")).json()["status"] == "acknowledged"
    quiet = (await say(watched, "silence", hours=8, by="ana")).json()
    assert (quiet["status"], quiet["events"][0]["text"]) == ("silenced", "Silenced for 8 h")
    loud = (await say(watched, "unsilence")).json()
    assert (loud["status"], loud["silenced_until"], loud["acknowledged_by"]) == ("acknowledged", None, "API key")
    fires = (await say(watched, "unacknowledge")).json()
    assert (fires["status"], fires["acknowledged_by"]) == ("firing", "")
    assert (await say(watched, "assign", to="ben", by="ana")).json()["assigned_to"] == "ben"
    assert (await say(watched, "resolve", by="ben")).json()["verbs"] == ["reopen", "comment"]
    assert (await say(watched, "assign", to="ana")).status_code == 409
    assert (await say(watched, "comment", comment="a deploy", by="ben")).json()["status"] == "resolved"
    reopened = (await say(watched, "reopen", by="ana")).json()
    assert (reopened["status"], reopened["resolved_at"], reopened["assigned_to"]) == ("firing", None, "ben")
    said = [(event["kind"], event["by"]) for event in reversed(reopened["events"]) if event["by"]]
    assert said == [
        ("acknowledged", "API key"),
        ("silenced", "ana"),
        ("unsilenced", "API key"),
        ("unacknowledged", "API key"),
        ("assigned", "ana"),
        ("resolved", "ben"),
        ("comment", "ben"),
        ("reopened", "ana"),
    ]


async def test_a_silenced_alert_that_is_acknowledged_stays_silenced(watched: httpx.AsyncClient) -> None:
    await say(watched, "silence", hours=1)
    assert (await say(watched, "acknowledge")).json()["status"] == "silenced"
    assert (await say(watched, "unsilence")).json()["status"] == "acknowledged"


@pytest.mark.parametrize(
    ("headers", "by"),
    [
        ({"X-Modelwatch-User": "J%C3%BCrgen"}, "Jürgen"),
        ({"Sec-Fetch-Site": "same-origin"}, "dashboard"),
        ({}, "API key"),
    ],
)
async def test_who_it_was_comes_from_the_request(headers: dict[str, str], by: str, watched: httpx.AsyncClient) -> None:
    alert = await only_alert(watched)
    said = await watched.post(f"{ALERTS}/{alert['id']}/acknowledge", headers=headers)
    assert said.json()["events"][0]["by"] == by
    mutation = 'mutation M($id: ID!) { commentOnAlert(id: $id, comment: "seen") { events { by } } }'
    asked = {"query": mutation, "variables": {"id": str(alert["id"])}}
    answer = (await watched.post("/graphql", json=asked, headers=headers)).json()
    assert answer["data"]["commentOnAlert"]["events"][0]["by"] == by


async def test_many_at_once_and_those_that_it_does_not_fit(watched: httpx.AsyncClient) -> None:
    alert = await only_alert(watched)
    said = (await watched.post(f"{ALERTS}/resolve", json={"ids": [alert["id"], 999], "by": "ana"})).json()
    assert [(each["id"], each["status"]) for each in said["alerts"]] == [(alert["id"], "resolved")]
    assert said["refused"] == [{"id": 999, "reason": "there is no alert 999"}]
    again = (await watched.post(f"{ALERTS}/silence", json={"ids": [alert["id"]], "hours": 1})).json()
    assert (again["alerts"], len(again["refused"])) == ([], 1)


@pytest.mark.parametrize(
    ("verb", "body", "status"),
    [
        ("acknowledge", {}, 422),
        ("acknowledge", {"ids": []}, 400),
        ("acknowledge", {"ids": [True]}, 422),
        ("acknowledge", {"ids": ["1"]}, 422),
        ("acknowledge", {"ids": [2**70]}, 422),
        ("acknowledge", {"ids": list(range(501))}, 400),
        ("silence", {"ids": [1]}, 422),
        ("assign", {"ids": [1]}, 422),
        ("comment", {"ids": [1], "comment": " "}, 400),
        ("assign", {"ids": [1], "to": "x\n"}, 400),
    ],
)
async def test_bodies_are_checked(verb: str, body: dict[str, Any], status: int, client: httpx.AsyncClient) -> None:
    assert (await client.post(f"{ALERTS}/{verb}", json=body)).status_code == status


async def test_the_inbox_is_narrowed_and_counted(watched: httpx.AsyncClient) -> None:
    await say(watched, "assign", to="ben")

    async def found(query: str) -> int:
        return len((await watched.get(f"{ALERTS}?{query}")).json()["alerts"])

    for query, expected in {
        "model_id=fraud/eu&kind=data_drift&level=critical&assigned_to=ben&text=AMOUNT": 1,
        "assigned_to=": 0,
        "text=100%25": 0,
        "text=fraud": 1,
        "kind=segment_drift": 0,
        "group=1": 0,
        "status=pending": 0,
        "status=pending&status=firing": 1,
    }.items():
        assert await found(query) == expected, query
    page = (await watched.get(f"{ALERTS}?status=resolved&text=amount")).json()
    assert page["alerts"] == []
    assert page["counts"] == {"pending": 0, "firing": 1, "acknowledged": 0, "silenced": 0, "resolved": 0}


async def test_graphql_takes_the_same_filters_and_verbs(watched: httpx.AsyncClient) -> None:
    query = """query Q($w: AlertsWanted) { alerts(where: $w) { id system evaluation { state } verbs }
        alertCounts(where: $w) { status count } }"""
    wanted = {"status": ["FIRING"], "level": ["CRITICAL"], "assignedTo": "", "text": "amount"}
    answer = (await watched.post("/graphql", json={"query": query, "variables": {"w": wanted}})).json()["data"]
    [alert] = answer["alerts"]
    assert (alert["system"], alert["evaluation"]["state"], alert["verbs"][0]) == (False, "EVALUATED", "ACKNOWLEDGE")
    assert {"status": "FIRING", "count": 1} in answer["alertCounts"]
    mutation = """mutation M($ids: [ID!]!) { decideAlerts(ids: $ids, verb: ASSIGN, to: "ben", by: "ana") {
        alerts { assignedTo } refused { id reason } } }"""
    asked = {"query": mutation, "variables": {"ids": [alert["id"], "999"]}}
    decided = (await watched.post("/graphql", json=asked)).json()["data"]["decideAlerts"]
    assert (decided["alerts"], decided["refused"][0]["id"]) == ([{"assignedTo": "ben"}], "999")
    over = {"query": query, "variables": {"w": {"assignedTo": "ben", "status": ["SILENCED"]}}}
    assert (await watched.post("/graphql", json=over)).json()["data"]["alerts"] == []
