"""Concept drift, over REST and GraphQL."""

from __future__ import annotations

from typing import Any

import httpx
import numpy as np

from modelwatch.monitors.concept import advance, begin, to_bytes
from modelwatch.server.services import Services
from modelwatch.store import concept
from modelwatch.store.engine import writing

MODEL = "/api/v1/models/fraud%2Feu/concept-drift"
QUERY = """{ model(id: "fraud/eu") { conceptDrift { state reason metric labels error labelLagS level driftSince
  findings { level worse since at before after text detectors } } } }"""


async def graph(client: httpx.AsyncClient) -> Any:
    answer = (await client.post("/graphql", json={"query": QUERY})).json()
    return answer["data"]["model"]["conceptDrift"]


def put(services: Services, rates: list[tuple[int, float]]) -> None:
    """Detectors that have seen stretches of errors."""
    random = np.random.default_rng(0)
    errors = np.concatenate([(random.random(n) < rate).astype(float) for n, rate in rates])
    at = services.clock() - np.arange(len(errors), 0, -1, dtype=np.int64) * 60_000_000
    state, found = advance(begin("binary"), errors, at, np.arange(len(errors), dtype=np.int64))
    with writing(services.engine) as connection:
        concept.drop_concept(connection, 1)
        concept.save_state(connection, 1, services.clock(), len(errors), to_bytes(state))
        concept.add_findings(connection, 1, found)


async def test_it_waits_for_labels_then_learns_then_tells(
    watched: httpx.AsyncClient, watched_services: Services
) -> None:
    body = (await watched.get(MODEL)).json()
    assert (body["state"], body["labels"], body["findings"], body["level"]) == ("waiting", 0, [], "no_data")
    put(watched_services, [(50, 0.05)])
    body = (await watched.get(MODEL)).json()
    assert (body["state"], body["labels"], body["level"]) == ("learning", 50, "insufficient_data")
    put(watched_services, [(3_000, 0.05)])
    body = (await watched.get(MODEL)).json()
    assert (body["state"], body["level"], body["drift_since"]) == ("watching", "ok", None)
    assert abs(body["error"] - 0.05) < 0.02
    put(watched_services, [(3_000, 0.05), (1_500, 0.4)])
    body = (await watched.get(MODEL)).json()
    assert body["level"] == "critical"
    assert body["drift_since"] == body["findings"][0]["since"] < body["findings"][0]["at"]
    assert body["findings"][0]["worse"] is True
    told = await graph(watched)
    assert told["level"] == "CRITICAL"
    assert told["findings"][0]["text"] == body["findings"][0]["text"]


async def test_an_unknown_version_is_not_found(watched: httpx.AsyncClient) -> None:
    assert (await watched.get(MODEL, params={"version": "9"})).status_code == 404
