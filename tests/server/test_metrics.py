"""Metrics of users over HTTP: set, refused with a reason, computed, shown, and tried before they are saved."""

from __future__ import annotations

import threading
from typing import Any

import httpx
import numpy as np
import pytest

from modelwatch.core.wire import Kind
from modelwatch.jobs.flush import flush_table
from modelwatch.jobs.fold import Fold, FoldOptions
from modelwatch.jobs.join import Join
from modelwatch.jobs.measure import Measure
from modelwatch.lake.buffer import Buffer
from modelwatch.lake.contract import TableKey
from modelwatch.log.reader import LogReader
from modelwatch.server.services import Services
from tests.server.running import DAYS, ROWS, START_S, check

MODEL = "/api/v1/models/fraud%2Feu"
HOSTILE = "'; drop table models; -- <script>\"ü\n"
AMOUNT = {"name": HOSTILE, "expression": "avg(age) filter (where actual = 'yes')", "unit": "<b>EUR</b>"}
COVERAGE = {"name": "coverage", "expression": "count(actual) / count(*)", "direction": "down_is_bad", "warning": 0.9}


def work(services: Services) -> None:
    """What the worker does with labels and metrics, until nothing is left to do."""
    folder = services.settings.folder
    lake, buffer, reader = services.lake(), Buffer(64 << 20), LogReader(folder / "log")
    fold = Fold(services.engine, reader, lake, buffer, services.uploads, services.clock, FoldOptions())
    while fold.step():
        pass
    fold.commit()
    join = Join(services.engine, lake, buffer, lambda: True, services.clock)
    while fold.tend_outcomes(join.alone):
        pass
    for key in buffer.tables():
        flush_table(services.engine, lake, buffer, fold.catalog, key, services.clock())
    while join.step():
        pass
    check(services)
    Measure(services.engine, lake, buffer, threading.RLock(), lambda: True, services.clock).step(lambda: False)
    reader.close()


async def label(client: httpx.AsyncClient, days: int) -> None:
    """Every other prediction of some days comes true."""
    actuals = [
        {
            "model_id": "fraud/eu",
            "prediction_id": f"{day}-{i}",
            "actual_label": "yes" if i % 4 else "no",
            "timestamp": START_S + (day + 1) * 86_400,
        }
        for day in range(days)
        for i in range(0, ROWS, 2)
    ]
    answer = await client.post("/api/v1/actuals", json=actuals)
    assert answer.json()["accepted"] == len(actuals), answer.text


async def graph(client: httpx.AsyncClient, query: str, **variables: object) -> Any:
    return (await client.post("/graphql", json={"query": query, "variables": variables})).json()


@pytest.mark.parametrize(
    ("metric", "told"),
    [
        ({"name": "m", "expression": "avg(amont)"}, "did you mean amount?"),
        ({"name": "m", "expression": "avg(amount"}, "metric 'm'"),
        ({"name": "m", "expression": "(select 1)"}, "metric 'm'"),
        ({"name": "m", "python": "nothing_of_this_name"}, "no function is registered"),
        ({"name": "m"}, "one of both"),
        ({"name": "m", "expression": "avg(amount)", "python": "f"}, "one of both"),
        ({"name": "m", "expression": 7}, "must be a text"),
        ({"name": " ", "expression": "avg(amount)"}, "1 to 512 bytes"),
        ({"name": "m", "expression": "avg(amount)", "warning": 3}, "on which side of a threshold"),
        ({"name": "m", "expression": "avg(amount)", "direction": "up"}, "up_is_bad, down_is_bad"),
        ({**COVERAGE, "critical": 0.95}, "must not be less bad"),
        ({**COVERAGE, "warning": "much"}, "must be a number"),
        ({**COVERAGE, "min_rows": 0}, "must lie between"),
        ({**COVERAGE, "color": "red"}, "is not known here"),
    ],
)
async def test_what_cannot_be_computed_is_refused_with_a_reason(
    watched: httpx.AsyncClient, metric: dict[str, Any], told: str
) -> None:
    answer = await watched.patch(MODEL, json={"metrics": [metric]})
    assert answer.status_code in (400, 422)
    assert told in answer.text
    assert (await watched.get(f"{MODEL}/metrics")).json()["metrics"] == []


