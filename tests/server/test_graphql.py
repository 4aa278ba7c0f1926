"""GraphQL: the same answers as REST, bounded, and nothing changed by a foreign page."""

from __future__ import annotations

import dataclasses
import re
from enum import StrEnum
from pathlib import Path
from typing import Any

import httpx
import pytest
from graphql import build_schema as parse_schema
from graphql import get_introspection_query, is_input_object_type

from modelwatch.core.column import ColumnType
from modelwatch.core.level import Level
from modelwatch.core.wire import Role
from modelwatch.server.graph import enums
from modelwatch.server.graph.schema import build_schema
from modelwatch.server.queries.drift import METRICS
from modelwatch.server.services import Services
from tests.server.running import DAYS, ROWS, asking

EVERYTHING = (Path(__file__).parent / "everything.graphql").read_text("utf-8")
PAGE = {"id": "fraud/eu", "column": "amount"}


async def ask(client: httpx.AsyncClient, query: str, **variables: object) -> Any:
    answer = await client.post("/graphql", json={"query": query, "variables": variables})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_every_field_of_the_schema_has_an_answer(watched: httpx.AsyncClient) -> None:
    """`everything.graphql` asks for all of them; the test below holds it to that."""
    body = await ask(watched, EVERYTHING, **PAGE)
    assert "errors" not in body
    assert body["data"]["model"]["level"] == "CRITICAL"


def test_the_query_for_everything_asks_for_every_field() -> None:
    schema = parse_schema(build_schema().as_str())
    asked = set(re.findall(r"\w+", EVERYTHING))
    for name, kind in schema.type_map.items():
        answered = name not in {"Mutation", "DecidedAlerts", "RefusedAlert", "TestedChannel"}
        if not name.startswith("__") and answered and not is_input_object_type(kind):
            assert set(getattr(kind, "fields", {})) <= asked, name


async def test_the_heat_map_shows_what_drifted_first(watched: httpx.AsyncClient) -> None:
    query = """query Q($id: String!) { model(id: $id) { level reason columns { name } drift {
        times rows critical warning thresholdWarning lines { name level since values levels psi chance } } } }"""
    model = (await ask(watched, query, id="fraud/eu"))["data"]["model"]
    drift = model["drift"]
    assert (drift["critical"], drift["lines"][0]["name"], drift["lines"][0]["level"]) == (1, "amount", "CRITICAL")
    assert drift["times"] == sorted(drift["times"])
    assert {line["name"] for line in drift["lines"]} == {column["name"] for column in model["columns"]}
    for line in drift["lines"]:
        assert len(line["values"]) == len(line["levels"]) == len(drift["times"]) == len(drift["rows"])
        assert line["psi"] == line["values"][-1]
        assert line["level"] == line["levels"][-1]
    first = drift["lines"][0]
    began = drift["times"].index(first["since"])
    assert all(level in ("WARNING", "CRITICAL") for level in first["levels"][began:])
    assert not {"WARNING", "CRITICAL"} & set(first["levels"][:began])


async def test_a_column_tells_why_and_shows_both_distributions(watched: httpx.AsyncClient) -> None:
    column = (await ask(watched, EVERYTHING, **PAGE))["data"]["model"]["column"]
    assert column["why"][0].startswith("PSI ")
    assert [each["title"] for each in column["sure"]] == ["Certain", "Large", "Two methods agree", "It persists"]
    assert all(each["holds"] for each in column["sure"])
    drawn = column["distribution"]
    assert (drawn["referenceRows"], drawn["windowRows"], drawn["referenceLabel"]) == (2_000, ROWS, "training")
    for side in ("reference", "window"):
        shares = drawn["bars"] + drawn["categories"] + drawn["specials"]
        assert sum(share[side] for share in shares) == pytest.approx(1.0)
    assert drawn["windowMedian"] > 2 * drawn["referenceMedian"]
    assert [line["metric"] for line in column["history"]["lines"]] == [
        "PSI",
        "SMOOTH",
        "CHI_SQUARE",
        "KS",
        "KL",
        "NULLS",
        "OUTSIDE",
    ]
    assert (column["previous"], column["next"] is None) == (None, False)


