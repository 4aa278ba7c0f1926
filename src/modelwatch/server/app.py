"""Puts the app together: what each request passes on its way, in order."""

from __future__ import annotations

import anyio
from fastapi import FastAPI
from starlette.middleware import Middleware

from modelwatch import __version__
from modelwatch.server import health, ingest, problems
from modelwatch.server.graph import route as graphql
from modelwatch.server.graph.schema import build_schema
from modelwatch.server.guard import Guard
from modelwatch.server.meters import Meters
from modelwatch.server.observe import Observe
from modelwatch.server.paths import EncodedPaths
from modelwatch.server.services import Services

DECODERS = 4
"""Batches that are decoded at the same time."""
ASKERS = 4
"""GraphQL requests that are answered at the same time; more wait, so that pages never take the ingest's turn."""


def create_app(services: Services) -> FastAPI:
    """The HTTP app over what it is given; it opens nothing that it would have to close."""
    meters = Meters()
    app = FastAPI(
        title="modelwatch",
        version=__version__,
        openapi_url="/openapi.json",
        docs_url=None,
        redoc_url=None,
        middleware=[
            Middleware(EncodedPaths),
            Middleware(Observe, meters=meters),
            Middleware(Guard, settings=services.settings),
        ],
    )
    app.state.services = services
    app.state.meters = meters
    app.state.decoders = anyio.CapacityLimiter(DECODERS)
    app.state.askers = anyio.CapacityLimiter(ASKERS)
    app.state.graph = build_schema()
    problems.install(app)
    app.include_router(ingest.router)
    app.include_router(graphql.router)
    app.include_router(health.router)
    return app