async def test_there_are_not_too_many_and_no_two_of_a_name(watched: httpx.AsyncClient) -> None:
    many = [{**COVERAGE, "name": str(i)} for i in range(21)]
    assert (await watched.patch(MODEL, json={"metrics": many})).status_code == 422
    assert (await watched.patch(MODEL, json={"metrics": many[:20]})).status_code == 200
    assert "two of the name" in (await watched.patch(MODEL, json={"metrics": [COVERAGE, COVERAGE]})).text
    assert (await watched.patch(MODEL, json={"metrics": None})).json()["metrics"] == []


async def test_metrics_are_computed_shown_and_tried(watched: httpx.AsyncClient, watched_services: Services) -> None:
    # every other prediction gets a label: nobody knows that no more will come before the horizon has passed
    said = (await watched.patch(MODEL, json={"metrics": [AMOUNT, COVERAGE], "label_horizon_days": 1.0})).json()
    assert [each["name"] for each in said["metrics"]] == [HOSTILE, "coverage"]
    assert said["metrics"][1]["min_rows"] == 200
    waiting = await watched.post(f"{MODEL}/metrics/preview", json={"expression": "count(*)"})
    assert (waiting.status_code, "has no rows" in waiting.text) == (400, True)
    await label(watched, DAYS - 1)
    work(watched_services)
    body = (await watched.get(f"{MODEL}/metrics")).json()
    amount, coverage = body["metrics"]
    assert (amount["name"], amount["unit"]) == (HOSTILE, AMOUNT["unit"])
    rows = watched_services.lake().scan(TableKey("default", "fraud/eu", Kind.PREDICTIONS), None, -(2**62), 2**62)
    frame = rows.read_all().to_pandas().set_index("prediction_id")
    points = {each["timestamp"]: each for each in amount["series"][0]["data_points"]}
    assert amount["series"][0]["waiting"] == 0
    told = amount["series"][0]
    assert told["data_points"][-1]["level"] == "insufficient_data"
    judged = [each for each in told["data_points"] if each["level"] != "insufficient_data"]
    assert (told["level"], told["text"], told["error"]) == (judged[-1]["level"], judged[-1]["text"], "")
    for day in range(DAYS - 1):
        end = np.datetime64(START_S + (day + 1) * 86_400, "s")
        point = points[f"{end}Z"]
        ids = [f"{day}-{i}" for i in range(0, ROWS, 2) if i % 4]
        assert point["value"] == pytest.approx(frame.loc[ids, "feature_age"].mean())
        assert point["low"] < point["value"] < point["high"]
        assert (point["rows"], point["labelled"]) == (ROWS, ROWS // 2)
    one = (await watched.get(f"{MODEL}/metrics", params={"metric": "coverage", "version": "2.1.0"})).json()["metrics"]
    assert one == [coverage]
    wrong = await watched.get(f"{MODEL}/metrics", params={"metric": "coverag"})
    assert (wrong.status_code, wrong.json()["hint"]) == (404, "did you mean coverage?")
    tried = (await watched.post(f"{MODEL}/metrics/preview", json={"expression": AMOUNT["expression"]})).json()
    shown = points[tried["window_end"]]
    assert (tried["value"], tried["low"], tried["rows"]) == (shown["value"], shown["low"], shown["rows"])
    assert tried["error"] == ""
    for expression, status in (("avg(amont)", 400), ("", 400), (7, 422), ("sum(amount) / sum(0)", 200)):
        answer = await watched.post(f"{MODEL}/metrics/preview", json={"expression": expression})
        assert answer.status_code == status, answer.text
    assert answer.json()["error"] == "there was nothing to take it of"
    asked = await graph(
        watched,
        'query($e:String!){model(id:"fraud/eu"){settings{metrics} metricPreview(expression:$e){value error}'
        " customMetrics{name thresholdWarning series{version level dataPoints{value}}}}}",
        e=AMOUNT["expression"],
    )
    model = asked["data"]["model"]
    wrong_too = await graph(
        watched, '{model(id:"fraud/eu"){metricPreview(expression:"avg(amont)"){value error windowEnd}}}'
    )
    told = wrong_too["data"]["model"]["metricPreview"]
    assert (told["value"], told["windowEnd"]) == (None, None)
    assert "did you mean amount?" in told["error"]
    assert model["metricPreview"] == {"value": tried["value"], "error": ""}
    assert model["customMetrics"][1]["thresholdWarning"] == 0.9
    assert (
        model["customMetrics"][0]["series"][0]["dataPoints"][-1]["value"]
        == amount["series"][0]["data_points"][-1]["value"]
    )
    assert [each["name"] for each in model["settings"]["metrics"]] == [HOSTILE, "coverage"]
