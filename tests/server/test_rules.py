"""Rules over HTTP: as the requirements show them, listed, changed, switched and deleted."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from modelwatch.jobs.rules import evaluate_changed
from modelwatch.server.services import Services

PLACE = "/api/v1/models/fraud%2Feu/alert-rules"
AS_REQUIRED = {
    "rule_name": "High PSI Alert",
    "condition": {"metric": "psi", "feature": "amount", "operator": "greater_than", "threshold": 0.25},
    "severity": "critical",
    "channels": ["slack", "email"],
    "enabled": True,
}


async def test_the_rule_of_the_requirements_is_taken_as_it_stands(watched: httpx.AsyncClient) -> None:
    answer = await watched.post(PLACE, json=AS_REQUIRED)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert made["rule_id"].startswith("rule_")
    assert made["status"] == "active"
    assert made["created_at"].endswith("Z")
    assert made["words"] == "psi of amount > 0.25"
    assert (await watched.get(f"{PLACE}/{made['rule_id']}")).json()["body"] == {"model_id": "fraud/eu", **AS_REQUIRED}


async def test_rules_that_nobody_wrote_are_there_and_can_be_switched_off(watched: httpx.AsyncClient) -> None:
    found = {each["rule_name"]: each for each in (await watched.get(PLACE)).json()["rules"]}
    assert found["default.data_drift"]["built_in"]
    assert found["default.data_drift"]["severity"] == "by_level"
    off = {"rule_name": "default.data_drift", "enabled": False}
    assert (await watched.post(PLACE, json=off)).status_code == 201
    found = {each["rule_name"]: each for each in (await watched.get(PLACE)).json()["rules"]}
    assert found["default.data_drift"]["status"] == "disabled"
    assert found["default.data_drift"]["model_id"] == "fraud/eu"


async def test_a_rule_is_changed_in_parts_and_deleted(watched: httpx.AsyncClient) -> None:
    made = (await watched.post(PLACE, json=AS_REQUIRED)).json()
    place = f"{PLACE}/{made['rule_id']}"
    changed = (await watched.patch(place, json={"severity": "info", "for": {"k": 2, "n": 3}})).json()
    assert changed["severity"] == "info"
    assert changed["words"] == "psi of amount > 0.25 in 2 of 3 windows"
    assert (await watched.patch(place, json={"enabled": False})).json()["status"] == "disabled"
    assert (await watched.delete(place)).json() == {"rule_id": made["rule_id"], "rule_name": "High PSI Alert"}
    assert (await watched.get(place)).status_code == 404


@pytest.mark.parametrize(
    ("change", "told", "hint"),
    [
        ({"condition": {"metric": "psy", "threshold": 1}}, "there is no metric 'psy'", "did you mean psi?"),
        ({"severity": "critcal"}, "severity 'critcal' is not among its values", "did you mean critical?"),
        ({"chanels": []}, "the key 'chanels' is not among those of a rule", "did you mean channels?"),
        ({"condition": {"metric": "psi"}}, "threshold must be a number", 'for example "threshold": 0.25'),
        ({"for": {"k": 3, "n": 2}}, "for 3 of 2 windows is never so", "k is at most n"),
    ],
)
async def test_a_mistake_is_told_with_what_was_meant(
    change: dict[str, Any], told: str, hint: str, watched: httpx.AsyncClient
) -> None:
    answer = await watched.post(PLACE, json={**AS_REQUIRED, **change})
    assert answer.status_code == 400
    assert answer.json()["detail"] == told
    assert answer.json()["hint"] == hint


async def test_a_name_is_taken_once_per_model(watched: httpx.AsyncClient) -> None:
    assert (await watched.post(PLACE, json=AS_REQUIRED)).status_code == 201
    assert (await watched.post(PLACE, json=AS_REQUIRED)).status_code == 409
    assert (await watched.post("/api/v1/alert-rules", json=AS_REQUIRED)).json()["model_id"] == "__any__"


async def test_a_rule_is_tried_on_the_past_before_it_is_saved(watched: httpx.AsyncClient) -> None:
    said = {key: AS_REQUIRED[key] for key in ("condition", "severity")}
    told = (await watched.post("/api/v1/models/fraud%2Feu/alert-rules/backtest?days=90", json=said)).json()
    assert told["fired"] == 1
    assert told["text"].startswith("This rule would have fired 1 time in the last 90 days")
    (one,) = told["tested"]
    assert (one["model_id"], one["fired"], one["episodes"][0]["level"]) == ("fraud/eu", 1, "critical")
    assert one["episodes"][0]["title"].startswith("psi of amount ")
    every = (await watched.post("/api/v1/alert-rules/backtest", json=said)).json()
    assert (every["fired"], every["looked_at"], every["models"], every["complete"]) == (1, 1, 1, True)
    assert not [each for each in (await watched.get(PLACE)).json()["rules"] if not each["built_in"]]


async def test_a_back_test_says_what_can_never_be_judged(watched: httpx.AsyncClient) -> None:
    said = {"condition": {"metric": "psi", "feature": "amont", "threshold": 0.1}}
    told = (await watched.post("/api/v1/models/fraud%2Feu/alert-rules/backtest", json=said)).json()
    assert told["fired"] == 0
    assert told["tested"][0]["fault"] == "the model has no column amont"


async def test_from_the_rule_to_its_alert_and_its_end(watched: httpx.AsyncClient, watched_services: Services) -> None:
    made = (await watched.post(PLACE, json=AS_REQUIRED)).json()
    assert made["state"] is None
    evaluate_changed(watched_services.engine, watched_services.clock())
    shown = (await watched.get(f"{PLACE}/{made['rule_id']}")).json()
    assert (shown["state"], shown["open_alerts"], shown["states"][0]["model_id"]) == ("firing", 1, "fraud/eu")
    found = (await watched.get("/api/v1/alerts")).json()["alerts"]
    (alert,) = [each for each in found if each["kind"] == f"rule:{made['rule_id']}"]
    assert (alert["level"], alert["status"]) == ("critical", "firing")
    assert alert["title"].endswith("> 0.25 (High PSI Alert)")
    assert alert["items"][0]["text"].startswith("psi of amount ")
    headers = {"X-Modelwatch-User": "on-call"}
    assert (await watched.delete(f"/api/v1/alert-rules/{made['rule_id']}", headers=headers)).status_code == 200
    alert = (await watched.get(f"/api/v1/alerts/{alert['id']}")).json()
    assert alert["status"] == "resolved"
    assert alert["events"][0]["text"] == "The rule High PSI Alert was deleted by on-call"


async def test_graphql_writes_switches_and_deletes(watched: httpx.AsyncClient) -> None:
    async def ask(query: str, **variables: Any) -> Any:
        answer = await watched.post("/graphql", json={"query": query, "variables": variables})
        assert "errors" not in answer.json(), answer.text
        return answer.json()["data"]

    save = 'mutation($rule:JSON!){saveRule(rule:$rule,by:"me"){id modelId by words enabled}}'
    made = (await ask(save, rule={**AS_REQUIRED, "model_id": "fraud/eu"}))["saveRule"]
    assert (made["modelId"], made["by"], made["words"]) == ("fraud/eu", "me", "psi of amount > 0.25")
    switch = "mutation($id:ID!){setRuleEnabled(id:$id,enabled:false){enabled}}"
    assert (await ask(switch, id=made["id"]))["setRuleEnabled"]["enabled"] is False
    assert (await ask(switch, id="default.fairness"))["setRuleEnabled"]["enabled"] is False
    rules = (await ask("{rules{name enabled}}"))["rules"]
    assert {each["name"] for each in rules if not each["enabled"]} == {"High PSI Alert", "default.fairness"}
    delete = "mutation($id:ID!){deleteRule(id:$id)}"
    assert (await ask(delete, id=made["id"]))["deleteRule"] == "High PSI Alert"
