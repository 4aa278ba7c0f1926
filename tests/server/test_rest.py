"""The REST answers over a model that has really drifted."""

from __future__ import annotations

from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modelwatch.server.services import Services
from tests.server.running import DAYS, PREDICTION, ROWS, fold_and_check

MODEL = "/api/v1/models/fraud%2Feu"


async def test_the_fleet_names_the_model_and_what_is_wrong(watched: httpx.AsyncClient) -> None:
    [model] = (await watched.get("/api/v1/models")).json()["models"]
    assert (model["id"], model["environment"], model["version"]) == ("fraud/eu", "production", "2.1.0")
    assert (model["level"], model["drifted"], model["open_alerts"], model["live"]) == ("critical", 1, 1, False)
    assert model["raised"][0]["column"] == "amount"
    assert model["reason"] == "amount drifted"
    assert model["predictions_per_day"] == ROWS
    assert model["columns"] == 4


async def test_one_model_with_its_versions_and_settings(watched: httpx.AsyncClient) -> None:
    model = (await watched.get(MODEL)).json()
    assert model["reference"]["label"] == "training"
    assert model["reference"]["rows"] == 2_000
    assert [(each["version"], each["rows"]) for each in model["versions"]] == [("2.1.0", DAYS * ROWS)]
    assert {(column["name"], column["kind"]) for column in model["columns"]} == {
        ("amount", "numeric"),
        ("age", "numeric"),
        ("shop", "category"),
        ("prediction_score", "numeric"),
    }
    assert (model["settings"]["window"], model["window_seconds"], model["grid_seconds"]) == ("1d", 86_400, 7_200)


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("/api/v1/models/fraud%2Fus", "did you mean fraud/eu?"),
        (f"{MODEL}?environment=prodction", "did you mean production?"),
        (f"{MODEL}?version=2.1", "did you mean 2.1.0?"),
        (f"{MODEL}/drift?feature=amuont", "did you mean amount?"),
        ("/api/v1/alerts/999", "GET /api/v1/alerts lists them"),
    ],
)
async def test_what_is_not_there_is_404_with_what_comes_near(path: str, hint: str, watched: httpx.AsyncClient) -> None:
    answer = await watched.get(path)
    assert (answer.status_code, answer.json()["hint"]) == (404, hint)
    assert answer.headers["content-type"] == "application/problem+json"


async def test_drift_of_a_feature_has_the_shape_that_was_asked_for(watched: httpx.AsyncClient) -> None:
    body = (await watched.get(f"{MODEL}/drift?feature=amount&metric=psi")).json()
    assert (body["model_id"], body["feature"], body["metric"]) == ("fraud/eu", "amount", "psi")
    assert (body["threshold_warning"], body["threshold_critical"]) == (0.1, 0.25)
    points = body["data_points"]
    assert [point["timestamp"] for point in points] == sorted(point["timestamp"] for point in points)
    assert {point["status"] for point in points} <= {"normal", "warning", "critical"}
    assert (points[-1]["status"], points[-1]["level"]) == ("critical", "critical")
    assert points[-1]["value"] > 0.25 > points[-1]["chance"]
    assert body["series"] == [
        {
            "version": "2.1.0",
            "reference": "training",
            "data_points": points,
            "threshold_warning": 0.1,
            "threshold_critical": 0.25,
        }
    ]


async def test_drift_of_a_range_is_the_part_of_the_whole(watched: httpx.AsyncClient) -> None:
    whole = (await watched.get(f"{MODEL}/drift?feature=age&metric=ks")).json()["data_points"]
    start, end = whole[3]["timestamp"], whole[-4]["timestamp"]
    part = await watched.get(
        f"{MODEL}/drift", params={"feature": "age", "metric": "ks", "start_time": start, "end_time": end}
    )
    assert part.json()["data_points"] == whole[3:-3]
    assert all(0 <= point["p_value"] <= 1 for point in whole)


async def test_drift_without_a_feature_is_all_of_them_now(watched: httpx.AsyncClient) -> None:
    body = (await watched.get(f"{MODEL}/drift?metric=kl")).json()
    assert body["features"][0]["feature"] == "amount"
    assert len(body["features"]) == 4
    assert body["features"][0]["value"] == body["features"][0]["kl"]
    assert body["features"][0]["since"] < body["timestamp"]


