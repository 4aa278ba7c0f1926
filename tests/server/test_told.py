"""Groups that messages link to, and what the next digest would say."""

from __future__ import annotations

from dataclasses import replace

from modelwatch.alerts.notification import Line, Notification, Told
from modelwatch.core.level import Level
from modelwatch.jobs.dispatch import Telling, dispatch
from modelwatch.server.services import Services
from modelwatch.server.times import iso
from modelwatch.store.engine import writing
from modelwatch.store.tables import alerts
from tests.server.running import BASE, NOW_US, asking

LINE = Line(7, "m", "1", "production", "data_drift", Level.NOTICE, "firing", "t", 1.5, "", "", "", "", "opened", ("f",))
DIGEST = Notification("k", "g", "default", "mail", Told.DIGEST, Level.NOTICE, "1 new", 0.0, "", (LINE,), 2, 1, ("n",))


async def test_a_message_links_to_the_group_of_its_alerts(watched_services: Services) -> None:
    with writing(watched_services.engine) as connection:
        connection.execute(alerts.update().values(historic=False, changed_us=NOW_US))
    assert dispatch(watched_services.engine, Telling(BASE, "http://hook"), NOW_US) == 1
    async with asking(watched_services) as client:
        group = (await client.get("/api/v1/alert-groups/1")).json()
        assert (group["channel"], group["state"], group["scope"], group["messages"]) == ("webhook", "open", "fleet", 1)
        assert (group["told_at"], group["count"]) == (iso(NOW_US), 1)
        assert [alert["model_id"] for alert in group["alerts"]] == ["fraud/eu"]
        assert (await client.get("/api/v1/alert-groups/2")).status_code == 404
        query = '{alertGroup(id:"1"){id count alerts{modelId}} other:alertGroup(id:"2"){id}}'
        answer = (await client.post("/graphql", json={"query": query})).json()["data"]
    assert answer == {"alertGroup": {"id": "1", "count": 1, "alerts": [{"modelId": "fraud/eu"}]}, "other": None}


async def test_the_next_digest_can_be_read_before_it_is_sent(services: Services) -> None:
    services = replace(services, digest=lambda _c, name, _now: DIGEST if name == "mail" else None)
    async with asking(services) as client:
        said = (await client.get("/api/v1/channels/mail/digest")).json()
        nothing = (await client.get("/api/v1/channels/other/digest")).json()
    assert (said["empty"], said["title"], said["more"], said["notes"]) == (False, "1 new", 2, ["n"])
    assert [(line["model"], line["news"], line["since"]) for line in said["lines"]] == [
        ("m", "opened", "1970-01-01T00:00:01.500000Z")
    ]
    assert (nothing["empty"], nothing["lines"]) == (True, [])
