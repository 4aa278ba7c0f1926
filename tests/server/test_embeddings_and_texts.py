"""The whole way of embeddings and texts: reference and predictions in, findings, alerts and pages out."""

import io

import httpx
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from modelwatch.server.services import Services
from tests.profiles.texts import GERMAN, sentences
from tests.server.running import START_S, arrow, asking, check, fold

DAYS, ROWS, D = 6, 300, 24
MODEL = "/api/v1/models/photos"


def made(rng: np.random.Generator, rows: int, drifted: bool = False) -> dict[str, list[object]]:
    """Embeddings of norm 1 of four kinds of pictures, of which one is gone after the drift, and comments."""
    kinds = np.random.default_rng(0).normal(size=(4, D))
    x = kinds[rng.integers(0, 2 if drifted else 4, rows)] + 0.4 * rng.normal(size=(rows, D))
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    texts = sentences(rng, rows)
    if drifted:
        texts[: rows // 3] = sentences(rng, rows // 3, GERMAN)
    return {"img": x.tolist(), "comment": [str(text) for text in rng.permutation(texts)]}


def reference(rng: np.random.Generator) -> bytes:
    columns = made(rng, 2000)
    table = pa.table(
        {
            "img": pa.array(columns["img"], pa.list_(pa.float64())),
            "comment": columns["comment"],
            "prediction_score": rng.random(2000),
        }
    )
    sink = io.BytesIO()
    pq.write_table(table, sink)
    return sink.getvalue()


async def log_day(client: httpx.AsyncClient, rng: np.random.Generator, day: int) -> None:
    columns = made(rng, ROWS, drifted=day >= 3)
    rows = []
    for i in range(ROWS):
        row: dict[str, object] = {
            "model_id": "photos",
            "model_version": "1",
            "prediction_id": f"{day}-{i}",
            "prediction_score": rng.random(),
            "timestamp": START_S + day * 86_400 + i * 86_400 // ROWS,
            "features": {"comment": columns["comment"][i]},
        }
        if i:  # one row has no picture
            row["embeddings"] = {"img": columns["img"][i]}
        rows.append(row)
    answer = await client.post("/api/v1/predictions", json=rows)
    assert answer.json()["accepted"] == ROWS, answer.text


@pytest.mark.parametrize("uploaded", [True, False], ids=["uploaded", "first rows"])
async def test_from_log_to_finding_and_alert(services: Services, uploaded: bool) -> None:
    rng = np.random.default_rng(1)
    async with asking(services) as client:
        if uploaded:
            head = {"content-type": "application/vnd.apache.parquet"}
            answer = await client.put(f"{MODEL}/versions/1/reference", content=reference(rng), headers=head)
            assert answer.status_code == 200, answer.text
        for day in range(0 if uploaded else -4, DAYS):
            await log_day(client, rng, day)
        fold(services)
        assert (await client.patch(MODEL, json={"window": "1d"})).status_code == 200
        check(services)
        drift = (await client.get(f"{MODEL}/drift", params={"metric": "mmd"})).json()
        found = {(each["role"], each["feature"]): each for each in drift["features"]}
        img = found["embedding", "img"]
        assert img["level"] == "critical"
        assert img["value"] > 0.25
        assert img["centroid"] > 0.1
        assert img["psi"] is None
        assert img["nulls"] == pytest.approx(1 / ROWS)
        assert found["text", "comment: surprise"]["level"] in ("warning", "critical")
        assert found["feature", "comment"]["level"] == "ok"
        assert found["prediction_score", "prediction_score"]["level"] == "ok"
        series = (await client.get(f"{MODEL}/drift", params={"metric": "mmd", "feature": "img"})).json()
        assert (series["threshold_warning"], series["threshold_critical"]) == (0.1, 0.25)
        calm = [each for each in series["data_points"] if each["timestamp"] <= "2023-11-18"]
        assert calm
        assert {each["level"] for each in calm} <= {"ok", "insufficient_data"}
        text = await client.get(f"{MODEL}/drift", params={"feature": "comment: length"})
        assert text.json()["role"] == "text"
        alerts = (await client.get("/api/v1/alerts")).json()["alerts"]
        items = {each["column"]: each for alert in alerts for each in alert["items"]}
        assert items["img"]["metric"] == "mmd"
        assert items["img"]["value"] > 0.25
        assert items["comment: surprise"]["metric"] == "psi"
        await pages(client)


async def pages(client: httpx.AsyncClient) -> None:
    """What the dashboard asks of both kinds of columns."""
    query = """query Q($name:String!,$role:ColumnRole!){model(id:"photos"){columns{name role kind}
      drift(metric:MMD){lines{name role kind values psi mmd centroid}}
      sized: drift{lines{name metric values psi mmd}}
      column(name:$name,role:$role){kind level why sure{title holds detail} methods{metric value level}
       distribution{kind bars{lower} categories{name} specials{name window} moved{label} referenceMedian}
       history{lines{metric values}}}}}"""
    for name, role, kind, metric in (
        ("img", "EMBEDDING", "VECTOR", "mmd"),
        ("comment: length", "TEXT", "NUMERIC", "psi"),
        ("comment", "FEATURE", "CATEGORY", "psi"),
    ):
        asked = {"query": query, "variables": {"name": name, "role": role}}
        answer = (await client.post("/graphql", json=asked)).json()
        assert "errors" not in answer, answer
        column = answer["data"]["model"]["column"]
        assert column["kind"] == kind
        assert column["why"]
        assert metric in {each["metric"] for each in column["methods"]}
        assert metric.upper() in {each["metric"] for each in column["history"]["lines"]}
        assert bool(column["distribution"]["bars"]) == (kind == "NUMERIC")
        assert answer["data"]["model"]["drift"]["lines"][0]["name"]
        for line in answer["data"]["model"]["sized"]["lines"]:
            assert line["metric"] == ("MMD" if line["name"] == "img" else "PSI")
            assert line["values"][-1] == line[line["metric"].lower()]


async def test_the_role_of_measures_is_refused_on_the_wire(client: httpx.AsyncClient) -> None:
    body = arrow()
    assert body.count(b"feature") == 1
    sent = body.replace(b"feature", b"text\0\0\0")
    head = {"content-type": "application/vnd.apache.arrow.stream"}
    assert (await client.post("/api/v1/predictions", content=sent, headers=head)).status_code == 400