async def test_drift_knows_a_model_that_has_not_been_checked(client: httpx.AsyncClient, services: Services) -> None:
    await client.post("/api/v1/predictions", json=PREDICTION)
    fold_and_check(services)
    body = (await client.get("/api/v1/models/m/drift?feature=a")).json()
    assert (body["data_points"], body["series"]) == ([], [])
    model = (await client.get("/api/v1/models/m")).json()
    assert (model["held_rows"], model["reason"]) == (1, "1 of 1,000 rows until a reference stands")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("metric=psy", 400),
        ("segment=region", 404),
        ("feature=amount&start_time=yesterday", 400),
        ("feature=amount&end_time=99999999999999999999", 400),
        ("feature=amount&start_time=0001-01-01", 200),
    ],
)
async def test_parameters_are_checked(query: str, status: int, watched: httpx.AsyncClient) -> None:
    assert (await watched.get(f"{MODEL}/drift?{query}")).status_code == status


async def test_settings_are_changed_one_by_one_and_given_back(watched: httpx.AsyncClient) -> None:
    wanted = {
        "task": "binary",
        "positive_label": "fraud",
        "window": "1h",
        "check_interval_seconds": 60,
        "critical": True,
    }
    limits = {"psi_warning": 0.2, "psi_critical": None, "missing_warning": None, "missing_critical": 0.1}
    wanted |= {**limits, "alerts_per_1000_days": 5.0}
    first = await watched.patch(MODEL, json={**wanted, "k": 2, "n": 4})
    untouched = {"reference": None, "segments": {"columns": [], "limit": 20, "state": "off"}}
    untouched |= {"fairness": None, "label_horizon_days": None, "metrics": []}
    assert first.json() == {**wanted, "k": 2, "n": 4, **untouched}
    second = await watched.patch(MODEL, json={"window": "auto", "k": None, "n": None, "task": None})
    expected = {**wanted, "task": None, "window": "auto", "k": None, "n": None, **untouched}
    assert second.json() == expected == (await watched.get(MODEL)).json()["settings"]


async def test_protected_attributes_are_stored_with_their_roles_and_edges(watched: httpx.AsyncClient) -> None:
    asked = ["shop", {"feature": "age", "quantiles": 3}, {"tag": "sex", "reference": "f"}]
    said = (await watched.patch(MODEL, json={"fairness": {"attributes": asked}, "label_horizon_days": 7})).json()
    shop, age, sex = said["fairness"]["attributes"]
    assert (shop, sex) == ({"name": "shop", "role": "feature"}, {"name": "sex", "role": "tag", "reference": "f"})
    assert age["bands"] == [pytest.approx(42, abs=3), pytest.approx(66, abs=3)]
    assert said["label_horizon_days"] == 7
    again = (await watched.patch(MODEL, json={"fairness": said["fairness"]})).json()
    assert again["fairness"] == said["fairness"]
    none = (await watched.patch(MODEL, json={"fairness": {"attributes": []}, "label_horizon_days": None})).json()
    assert (none["fairness"], none["label_horizon_days"]) == (None, None)


