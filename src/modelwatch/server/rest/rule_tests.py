"""What a rule would have done, over REST: from stored figures, before it is saved."""

from __future__ import annotations

from typing import Annotated, Any

import anyio.to_thread
from fastapi import APIRouter, Query, Request

from modelwatch.alerts.rule import ANY_MODEL
from modelwatch.alerts.rule_json import rule_from_json
from modelwatch.core.level import Level
from modelwatch.server.body import read_object
from modelwatch.server.paths import ModelId
from modelwatch.server.permission import permission
from modelwatch.server.queries import backtest as tests
from modelwatch.server.queries.rules import known_model
from modelwatch.server.rest.rules import BODY
from modelwatch.server.rest.shapes import Moment, Shape
from modelwatch.server.services import Given, Services
from modelwatch.store.engine import reading

router = APIRouter(prefix="/api/v1", tags=["alert rules"], dependencies=[permission("read")])
Days = Annotated[int, Query(ge=1, le=tests.MOST_DAYS, description="of each model's own time, up to its newest event")]


class TestedEpisode(Shape):
    """An alert that there would have been; `resolved_at` is null where it would go on."""

    opened_at: Moment
    resolved_at: Moment | None
    seconds: float
    level: Level
    title: str


class Tested(Shape):
    """One version of a model; `unjudged` windows could not be judged, for these reasons."""

    model_id: str
    environment: str
    version: str
    fired: int
    windows: int
    unjudged: int
    reasons: list[str]
    fault: str
    episodes: list[TestedEpisode]


class BackTest(Shape):
    """What a rule would have done; `looked_at` of `models` were tried before the time was over."""

    words: str
    days: int
    fired: int
    fired_models: int
    windows: int
    unjudged: int
    looked_at: int
    models: int
    complete: bool
    text: str
    tested: list[Tested]


@router.post(
    "/alert-rules/backtest", summary="What a rule would have done", response_model=BackTest, openapi_extra=BODY
)
async def back_test(request: Request, services: Given, days: Days = 90) -> tests.BackTest:
    """Over every model, or the one that the rule names; nothing is saved."""
    return await tried(request, services, {"model_id": ANY_MODEL, **await read_object(request)}, days)


@router.post(
    "/models/{model_id}/alert-rules/backtest",
    summary="What a rule would have done for a model",
    response_model=BackTest,
    openapi_extra=BODY,
)
async def back_test_model(model_id: ModelId, request: Request, services: Given, days: Days = 90) -> tests.BackTest:
    """From the stored figures of the last days; nothing is saved."""
    return await tried(request, services, {**await read_object(request), "model_id": model_id}, days)


async def tried(request: Request, services: Services, said: dict[str, Any], days: int) -> tests.BackTest:
    """Holds the past against a rule, beside the event loop."""
    rule = rule_from_json({"rule_name": "back-test", **said})

    def look() -> tests.BackTest:
        with reading(services.engine) as connection:
            known_model(connection, rule.model)
            return tests.back_test(connection, rule, days, services.clock)

    return await anyio.to_thread.run_sync(look, limiter=request.app.state.askers)
