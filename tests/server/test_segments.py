"""Segments over HTTP: asked for, counted from the past, shown, and ranked."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import httpx
import pytest

from modelwatch.core.column import ColumnKey
from modelwatch.core.level import Level
from modelwatch.core.segment import Segment
from modelwatch.core.wire import Role
from modelwatch.errors import InvalidRequest
from modelwatch.server.queries.segments import asked_segment
from modelwatch.server.queries.subject import Subject
from modelwatch.server.services import Services
from modelwatch.store.models import DeploymentRow, ModelRow
from tests.server.running import DAYS, ROWS, fold_and_check

MODEL = "/api/v1/models/fraud%2Feu"


async def cut(client: httpx.AsyncClient, services: Services, **settings: object) -> dict[str, Any]:
    """Ask for segments and have them counted; gives the answer of the PATCH."""
    answer = await client.patch(MODEL, json=settings)
    assert answer.status_code == 200, answer.text
    fold_and_check(services)
    return answer.json()


async def graph(client: httpx.AsyncClient, query: str, **variables: object) -> Any:
    answer = await client.post("/graphql", json={"query": query, "variables": variables})
    return answer.json()


async def test_a_setting_says_that_it_is_being_built_until_it_is(
    watched: httpx.AsyncClient, watched_services: Services
) -> None:
    assert (await watched.get(f"{MODEL}/segments")).json()["state"] == "off"
    said = await cut(watched, watched_services, segments=["shop"])
    assert said["segments"] == {"columns": [{"role": "feature", "name": "shop"}], "limit": 20, "state": "building"}
    body = (await watched.get(f"{MODEL}/segments")).json()
    assert (body["state"], body["limit"]) == ("ready", 20)
    assert body["columns"] == [
        {"role": "feature", "name": "shop", "watched": 3, "others": 0, "told": "all are watched"}
    ]
    assert {each["label"] for each in body["segments"]} == {"shop=a", "shop=b", "shop=c"}
    for each in body["segments"]:
        assert each["reference_rows"] > 600
        assert (each["value"], each["building"]) == (each["label"][-1], False)
    assert sum(each["rows"] for each in body["segments"]) == DAYS * ROWS
    off = (await watched.patch(MODEL, json={"segments": None})).json()
    assert off["segments"]["columns"] == []


async def test_drift_of_a_segment_is_that_of_its_own_rows(
    watched: httpx.AsyncClient, watched_services: Services
) -> None:
    await cut(watched, watched_services, segments=[{"feature": "shop"}])
    key = quote('["feature","shop","b"]')
    by_label = (await watched.get(f"{MODEL}/drift?feature=amount&segment=shop%3Db")).json()
    assert by_label == (await watched.get(f"{MODEL}/drift?feature=amount&segment={key}")).json()
    assert by_label["segment"] == "shop=b"
    whole = (await watched.get(f"{MODEL}/drift?feature=amount")).json()
    assert whole["segment"] == ""
    last = by_label["data_points"][-1]
    assert last["rows"] < whole["data_points"][-1]["rows"] * DAYS / 2
    assert last["level"] in ("notice", "warning", "critical")
    page = (await watched.get(f"{MODEL}/drift?segment=shop%3Db")).json()
    assert page["features"][0]["feature"] == "amount"
    wrong = await watched.get(f"{MODEL}/drift?segment=shop%3Dx")
    assert (wrong.status_code, wrong.json()["hint"][:13]) == (404, "did you mean ")


async def test_the_ranking_adds_up_and_explains_itself(watched: httpx.AsyncClient, watched_services: Services) -> None:
    await cut(watched, watched_services, segments=["shop"], max_segments=2)
    body = (await watched.get(f"{MODEL}/segments?feature=amount")).json()
    (ranking,) = body["rankings"]
    assert (body["role"], ranking["role"], ranking["name"]) == ("feature", "feature", "shop")
    lines = ranking["carriers"]
    assert len(lines) == 3
    assert [each["label"] for each in lines].count(None) == 1
    assert sum(each["part"] for each in lines) == pytest.approx(ranking["total"])
    assert ranking["total"] == pytest.approx(ranking["within"] + ranking["mix"])
    enough = [each for each in lines if each["rows"] >= 200]
    assert enough
    assert all(each["named"] == "within" and "moved against its own" in each["text"] for each in enough)
    assert all(each["part"] > 0.1 for each in lines)
    assert sum(each["share"] for each in lines) == pytest.approx(1)
    listed = (await watched.get(f"{MODEL}/segments")).json()
    assert listed["columns"][0]["told"] == "1 other value is not watched"
    missing = await watched.get(f"{MODEL}/segments?feature=amuont")
    assert (missing.status_code, missing.json()["hint"]) == (404, "did you mean amount?")


async def test_graphql_tells_the_same_as_rest(watched: httpx.AsyncClient, watched_services: Services) -> None:
    await cut(watched, watched_services, segments=["shop"])
    query = """query Q($id: String!, $segment: String!) { model(id: $id) {
        settings { segments { state } }
        segments { state segments { label rows level } }
        drift(segment: $segment) { rows lines { name } }
        column(name: "amount", segment: $segment) { why distribution { windowRows referenceRows }
            carriers { name total carriers { label part } } } } }"""
    body = await graph(watched, query, id="fraud/eu", segment="shop=b")
    assert "errors" not in body
    model = body["data"]["model"]
    rest = (await watched.get(f"{MODEL}/segments")).json()
    assert [each["label"] for each in model["segments"]["segments"]] == [each["label"] for each in rest["segments"]]
    (own,) = [each for each in rest["segments"] if each["label"] == "shop=b"]
    assert model["drift"]["rows"][-1] == own["rows"]
    shown = model["column"]["distribution"]
    assert (shown["windowRows"], shown["referenceRows"]) == (own["rows"], own["reference_rows"])
    ranked = (await watched.get(f"{MODEL}/segments?feature=amount")).json()["rankings"][0]
    assert model["column"]["carriers"][0]["total"] == pytest.approx(ranked["total"])
    wrong = await graph(watched, query, id="fraud/eu", segment="shop=x")
    assert "no segment 'shop=x' is watched" in wrong["errors"][0]["message"]


@pytest.mark.parametrize(
    ("said", "hint"),
    [
        ("shop", "for example"),
        ([["shop"]], "for example"),
        ([{"tag": "a", "feature": "b"}], "for example"),
        ([{"role": "a"}], "for example"),
        ([""], "for example"),
        (["x" * 513], "for example"),
        (["a\0b"], "for example"),
        ([f"t{i}" for i in range(21)], "for example"),
        (["age"], "send it in bands too"),
        (["shpo"], "did you mean shop?"),
    ],
)
async def test_what_cannot_be_a_segment_is_refused(said: object, hint: str, watched: httpx.AsyncClient) -> None:
    answer = await watched.patch(MODEL, json={"segments": said})
    assert answer.status_code in (400, 422)
    assert answer.json()["hint"].startswith(hint)
    assert (await watched.get(MODEL)).json()["settings"]["segments"]["state"] == "off"


async def test_the_number_of_segments_is_bounded(watched: httpx.AsyncClient) -> None:
    assert (await watched.patch(MODEL, json={"max_segments": 201})).status_code == 422
    assert (await watched.patch(MODEL, json={"max_segments": 200})).json()["segments"]["limit"] == 200


def test_a_label_of_two_segments_is_asked_back() -> None:
    known = (Segment(ColumnKey(Role.TAG, "a=b"), "c").key, Segment(ColumnKey(Role.TAG, "a"), "b=c").key)
    row = DeploymentRow(1, 1, "production", "1", 0, None, None, None, None, 0, None, None, Level.OK, None, None)
    subject = Subject(ModelRow(1, "default", "m", "", {}, None), row, (row,), 0, known)
    with pytest.raises(InvalidRequest) as ambiguous:
        asked_segment(subject, "a=b=c")
    assert all(key in ambiguous.value.hint for key in known)
    assert asked_segment(subject, known[1]).segment == known[1]
    assert asked_segment(subject, "").segment == ""