async def test_the_false_alarms_of_a_setting_are_said_before_it_is_saved(watched: httpx.AsyncClient) -> None:
    before = (await watched.get(MODEL)).json()
    body = {"alerts_per_1000_days": 100.0, "psi_warning": 0.01, "k": 1, "n": 1, "window": "1h"}
    said = (await watched.post(f"{MODEL}/settings/preview", json=body)).json()
    assert said["current"] == before["false_alarms"]
    assert said["current"]["alerts_at_most"] <= 30 / 1000 < said["changed"]["alerts_at_most"] <= 3.0
    assert said["current"]["alerts_about"] < said["current"]["alerts_at_most"]
    assert (said["changed"]["looks_per_day"], said["changed"]["notices"]) == (288.0, pytest.approx(86.4))
    assert (await watched.get(MODEL)).json() == before
    assert (await watched.post(f"{MODEL}/settings/preview", json={"k": 3, "n": 2})).status_code == 400


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({"windw": "1h"}, 422, "did you mean window?"),
        ({"window": "2h"}, 422, "5m, 1h"),
        ({"task": "binari"}, 422, "binary"),
        ({"k": 0}, 422, "between"),
        ({"k": 1.5}, 422, "whole"),
        ({"k": True}, 422, "number"),
        ({"k": 3, "n": 2}, 400, "k at most n"),
        ({"psi_warning": 0.3}, 400, "must not be above critical"),
        ({"psi_critical": 0}, 422, "between"),
        ({"alerts_per_1000_days": 0}, 422, "between"),
        ({"critical": "yes"}, 422, "true or false"),
        ({"positive_label": ""}, 422, "bytes"),
        ({"check_interval_seconds": -1}, 422, "between"),
        ({"label_horizon_days": 0}, 422, "between"),
        ({"fairness": ["sex"]}, 422, "object"),
        ({"fairness": {"attribute": ["shop"]}}, 422, "did you mean attributes?"),
        ({"fairness": {"attributes": "shop"}}, 422, "must be a list"),
        ({"fairness": {"attributes": ["shp"]}}, 400, "did you mean shop"),
        ({"fairness": {"attributes": ["age"]}}, 400, "need bands"),
        ({"fairness": {"attributes": ["shop", {"feature": "shop"}]}}, 400, "twice"),
        ({"fairness": {"attributes": [{"feature": "age", "bands": [65, 25]}]}}, 422, "ascend"),
        ({"reference": "moving"}, 422, "object"),
        ({"reference": {}}, 422, "one of uploaded"),
        ({"reference": {"kind": "movin"}}, 422, "one of uploaded"),
        ({"reference": {"kind": "moving", "day": 3}}, 422, "did you mean days?"),
        ({"reference": {"kind": "moving", "days": 0}}, 422, "between"),
        ({"reference": {"kind": "moving", "gap_hours": -1}}, 422, "between"),
        ({"reference": {"kind": "seasonal", "weeks": 2}}, 422, "between 3 and 26"),
        ({"reference": {"kind": "seasonal", "timezone": "Europe/Berlinn"}}, 422, "IANA"),
        ({"reference": {"kind": "seasonal", "timezone": "../../etc/passwd"}}, 422, "IANA"),
        ({"reference": {"kind": "seasonal", "timezone": "\u0000"}}, 422, "IANA"),
        ({"reference": {"kind": "window", "start": "2023-11-15"}}, 400, "is no time"),
        ({"reference": {"kind": "window", "start": "2023-11-15T01:00", "end": "2023-11-17"}}, 422, "midnight"),
        ({"reference": {"kind": "window", "start": "2023-11-17", "end": "2023-11-15"}}, 422, "after start"),
        ({"reference": {"kind": "window", "start": "2020-11-15", "end": "2020-11-17"}}, 400, "0 predictions are known"),
        ({"reference": {"kind": "first_rows"}}, 400, "no reference of first rows"),
        ([], 400, "object"),
    ],
)
async def test_settings_that_make_no_sense_change_nothing(
    body: object, status: int, said: str, watched: httpx.AsyncClient
) -> None:
    before = (await watched.get(MODEL)).json()["settings"]
    answer = await watched.patch(MODEL, json=body)
    assert answer.status_code == status
    assert said in answer.text
    assert (await watched.get(MODEL)).json()["settings"] == before


@pytest.mark.parametrize(
    ("said", "label"),
    [
        ({"kind": "uploaded"}, "training"),
        (
            {"kind": "window", "start": "2023-11-15T00:00:00Z", "end": "2023-11-18T00:00:00Z"},
            "2023-11-15 to 2023-11-17",
        ),
        ({"kind": "moving", "days": 2, "gap_hours": None}, "the 2 days before"),
        ({"kind": "seasonal", "weeks": 4, "timezone": "Europe/Berlin"}, "the same weekday of the last 4 weeks"),
    ],
)
async def test_the_kind_of_reference_is_chosen_and_shown(
    said: dict[str, object], label: str, watched: httpx.AsyncClient
) -> None:
    assert (await watched.patch(MODEL, json={"reference": said})).json()["reference"] == said
    shown = (await watched.get(MODEL)).json()
    assert shown["settings"]["reference"] == said
    assert shown["reference"]["kind"] == said["kind"]
    assert shown["reference"]["label"].startswith(label)
    assert label in [each["label"] for each in shown["references"]] or said["kind"] == "seasonal"
    assert "training" in [each["label"] for each in shown["references"]]


