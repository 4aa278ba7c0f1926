"""Segments and root cause, over REST and GraphQL: what is planted is found, and figures equal those from scratch."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pyarrow as pa
import pytest

from modelwatch.core.column import ColumnKey
from modelwatch.core.wire import Kind, Role
from modelwatch.lake import labels as said
from modelwatch.lake.contract import TableKey
from modelwatch.monitors.performance.coded import Coded
from modelwatch.server.answers import KEPT_US, Answers
from modelwatch.server.queries import labelled_rows
from modelwatch.server.queries.coded_columns import distinct
from modelwatch.server.services import Services
from modelwatch.store.engine import reading
from modelwatch.store.labels import load_rows
from modelwatch.store.models import find_model
from tests.jobs.folding import World, new_world
from tests.server.labelled_world import BAD_FROM, DAYS, FIRST, PER_DAY, services_of, settled
from tests.server.running import asking

BASE = "/api/v1/models/m"
DAY_S = 86_400


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with new_world(tmp_path_factory.mktemp("labelled")) as found:
        yield settled(found)


@pytest.fixture
def services(world: World, tmp_path: Path) -> Services:
    return services_of(world, tmp_path)


@pytest.fixture
async def client(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    async with asking(services) as opened:
        yield opened


async def ok(client: httpx.AsyncClient, path: str, **params: Any) -> Any:
    answer = await client.get(f"{BASE}/{path}", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def truth(world: World) -> Any:
    """Every prediction with what came true of it, read without the code under test."""
    table = world.lake_rows()
    rows = table.to_pandas()
    rows["at_s"] = table.column("timestamp").cast(pa.int64()).to_numpy() / 1e6
    with reading(world.engine) as connection:
        model = find_model(connection, "default", "m")
        assert model is not None
        waiting = said.stored([each.body for each in load_rows(connection, model.id)])
    written = world.lake.scan(TableKey("default", "m", Kind.LABELS), None, -(2**62), 2**62).read_all()
    assert waiting.num_rows > 0, "some labels must wait for the lake"
    assert written.num_rows > 0, "some labels must be in the lake"
    labels = said.together([written, waiting]).to_pandas()[["prediction_id", "actual_label"]]
    return rows.merge(labels, on="prediction_id").astype({"tag_region": str})


async def test_the_worst_segment_is_the_one_that_is_bad(client: httpx.AsyncClient, world: World) -> None:
    body = await ok(client, "worst-segments")
    rows = truth(world)
    wrong = rows["prediction_label"].astype(str) != rows["actual_label"].astype(str)
    north = rows["tag_region"] == "north"
    first = body["segments"][0]
    assert (body["loss"], body["rows"], body["days"], body["sampled"]) == ("error", DAYS * PER_DAY, DAYS, 1.0)
    assert body["mean"] == pytest.approx(wrong.mean())
    assert first["text"] == "region=north"
    assert first["conditions"] == [{"role": "tag", "name": "region", "label": "north", "text": "region=north"}]
    assert (first["rows"], first["loss"]) == (int(north.sum()), pytest.approx(wrong[north].mean()))
    assert first["rest"] == pytest.approx(wrong[~north].mean())
    assert first["low"] < first["excess"] < first["high"]
    assert first["p"] < 0.01
    assert "Where region=north, error rate is" in first["sentence"]
    assert body["searched"] > 100
    assert set(body["columns"]) == {"region", "amount", "noise"}
    assert f"{body['searched']:,} segments" in body["told"]


async def test_few_days_tell_no_bad_segment_from_a_bad_day(client: httpx.AsyncClient) -> None:
    end = FIRST / 1e6 + DAYS * DAY_S
    body = await ok(client, "worst-segments", start_time=end - 2 * DAY_S, end_time=end)
    assert (body["days"], body["segments"]) == (2, [])
    assert "2 days are too few" in body["told"]


async def test_a_change_is_told_from_the_reference(client: httpx.AsyncClient, world: World) -> None:
    start = FIRST / 1e6 + BAD_FROM * DAY_S
    body = await ok(client, "performance/causes", start_time=start)
    rows = truth(world)
    rows = rows[rows["at_s"] >= start]
    wrong = rows["prediction_label"].astype(str) != rows["actual_label"].astype(str)
    assert (body["baseline"], body["baseline_rows"]) == ("reference", 3_000)
    assert (body["rows"], body["now"]) == (len(rows), pytest.approx(wrong.mean()))
    assert body["low"] < body["change"] < body["high"]
    assert body["change"] == pytest.approx(body["now"] - body["before"])
    first = body["segments"][0]
    assert (first["text"], first["named"]) == ("region=north", "within")
    assert first["part"] == pytest.approx(body["change"], abs=0.03)
    assert "This is where the change is, not what caused it." in first["sentence"]
    by_region = next(each for each in body["columns"] if each["name"] == "region")
    assert by_region["within"] + by_region["mix"] == pytest.approx(body["change"])
    features = {each["name"]: each for each in body["features"]}
    assert body["features"][0]["name"] == "amount"
    assert features["amount"]["drift"] > 0.3
    assert features["amount"]["importance"] > 0.5
    assert features["noise"]["importance"] == 0
    assert features["amount"]["reach"] > 10 * features["noise"]["reach"]


async def test_without_actuals_in_the_reference_the_first_weeks_are_the_baseline(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(labelled_rows, "TYPES", {})  # the file cannot be read
    body = await ok(client, "performance/causes", loss="log_loss")
    assert body["baseline"] == "first_weeks"
    assert (body["baseline_rows"], body["loss"]) == (10 * PER_DAY, "log_loss")
    assert body["baseline_end"] <= body["start"]
    assert "in the first weeks it is" in body["told"]


async def test_performance_by_segment_is_that_of_its_rows(client: httpx.AsyncClient, world: World) -> None:
    start, end = FIRST / 1e6 + 28 * DAY_S, FIRST / 1e6 + 35 * DAY_S
    body = await ok(client, "performance/segments", start_time=start, end_time=end)
    rows = truth(world)
    rows = rows[(rows["at_s"] >= start) & (rows["at_s"] < end)]
    assert (body["mature"], body["reason"]) == (True, "")
    assert body["whole"]["rows"] == len(rows) == 7 * PER_DAY
    for each in body["segments"]:
        mine = rows[rows["tag_region"] == each["parts"][0]["value"]]
        right = mine["prediction_label"].astype(str) == mine["actual_label"].astype(str)
        accuracy = next(metric for metric in each["metrics"] if metric["metric"] == "accuracy")
        assert (each["rows"], accuracy["value"]) == (len(mine), pytest.approx(right.mean()))
        assert accuracy["low"] < accuracy["value"] < accuracy["high"]
        whole = next(metric for metric in body["whole"]["metrics"] if metric["metric"] == "accuracy")
        assert accuracy["difference"] == pytest.approx(accuracy["value"] - whole["value"])
    worst = [each["label"] for each in body["segments"] if any(metric["worse"] for metric in each["metrics"])]
    assert worst == ["region=north"] == [body["segments"][0]["label"]]


async def test_by_default_the_newest_mature_window_is_shown(client: httpx.AsyncClient) -> None:
    body = await ok(client, "performance/segments")
    assert body["mature"] is True
    assert {each["label"] for each in body["segments"]} == {f"region={r}" for r in ("north", "south", "east", "west")}


async def test_graphql_says_what_rest_says(client: httpx.AsyncClient) -> None:
    query = """{ model(id: "m") {
      segmentPerformance { mature whole { rows } segments { label metrics { metric value p worse } } }
      worstSegments { told searched segments { text p sentence } }
      causes(loss: "error") { told change features { name reach } segments { text part named } } } }"""
    answer = (await client.post("/graphql", json={"query": query})).json()
    assert "errors" not in answer
    found = answer["data"]["model"]
    worst = await ok(client, "worst-segments")
    assert found["worstSegments"]["told"] == worst["told"]
    assert [each["text"] for each in found["worstSegments"]["segments"]] == [each["text"] for each in worst["segments"]]
    assert found["causes"]["told"] == (await ok(client, "performance/causes", loss="error"))["told"]
    by_segment = await ok(client, "performance/segments")
    assert [each["label"] for each in found["segmentPerformance"]["segments"]] == [
        each["label"] for each in by_segment["segments"]
    ]


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({"loss": "gini"}, 400),
        ({"loss": "absolute_error"}, 400),
        ({"start_time": "2020-01-02", "end_time": "2020-01-01"}, 400),
        ({"version": "9"}, 404),
    ],
)
async def test_what_cannot_be_asked_is_refused(client: httpx.AsyncClient, params: dict[str, str], status: int) -> None:
    for path in ("worst-segments", "performance/causes"):
        assert (await client.get(f"{BASE}/{path}", params=params)).status_code == status


async def test_a_sample_is_the_same_each_time(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labelled_rows, "MOST_ROWS", 2_000)
    found = []
    for _ in range(2):
        async with asking(replace(services, searches=Answers())) as client:
            found.append(await ok(client, "worst-segments"))
    assert found[0] == found[1]
    assert found[0]["sampled"] == pytest.approx(2_000 / (DAYS * PER_DAY), abs=0.01)
    assert 1_800 < found[0]["rows"] < 2_200
    assert found[0]["segments"][0]["text"] == "region=north"


async def test_a_range_with_too_many_predictions_is_refused(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(labelled_rows, "MOST_SCANNED", 1_000)
    start = FIRST / 1e6
    assert (await client.get(f"{BASE}/worst-segments", params={"start_time": start})).status_code == 413


async def test_a_model_without_labels_says_so(watched: httpx.AsyncClient) -> None:
    for path in ("worst-segments", "performance/causes", "performance/segments"):
        answer = await watched.get(f"/api/v1/models/fraud%2Feu/{path}")
        assert answer.status_code == 200
        body = answer.json()
        assert "no labels yet" in body.get("told", "") + body.get("reason", "")
        assert body["segments"] == []


def test_a_feature_that_is_sent_as_a_tag_too_is_looked_at_once() -> None:
    codes = np.array([0, 1, 1, 2])
    feature = Coded(ColumnKey(Role.FEATURE, "carrier"), codes, ("AA", "UA", None))
    tag = Coded(ColumnKey(Role.TAG, "carrier"), codes.copy(), ("AA", "UA", None))
    other = Coded(ColumnKey(Role.TAG, "carrier"), np.array([0, 1, 0, 2]), ("AA", "UA", None))
    assert distinct([feature, tag]) == [feature]
    assert distinct([feature, other]) == [feature, other]


def test_an_answer_is_kept_for_a_minute() -> None:
    asked: list[int] = []
    answers = Answers()

    def find() -> int:
        asked.append(1)
        return len(asked)

    assert [answers.of("q", now, find) for now in (0, KEPT_US - 1, KEPT_US)] == [1, 1, 2]
    assert answers.of("other", KEPT_US, find) == 3
