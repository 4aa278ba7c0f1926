"""Silences and mute times over REST and GraphQL: what they mean, and that alerts are looked at again."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

from modelwatch.server.services import Services
from modelwatch.server.times import iso
from modelwatch.store.engine import writing
from modelwatch.store.tables import alerts
from tests.server.running import NOW_US

HOUR_US = 3_600_000_000
NIGHTS = {
    "zone": "Europe/Berlin",
    "spans": [{"weekdays": ["fri", "mon"], "start": "18:00", "end": "8:00"}],
    "matcher": {"at_most": "warning"},
}


def planned_again(services: Services) -> bool:
    """Whether the open alerts are to be looked at, which is then forgotten."""
    with writing(services.engine) as connection:
        marks = connection.execute(select(alerts.c.changed_us).where(alerts.c.status != "resolved")).scalars().all()
        connection.execute(update(alerts).values(changed_us=None))
    assert marks
    return set(marks) == {NOW_US}


async def test_a_silence_is_made_extended_and_ended(watched: httpx.AsyncClient, watched_services: Services) -> None:
    planned_again(watched_services)
    body = {"matcher": {"model": "fraud*", "feature": "amount"}, "hours": 2, "by": "on-call", "comment": "sale"}
    made = (await watched.post("/api/v1/silences", json=body)).json()
    assert (made["state"], made["alerts"], made["by"]) == ("active", 1, "on-call")
    assert made["ends_at"] == iso(NOW_US + 2 * HOUR_US)
    assert planned_again(watched_services)
    path = f"/api/v1/silences/{made['id']}"
    longer = (await watched.post(f"{path}/extend", json={"hours": 1})).json()
    assert longer["ends_at"] == iso(NOW_US + 3 * HOUR_US)
    assert planned_again(watched_services)
    ended = (await watched.post(f"{path}/expire")).json()
    assert (ended["state"], ended["ends_at"]) == ("ended", iso(NOW_US))
    assert planned_again(watched_services)
    assert (await watched.post(f"{path}/extend", json={"hours": 1})).status_code == 409
    assert (await watched.get("/api/v1/silences")).json() == {"silences": []}
    assert (await watched.get("/api/v1/silences?ended=true")).json()["silences"] == [ended]
    assert (await watched.get(path)).json() == ended


async def test_a_preview_names_what_would_be_quiet(watched: httpx.AsyncClient) -> None:
    async def count(**matcher: str) -> int:
        answer = await watched.post("/api/v1/silences/preview", json={"matcher": matcher})
        return int(answer.json()["count"])

    assert await count(model="fraud/*") == await count(at_least="critical") == 1
    assert await count(model="fraud") == await count(at_most="warning") == await count(feature="age") == 0
    assert (await watched.get("/api/v1/silences")).json() == {"silences": []}


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ({"hours": 1}, "matcher"),
        ({"matcher": {}, "hours": 1}, "says nothing"),
        ({"matcher": {"modell": "x"}, "hours": 1}, "modell"),
        ({"matcher": {"at_most": "loud"}, "hours": 1}, "at_most"),
        ({"matcher": {"model": "*"}}, "hours"),
        ({"matcher": {"model": "*"}, "hours": 10_000}, "hours"),
        ({"matcher": {"model": "*"}, "ends_at": "2001-01-01"}, "ends_at"),
        ({"matcher": {"model": "*"}, "hours": 1, "comment": "x" * 3_000}, "comment"),
    ],
)
async def test_a_silence_that_makes_no_sense_is_refused(client: httpx.AsyncClient, body: Any, word: str) -> None:
    answer = await client.post("/api/v1/silences", json=body)
    assert answer.status_code in (400, 422)
    assert word in answer.json()["detail"]


async def test_mute_times_are_set_listed_and_removed(watched: httpx.AsyncClient, watched_services: Services) -> None:
    planned_again(watched_services)
    made = (await watched.put("/api/v1/mute-times/off%20hours", json=NIGHTS)).json()
    assert made["name"] == "off hours"
    assert made["spans"] == [{"weekdays": ["mon", "fri"], "start": "18:00", "end": "08:00"}]
    assert planned_again(watched_services)
    assert (await watched.get("/api/v1/mute-times")).json()["mute_times"] == [made]
    assert (await watched.delete("/api/v1/mute-times/off%20hours")).status_code == 204
    assert planned_again(watched_services)
    assert (await watched.delete("/api/v1/mute-times/off%20hours")).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"zone": "Mars/Olympus"},
        {"zone": "../etc/passwd"},
        {"spans": []},
        {"spans": [{"weekdays": ["someday"], "start": "1:00", "end": "2:00"}]},
        {"spans": [{"weekdays": ["mon"], "start": "25:00", "end": "2:00"}]},
        {"spans": [{"weekdays": ["mon"], "start": "2:00", "end": "2:00"}]},
    ],
)
async def test_a_mute_time_that_makes_no_sense_is_refused(client: httpx.AsyncClient, wrong: Any) -> None:
    assert (await client.put("/api/v1/mute-times/n", json={**NIGHTS, **wrong})).status_code == 422


async def test_graphql_does_the_same(watched: httpx.AsyncClient) -> None:
    async def ask(query: str) -> Any:
        answer = (await watched.post("/graphql", json={"query": query})).json()
        assert "errors" not in answer, answer
        return answer["data"]

    made = await ask(
        'mutation{createSilence(silence:{matcher:{model:"fraud*",atMost:CRITICAL},hours:1}){id state alerts}}'
    )
    number = made["createSilence"]["id"]
    assert (made["createSilence"]["state"], made["createSilence"]["alerts"]) == ("active", 1)
    await ask(f'mutation{{extendSilence(id:"{number}",hours:1){{endsAt}} expireSilence(id:"{number}"){{state}}}}')
    assert [each["id"] for each in (await ask("{silences(ended:true){id}}"))["silences"]] == [number]
    span = '{weekdays:["mon"],start:"18:00",end:"8:00"}'
    await ask(f'mutation{{setMuteTime(name:"n",muteTime:{{zone:"UTC",spans:[{span}],matcher:{{kind:"*"}}}}){{name}}}}')
    assert await ask("{muteTimes{name spans{start}}}") == {"muteTimes": [{"name": "n", "spans": [{"start": "18:00"}]}]}
    assert await ask('mutation{removeMuteTime(name:"n")}') == {"removeMuteTime": True}
