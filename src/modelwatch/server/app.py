"""Puts the app together: what each request passes on its way, in order."""

from __future__ import annotations

from functools import cache
from typing import Any

import anyio
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.middleware import Middleware

from modelwatch.core.version import VERSION
from modelwatch.server import docs, health, ingest, problems, reference
from modelwatch.server.dashboard import Dashboard
from modelwatch.server.graph import route as graphql
from modelwatch.server.graph.schema import build_schema
from modelwatch.server.guard import Guard
from modelwatch.server.meters import Meters
from modelwatch.server.observe import Observe
from modelwatch.server.openapi import describe
from modelwatch.server.paths import EncodedPaths
from modelwatch.server.rest import (
    actions,
    alert_verbs,
    alerts,
    channels,
    concept,
    drift,
    evidence,
    fairness,
    messages,
    metrics,
    models,
    performance,
    quality,
    root_cause,
    rule_file,
    rule_tests,
    rules,
    segments,
    silences,
    system,
    told,
)
from modelwatch.server.services import Services

DECODERS = 4
"""Batches that are decoded at the same time."""
UPLOADERS = 2
"""Reference files that are read through at the same time."""
ASKERS = 4
"""GraphQL requests that are answered at the same time; more wait, so that pages never take the ingest's turn."""
ROUTERS = (
    ingest.router,
    reference.router,
    models.router,
    drift.router,
    quality.router,
    segments.router,
    evidence.router,
    performance.router,
    concept.router,
    fairness.router,
    metrics.router,
    root_cause.router,
    alerts.router,
    silences.router,
    told.router,
    alert_verbs.router,
    rule_file.router,
    rule_tests.router,
    rules.router,
    actions.router,
    channels.router,
    messages.router,
    system.router,
    graphql.router,
    health.router,
    docs.router,
)


def create_app(services: Services) -> FastAPI:
    """The HTTP app over what it is given; it opens nothing that it would have to close."""
    meters = Meters()
    app = bare_app(
        Middleware(EncodedPaths),
        Middleware(Observe, meters=meters),
        Middleware(Guard, settings=services.settings),
    )
    app.state.services = services
    app.state.meters = meters
    app.state.decoders = anyio.CapacityLimiter(DECODERS)
    app.state.uploaders = anyio.CapacityLimiter(UPLOADERS)
    app.state.askers = anyio.CapacityLimiter(ASKERS)
    app.state.graph = build_schema()
    app.router.default = Dashboard(services.dashboard)
    problems.install(app)
    return app


def bare_app(*middleware: Middleware) -> FastAPI:
    """All routes, with nothing behind them: enough to describe them."""
    app = FastAPI(
        title="modelwatch",
        version=VERSION,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=route_name,
        middleware=middleware,
    )
    for router in ROUTERS:
        app.include_router(router)

    @cache
    def openapi() -> dict[str, Any]:
        return describe(app)

    app.openapi = openapi  # type: ignore[method-assign]
    return app


def all_routes() -> list[APIRoute]:
    """Every route of the app, with the dependencies of its router."""
    return [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]


def route_name(route: APIRoute) -> str:
    """The name of an operation: that of its function."""
    return route.name