async def test_a_chosen_reference_is_what_windows_are_compared_with(
    watched: httpx.AsyncClient, watched_services: Services
) -> None:
    query = """{ model(id: "fraud/eu") { reference { kind rows waiting start end } column(name: "amount") {
        level methods { metric value chance }
        distribution { referenceLabel referenceRows referenceMean windowMean } } } }"""
    await watched.patch(MODEL, json={"reference": {"kind": "moving", "days": 2, "gap_hours": 0}})
    fold_and_check(watched_services)
    [model] = [(await watched.post("/graphql", json={"query": query})).json()["data"]["model"]]
    assert model["reference"]["waiting"] is None
    assert model["reference"]["rows"] == 2 * ROWS
    drawn = model["column"]["distribution"]
    assert (drawn["referenceLabel"], drawn["referenceRows"]) == ("the 2 days before", 2 * ROWS)
    # the last three days are as large as each other: against the two days before the last day nothing has moved
    assert drawn["windowMean"] == pytest.approx(drawn["referenceMean"], rel=0.2)
    psi = next(each for each in model["column"]["methods"] if each["metric"] == "psi")
    assert psi["value"] < psi["chance"]
    await watched.patch(MODEL, json={"reference": {"kind": "seasonal"}})
    fold_and_check(watched_services)
    model = (await watched.post("/graphql", json={"query": query})).json()["data"]["model"]
    assert model["reference"]["waiting"] == (
        "Only the same time of 0 weeks is known, 3 are needed; until then nothing is compared"
    )
    assert model["column"]["level"] == "INSUFFICIENT_DATA"
    await watched.patch(MODEL, json={"reference": None})
    fold_and_check(watched_services)
    model = (await watched.post("/graphql", json={"query": query})).json()["data"]["model"]
    assert (model["reference"]["kind"], model["column"]["level"]) == ("uploaded", "CRITICAL")


async def test_an_alert_is_acknowledged_silenced_and_resolved(watched: httpx.AsyncClient) -> None:
    [alert] = (await watched.get("/api/v1/alerts?status=firing&level=critical")).json()["alerts"]
    assert (alert["model_id"], alert["historic"], alert["items"][0]["column"]) == ("fraud/eu", True, "amount")
    path = f"/api/v1/alerts/{alert['id']}"
    said = {"by": "ana", "comment": "a <b>new</b> shop"}
    seen = (await watched.post(f"{path}/acknowledge", json=said)).json()
    assert (seen["status"], seen["events"][0]["by"]) == ("acknowledged", "ana")
    assert said["comment"] in seen["events"][0]["text"]
    quiet = (await watched.post(f"{path}/silence", json={"hours": 2})).json()
    assert (quiet["status"], quiet["silenced_until"]) == ("silenced", "2026-09-21T16:13:20Z")
    assert (await watched.post(f"{path}/resolve")).json()["status"] == "resolved"
    assert (await watched.post(f"{path}/acknowledge")).status_code == 409
    assert (await watched.get("/api/v1/alerts?status=firing")).json()["alerts"] == []
    assert (await watched.get(path)).json()["status"] == "resolved"


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("silence", {}, 422),
        ("silence", {"hours": 0}, 400),
        ("silence", {"hours": 1e9}, 422),
        ("silence", {"hours": "2"}, 422),
        ("silence", {"hour": 2}, 422),
        ("resolve", {"by": 7}, 422),
        ("resolve", {"by": "a\u0000b"}, 400),
        ("acknowledge", {"comment": "x" * 3_000}, 400),
    ],
)
async def test_decisions_are_checked(
    path: str, body: dict[str, object], status: int, watched: httpx.AsyncClient
) -> None:
    [alert] = (await watched.get("/api/v1/alerts")).json()["alerts"]
    assert (await watched.post(f"/api/v1/alerts/{alert['id']}/{path}", json=body)).status_code == status
    assert (await watched.get(f"/api/v1/alerts/{alert['id']}")).json() == alert