async def test_a_category_is_shown_by_name(watched: httpx.AsyncClient) -> None:
    drawn = (await ask(watched, EVERYTHING, id="fraud/eu", column="shop"))["data"]["model"]["column"]["distribution"]
    assert (sorted(share["name"] for share in drawn["categories"]), drawn["bars"]) == (["a", "b", "c"], [])


async def test_an_earlier_window_is_told_as_it_was(watched: httpx.AsyncClient) -> None:
    query = """query Q($end: DateTime) { model(id: "fraud/eu") { column(name: "amount") {
        methods(end: $end) { metric value level } distribution(end: $end) { windowEnd windowMedian } } } }"""
    times = (await ask(watched, '{ model(id: "fraud/eu") { drift { times } } }'))["data"]["model"]["drift"]["times"]
    column = (await ask(watched, query, end=times[10]))["data"]["model"]["column"]
    assert column["distribution"]["windowEnd"] == times[10]
    assert column["methods"][0]["level"] != "CRITICAL"


async def test_the_range_of_a_question_is_the_range_of_its_answer(watched: httpx.AsyncClient) -> None:
    query = """query Q($s: DateTime, $e: DateTime) { model(id: "fraud/eu") {
        drift(start: $s, end: $e) { times } column(name: "amount") { history(start: $s, end: $e) { times } } } }"""
    times = (await ask(watched, query))["data"]["model"]["drift"]["times"]
    model = (await ask(watched, query, s=times[2], e=times[-3]))["data"]["model"]
    assert model["drift"]["times"] == model["column"]["history"]["times"] == times[2:-2]


async def test_the_fleet_is_the_same_as_over_rest(watched: httpx.AsyncClient) -> None:
    [here] = (await ask(watched, EVERYTHING, **PAGE))["data"]["models"]
    [there] = (await watched.get("/api/v1/models")).json()["models"]
    assert (here["id"], here["reason"], here["drifted"], here["since"], here["level"].lower()) == (
        there["id"],
        there["reason"],
        there["drifted"],
        there["since"],
        there["level"],
    )
    assert sum(here["traffic"]) == DAYS * ROWS
    assert len(here["traffic"]) == len(here["drift"]) == 30
    assert [value is not None for value in here["drift"]] == [count > 0 for count in here["traffic"]]


async def test_what_is_not_there_is_null(watched: httpx.AsyncClient) -> None:
    query = '{ model(id: "x") { id } alert(id: "77") { id } other: alert(id: "x") { id } }'
    assert (await ask(watched, query))["data"] == {"model": None, "alert": None, "other": None}
    query = '{ model(id: "fraud/eu", environment: "staging") { id } }'
    assert (await ask(watched, query))["data"] == {"model": None}
    query = '{ model(id: "fraud/eu") { column(name: "x") { name } } }'
    assert (await ask(watched, query))["data"]["model"] == {"column": None}


async def test_a_mutation_changes_the_alert_and_its_history(watched: httpx.AsyncClient) -> None:
    alert_id = (await ask(watched, "{ alerts { id } }"))["data"]["alerts"][0]["id"]
    mutation = """mutation M($id: ID!) { silenceAlert(id: $id, hours: 1.5, by: "ana") {
        status silencedUntil events { by kind } } }"""
    changed = (await ask(watched, mutation, id=alert_id))["data"]["silenceAlert"]
    assert (changed["status"], changed["silencedUntil"]) == ("SILENCED", "2026-09-21T15:43:20Z")
    assert changed["events"][0] == {"by": "ana", "kind": "silenced"}
    resolved = await ask(watched, "mutation M($id: ID!) { resolveAlert(id: $id) { status } }", id=alert_id)
    assert resolved["data"]["resolveAlert"]["status"] == "RESOLVED"
    again = await ask(watched, "mutation M($id: ID!) { acknowledgeAlert(id: $id) { status } }", id=alert_id)
    assert again["errors"][0]["extensions"]["code"] == "Conflict"


