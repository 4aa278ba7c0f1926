"""Health and the measurements that the server gives of itself."""

from __future__ import annotations

import dataclasses

import httpx
from prometheus_client.parser import text_string_to_metric_families

from modelwatch.server.rate import Rate
from modelwatch.server.services import Services
from tests.server.running import NOW_US, PREDICTION, arrow, asking, fold_and_check


def samples(text: str) -> dict[tuple[str, tuple[str, ...]], float]:
    return {
        (sample.name, tuple(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_alive_and_ready(client: httpx.AsyncClient) -> None:
    assert (await client.get("/healthz")).json() == {"status": "ok"}
    ready = (await client.get("/readyz")).json()
    assert (ready["status"], ready["log"], ready["fold_lag_bytes"]) == ("ok", "writable", 0)


async def test_a_fold_that_is_behind_is_told_and_refuses_nobody(services: Services) -> None:
    async with asking(services) as client:
        await client.post("/api/v1/predictions", json=PREDICTION)
    later = dataclasses.replace(services, clock=lambda: NOW_US + 120_000_000)
    async with asking(later) as client:
        answer = await client.get("/readyz")
        assert (answer.status_code, answer.json()["status"]) == (200, "behind")
        assert answer.json()["fold_lag_seconds"] == 120.0
        assert samples((await client.get("/metrics")).text)["modelwatch_fold_lag_seconds", ()] == 120.0
        fold_and_check(later)
        assert (await client.get("/readyz")).json()["status"] == "ok"


async def test_measurements_count_every_row_once(client: httpx.AsyncClient) -> None:
    kind = {"content-type": "application/vnd.apache.arrow.stream"}
    for _ in range(2):
        await client.post("/api/v1/predictions", content=arrow(5, 1), headers=kind)
    await client.post("/api/v1/predictions", json=[PREDICTION, {}, {}])
    found = samples((await client.get("/metrics")).text)
    outcomes = {outcome: found["modelwatch_rows_total", ("predictions", outcome)] for outcome in OUTCOMES}
    assert outcomes == {"received": 13.0, "accepted": 6.0, "rejected": 2.0, "duplicate": 5.0}
    assert found["modelwatch_log_append_seconds_count", ()] == 3
    assert found["modelwatch_log_waiting_bytes", ()] == 0
    assert found["modelwatch_fold_lag_bytes", ()] == found["modelwatch_log_end_bytes", ()] > 0


OUTCOMES = ("received", "accepted", "rejected", "duplicate")


async def test_no_name_of_a_user_is_a_label(client: httpx.AsyncClient) -> None:
    await client.post("/api/v1/predictions", json={**PREDICTION, "model_id": "zebra"})
    for path in ("/api/v1/models/zebra", "/zebra", "/api/v1/alerts?model_id=zebra", "/models/zebra"):
        await client.get(path, headers={"accept": "text/html"})
    await client.request("ZEBRA", "/healthz")
    text = (await client.get("/metrics")).text
    assert "zebra" not in text.lower()
    assert '/api/v1/models/{model_id}"' in text


def test_the_rate_forgets_after_a_minute() -> None:
    rate, second = Rate(), 1_000_000
    for i in range(200):
        rate.add(60, i * second)
    assert rate.per_second(199 * second) == 60.0
    assert rate.per_second(229 * second) == 30.0
    assert rate.per_second(400 * second) == 0.0
