"""The running evidence of a critical model, over REST and GraphQL."""

from __future__ import annotations

from typing import Any

import httpx
import numpy as np

from modelwatch.monitors.sequential import begin, expect, step, to_bytes
from modelwatch.profiles import WIDTH, Binning, decode
from modelwatch.server.services import Services
from modelwatch.store import references, sequential
from modelwatch.store.engine import writing
from modelwatch.store.models import find_model

MODEL = "/api/v1/models/fraud%2Feu"
QUERY = """{ model(id: "fraud/eu") { evidence {
  state reason rows falseAlertsPer1000Days columns { column level evidence asked margin rows told } } } }"""


async def graph(client: httpx.AsyncClient) -> Any:
    answer = (await client.post("/graphql", json={"query": QUERY})).json()
    return answer["data"]["model"]["evidence"]


def put_state(services: Services) -> None:
    """A state that has seen 60 rows of the reference's most frequent value in every column."""
    with writing(services.engine) as connection:
        model = find_model(connection, "default", "fraud/eu")
        assert model is not None
        stored = references.list_references(connection, model.id)[0]
        binning = Binning.from_bytes(references.load_binning(connection, model.id, stored.binning).body)
        reference = decode(stored.body, binning)
        expected = expect(reference, binning)
        counts = np.zeros((len(binning), WIDTH))
        counts[np.arange(len(binning)), reference.counts.argmax(axis=1)] = 60
        state = begin(expected, f"{binning.id}-1-x", "first look, against training", services.clock())
        state, _ = step(state, expected, expected.cells(counts, 1.0), 60, services.clock() + 1)
        sequential.save_state(connection, 1, services.clock(), to_bytes(state))


async def test_evidence_is_off_then_waits_then_is_told_in_odds(
    watched: httpx.AsyncClient, watched_services: Services
) -> None:
    off = (await watched.get(f"{MODEL}/evidence")).json()
    assert (off["state"], off["columns"], off["since"]) == ("off", [], None)
    assert "not critical" in off["reason"]
    await watched.patch(MODEL, json={"critical": True})
    assert (await watched.get(f"{MODEL}/evidence")).json()["state"] == "waiting"
    put_state(watched_services)
    body = (await watched.get(f"{MODEL}/evidence")).json()
    assert (body["state"], body["rows"], body["false_alerts_per_1000_days"]) == ("running", 60, 1)
    assert body["reason"] == "First look, against training"
    margins = [each["margin"] for each in body["columns"]]
    assert margins == sorted(margins, reverse=True)
    assert body["columns"][0]["margin"] > 0
    assert body["columns"][0]["told"].startswith("evidence ")
    told = await graph(watched)
    assert told["state"] == "running"
    assert [each["told"] for each in told["columns"]] == [each["told"] for each in body["columns"]]


async def test_a_reference_that_moves_has_no_sequential_test(watched: httpx.AsyncClient) -> None:
    answer = await watched.patch(MODEL, json={"critical": True, "reference": {"kind": "moving", "days": 7}})
    assert answer.status_code == 200, answer.text
    body = (await watched.get(f"{MODEL}/evidence")).json()
    assert body["state"] == "off"
    assert "own past" in body["reason"]