async def test_settings_are_tried_and_saved_as_over_rest(watched: httpx.AsyncClient) -> None:
    """The preview saves nothing; the mutation does, and null gives the decision back."""
    query = """query Q($c: JSON!) { model(id: "fraud/eu") { settings { psiWarning } settingDefaults { psiWarning k n }
        settingsPreview(changes: $c) { current { alertsAtMost } changed { alertsAtMost } } } }"""
    changes = {"alerts_per_1000_days": 20, "psi_warning": 0.2}
    model = (await ask(watched, query, c=changes))["data"]["model"]
    assert (model["settings"], model["settingDefaults"]) == ({"psiWarning": None}, {"psiWarning": 0.1, "k": 2, "n": 3})
    preview = model["settingsPreview"]
    assert preview["changed"]["alertsAtMost"] > preview["current"]["alertsAtMost"]
    mutation = 'mutation M($c: JSON!) { changeSettings(id: "fraud/eu", changes: $c) { psiWarning } }'
    assert (await ask(watched, mutation, c=changes))["data"]["changeSettings"] == {"psiWarning": 0.2}
    assert (await watched.get("/api/v1/models/fraud%2Feu")).json()["settings"]["psi_warning"] == 0.2
    assert (await ask(watched, mutation, c={"psi_warning": None}))["data"]["changeSettings"] == {"psiWarning": None}


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"psi_warning": -1}, "psi_warning"), ({"psi_warnin": 1}, "psi_warnin"), ([], None), ({"k": 3, "n": 2}, None)],
)
async def test_a_setting_that_makes_no_sense_names_its_field(
    changes: object, field: str | None, watched: httpx.AsyncClient
) -> None:
    mutation = 'mutation M($c: JSON!) { changeSettings(id: "fraud/eu", changes: $c) { k } }'
    [error] = (await ask(watched, mutation, c=changes))["errors"]
    assert error["extensions"].get("field") == field
    assert error["extensions"]["hint"] or error["message"]


async def test_another_reference_is_shown_before_it_is_chosen(watched: httpx.AsyncClient) -> None:
    query = """query Q($c: JSON!) { model(id: "fraud/eu") { reference { kind }
        settingsPreview(changes: $c) { reference { kind label rows waiting } } } }"""
    model = (await ask(watched, query, c={"reference": {"kind": "moving", "days": 3}}))["data"]["model"]
    found = model["settingsPreview"]["reference"]
    assert (model["reference"]["kind"], found["kind"], found["label"]) == ("uploaded", "moving", "the 3 days before")
    assert 0 < found["rows"] <= 3 * ROWS
    assert (await ask(watched, query, c={}))["data"]["model"]["settingsPreview"]["reference"]["kind"] == "uploaded"
    [error] = (await ask(watched, query, c={"reference": {"kind": "first_rows"}}))["errors"]
    assert error["message"] == "the model has no reference of first rows"


