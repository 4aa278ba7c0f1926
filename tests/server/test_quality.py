"""The quality of a window over REST and GraphQL: what the rows really were."""

from __future__ import annotations

import httpx
import pytest

from modelwatch.server.services import Services
from tests.server.running import PREDICTION, ROWS, START_S, fold_and_check
from tests.server.test_graphql import ask

MODEL = "/api/v1/models/fraud%2Feu"


def rows(count: int, name: str, shop: str = "a") -> list[dict[str, object]]:
    """Predictions of the third day of the history, all from one shop."""
    return [
        {
            "model_id": "fraud/eu",
            "model_version": "2.1.0",
            "prediction_id": name.format(i),
            "prediction_score": 0.5,
            "timestamp": START_S + 2 * 86_400 + 3_600 + i,
            "features": {"amount": 1.0, "age": 30, "shop": shop},
        }
        for i in range(count)
    ]


async def test_a_window_is_told_with_its_values_and_ids(watched: httpx.AsyncClient) -> None:
    body = (await watched.get(f"{MODEL}/quality")).json()
    assert (body["model_id"], body["version"], body["rows"]) == ("fraud/eu", "2.1.0", ROWS)
    names = {"amount", "age", "shop", "prediction_score"}
    assert {each["name"] for each in body["rates"]} == {each["name"] for each in body["cardinality"]} == names
    shop = next(each for each in body["cardinality"] if each["name"] == "shop")
    assert (shop["distinct"], shop["reference"], shop["low"], shop["high"], shop["level"]) == (3, 3, 3, 3, "ok")
    assert shop["expected"] == pytest.approx(3)
    assert body["repeated_ids"]["rows"] == ROWS
    assert (body["repeated_ids"]["share"], body["repeated_ids"]["level"]) == (0.0, "ok")
    nulls = next(cell for cell in body["rates"][0]["cells"] if cell["metric"] == "nulls")
    assert nulls["value"] == 0.0


async def test_repeated_ids_are_seen_in_their_own_window(
    watched: httpx.AsyncClient, watched_services: Services
) -> None:
    """As many rows again come late into the third day, with the ids of those that are there, and 40 new ones."""
    twice = rows(ROWS, "2-{}") + rows(40, "late-{}")
    assert (await watched.post("/api/v1/predictions", json=twice)).json()["accepted"] == ROWS + 40
    fold_and_check(watched_services)
    end = START_S + 3 * 86_400
    body = (await watched.get(f"{MODEL}/quality", params={"end_time": end})).json()
    repeated = body["repeated_ids"]
    assert repeated["rows"] == body["rows"] == 2 * ROWS + 40
    share = ROWS / (2 * ROWS + 40)
    assert repeated["low"] <= share <= repeated["high"]
    assert repeated["level"] == "warning"
    before = (await watched.get(f"{MODEL}/quality", params={"end_time": end - 86_400})).json()
    assert before["repeated_ids"]["share"] == 0.0


async def test_the_dashboard_is_told_the_same(watched: httpx.AsyncClient) -> None:
    query = """query Q($id: String!) { model(id: $id) { quality { end rows
        cardinality { name level distinct pValue } repeatedIds { rows share exact } } } }"""
    told = (await ask(watched, query, id="fraud/eu"))["data"]["model"]["quality"]
    body = (await watched.get(f"{MODEL}/quality")).json()
    assert told["end"] == body["end"]
    assert [(line["name"], line["distinct"]) for line in told["cardinality"]] == [
        (line["name"], line["distinct"]) for line in body["cardinality"]
    ]
    assert told["repeatedIds"]["rows"] == body["repeated_ids"]["rows"]


async def test_before_the_first_check_there_is_nothing_to_tell(client: httpx.AsyncClient, services: Services) -> None:
    await client.post("/api/v1/predictions", json=PREDICTION)
    fold_and_check(services)
    body = (await client.get("/api/v1/models/m/quality")).json()
    assert (body["end"], body["rates"], body["cardinality"], body["repeated_ids"]) == (None, [], [], None)
    missing = await client.get("/api/v1/models/none/quality")
    assert missing.status_code == 404


async def test_one_column_can_be_asked_for(watched: httpx.AsyncClient) -> None:
    body = (await watched.get(f"{MODEL}/quality?feature=shop")).json()
    assert [each["name"] for each in body["rates"]] == [each["name"] for each in body["cardinality"]] == ["shop"]
    near = await watched.get(f"{MODEL}/quality?feature=shp")
    assert (near.status_code, near.json()["hint"]) == (404, "did you mean shop?")
    nowhere = await watched.get(f"{MODEL}/quality?segment=region=us")
    assert nowhere.status_code == 404


async def test_a_column_that_collapses_is_a_warning(watched: httpx.AsyncClient, watched_services: Services) -> None:
    """A day of one amount and one shop, after the days that the model had."""
    day = [{**row, "timestamp": START_S + 8 * 86_400 + i * 100} for i, row in enumerate(rows(ROWS, "8-{}"))]
    assert (await watched.post("/api/v1/predictions", json=day)).json()["accepted"] == ROWS
    fold_and_check(watched_services)
    body = (await watched.get(f"{MODEL}/quality")).json()
    lines = {line["name"]: line for line in body["cardinality"]}
    assert (lines["amount"]["distinct"], lines["amount"]["level"]) == (1, "warning")
    assert (lines["shop"]["distinct"], lines["shop"]["level"]) == (1, "warning")
    assert lines["amount"]["low"] > 100