@pytest.mark.parametrize(
    "path", ["alerts/-1", "alerts/x", f"alerts/{2**70}", "alerts?limit=0", f"alerts?cursor={2**70}"]
)
async def test_numbers_that_no_database_holds_are_refused(path: str, watched: httpx.AsyncClient) -> None:
    assert (await watched.get(f"/api/v1/{path}")).status_code == 422


async def test_the_quarantine_is_read_back_page_by_page(client: httpx.AsyncClient, services: Services) -> None:
    await client.post("/api/v1/predictions", json=[{"model_id": "m", "n": i} for i in range(5)])
    fold_and_check(services)
    seen: list[str] = []
    cursor = ""
    while True:
        page = (await client.get(f"/api/v1/quarantine?model_id=m&limit=2{cursor}")).json()
        seen += [row["record"] for row in page["rows"]]
        assert all(row["reason"] and row["detail"] for row in page["rows"])
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert [f'"n":{i}' in record.replace(" ", "") for i, record in zip(range(4, -1, -1), seen, strict=True)] == [
        True
    ] * 5
    assert (await client.get("/api/v1/quarantine?model_id=other")).json()["rows"] == []


async def test_the_system_counts_every_row_once(client: httpx.AsyncClient, services: Services) -> None:
    for _ in range(2):
        await client.post("/api/v1/predictions", json=[PREDICTION, {}], headers={"idempotency-key": "k"})
    before = (await client.get("/api/v1/system")).json()
    assert before["lag_bytes"] > 0
    assert (before["lag_seconds"], before["accepted"]) == (0.0, 0)
    fold_and_check(services)
    after = (await client.get("/api/v1/system")).json()
    assert (after["accepted"], after["rejected"], after["duplicates"], after["quarantined"]) == (1, 1, 2, 1)
    assert after["lag_bytes"] == 0
    assert after["predictions_per_second"] == pytest.approx(1 / 60)


HOSTILE = [
    "../../etc/passwd",
    "..",
    ".",
    "'; DROP TABLE models; --",
    "<script>alert(1)</script>",
    "a/b/drift",
    "%2F",
    "%",
    "a b",
    "über/☃",
    "x?y#z",
    "drift",
    "CON",
    "a" * 512,
]


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_name_is_a_name(name: str, client: httpx.AsyncClient, services: Services) -> None:
    row = {**PREDICTION, "model_id": name, "model_version": name}
    assert (await client.post("/api/v1/predictions", json=row)).json()["accepted"] == 1
    path = f"/api/v1/models/{quote(name, safe='').replace('.', '%2E')}"
    csv = {"content-type": "text/csv"}
    answer = await client.put(
        f"{path}/versions/{quote(name, safe='').replace('.', '%2E')}/reference", content=b"a\n1\n", headers=csv
    )
    assert answer.status_code == 200, answer.text
    fold_and_check(services)
    model = (await client.get(path)).json()
    assert (model["id"], model["version"]) == (name, name)
    assert (await client.get(f"{path}/drift")).json()["model_id"] == name
    assert [each["id"] for each in (await client.get("/api/v1/models")).json()["models"]] == [name]
    assert (await client.patch(path, json={"task": "binary"})).json()["task"] == "binary"


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.text(max_size=20).map(lambda text: quote(text.encode("utf-8", "ignore"), safe=""))
    | st.from_regex(r"(%[0-9a-fA-F]{2}){0,4}", fullmatch=True),
    tail=st.sampled_from(["", "/drift", "/drift?feature=%00", "/drift?start_time=1e309", "?environment=%ff"]),
)
async def test_any_path_is_answered_without_a_mistake_of_ours(name: str, tail: str, client: httpx.AsyncClient) -> None:
    assert (await client.get(f"/api/v1/models/{name or 'x'}{tail}")).status_code < 500