async def test_rates_tell_of_rows_that_cannot_be_used(watched: httpx.AsyncClient) -> None:
    query = """{ model(id: "fraud/eu") { rates { rows referenceRows times lines { name level
        cells { metric value before chance values } } } drift(metric: OUTSIDE) { lines { name values chance } } } }"""
    model = (await ask(watched, query))["data"]["model"]
    rates = model["rates"]
    assert (rates["rows"], rates["referenceRows"], len(rates["times"]) <= 60) == (ROWS, 2_000, True)
    lines = {line["name"]: {cell["metric"]: cell for cell in line["cells"]} for line in rates["lines"]}
    assert set(lines["shop"]) == {"NULLS", "MISTYPED", "UNSEEN"}
    assert set(lines["amount"]) == {"NULLS", "NANS", "INFINITE", "MISTYPED", "OUTSIDE"}
    for line in model["drift"]["lines"]:
        if line["name"] in ("amount", "age"):
            assert lines[line["name"]]["OUTSIDE"]["value"] == line["values"][-1]
            assert lines[line["name"]]["OUTSIDE"]["chance"] == line["chance"]
    assert lines["amount"]["NULLS"]["values"] == []
    assert len(lines["amount"]["OUTSIDE"]["values"]) == len(rates["times"])


@pytest.mark.parametrize(
    "query",
    [
        "{ models { id }",
        "{ nothing }",
        '{ model(id: "m") { drift(start: "yesterday") { times } } }',
        "{ alerts(limit: 0) { id } }",
        "{ alerts(limit: 100000) { id } }",
        "{ " + " ".join(f"a{i}: models {{ id }}" for i in range(11)) + " }",
        "{ " + "models { id } " * 1_001 + " }",
        "query A { models { ...F } } fragment F on ModelSummary { ...G } fragment G on ModelSummary { ...F }",
        "{ __schema { types { " + "fields { type { " * 8 + "name" + " } }" * 8 + " } } }",
        "subscription { x }",
        'mutation { silenceAlert(id: "1", hours: -1) { id } }',
        'mutation { silenceAlert(id: "1", hours: 1e300) { id } }',
        'mutation { resolveAlert(id: "99999999999999999999999") { id } }',
    ],
)
async def test_a_query_that_is_wrong_or_too_much_is_told_so(query: str, watched: httpx.AsyncClient) -> None:
    body = await ask(watched, query)
    assert body["errors"][0]["message"]
    assert "inside modelwatch" not in body["errors"][0]["message"]


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b'{"query": "{ models { id } }"}', "text/plain", 415),
        (b"query=mutation", "application/x-www-form-urlencoded", 415),
        (b'{"query": "{ models { id } }"}', "", 415),
        (b"[]", "application/json", 400),
        (b'{"query": 1}', "application/json", 400),
        (b'{"query": "{a}", "variables": []}', "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b" " * 300_000, "application/json", 413),
        (b"", "application/json", 400),
        (b'{"query": "query A { models { id } }", "operationName": "B"}', "application/json", 400),
    ],
)
async def test_what_is_no_request_is_refused(content: bytes, kind: str, status: int, client: httpx.AsyncClient) -> None:
    answer = await client.post("/graphql", content=content, headers={"content-type": kind} if kind else {})
    assert answer.status_code == status


async def test_there_is_no_get(client: httpx.AsyncClient) -> None:
    assert (await client.get("/graphql", params={"query": "{ models { id } }"})).status_code == 405


async def test_the_usual_tools_can_read_the_schema(client: httpx.AsyncClient) -> None:
    body = await ask(client, get_introspection_query())
    assert "errors" not in body


async def test_our_own_mistakes_are_not_explained(services: Services) -> None:
    class Secret:
        def first(self) -> int:
            raise RuntimeError("secret")

        end = first

    async with asking(dataclasses.replace(services, log=Secret())) as client:  # type: ignore[arg-type]
        body = await ask(client, "{ system { version } }")
    assert body["errors"][0]["message"] == "something went wrong inside modelwatch"
    assert "secret" not in str(body)


def values(enum: type[StrEnum]) -> set[str]:
    return {member.value for member in enum}


def test_the_words_are_those_of_the_nouns() -> None:
    assert [(each.name, each.value) for each in enums.Level] == [(each.name, each.value) for each in Level]
    assert values(enums.ColumnRole) <= values(Role)
    assert values(enums.ColumnKind) == values(ColumnType)
    assert values(enums.DriftMetric) == set(METRICS)
