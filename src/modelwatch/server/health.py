"""Is the process up, can it take batches, and how far is the fold: for supervisors and for Prometheus."""

from __future__ import annotations

from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel
from starlette.responses import Response

from modelwatch.server.permission import permission
from modelwatch.server.queries.system import read_lag, read_system
from modelwatch.server.services import Given, Measured
from modelwatch.store.channels import totals_by_kind
from modelwatch.store.engine import reading

STALE_SECONDS = 60.0
"""A fold whose oldest waiting record is older than this is not keeping up."""
router = APIRouter(tags=["health"])


class Health(BaseModel):
    """The process answers."""

    status: str


class Readiness(BaseModel):
    """Whether batches can be taken, and how far the worker is behind."""

    status: str
    log: str
    fold_lag_seconds: float
    fold_lag_bytes: int
    fold_age_seconds: float | None


@router.get("/healthz", summary="Is the process up?", response_model=Health)
async def healthz() -> Health:
    """Answers while the process lives; touches nothing."""
    return Health(status="ok")


@router.get("/readyz", summary="Can batches be taken?", response_model=Readiness, responses={503: {"model": Readiness}})
def readyz(services: Given, meters: Measured, response: Response) -> Readiness:
    """503 while the log cannot be written. A fold that is behind is told, and refuses nobody: the log holds."""
    with reading(services.engine) as connection:
        lag = read_lag(connection, services.log, services.consumer, services.clock())
    log = meters.log_state
    response.status_code = 200 if log == "writable" else 503
    return Readiness(
        status=log if log != "writable" else "behind" if lag.seconds > STALE_SECONDS else "ok",
        log=log,
        fold_lag_seconds=lag.seconds,
        fold_lag_bytes=lag.bytes,
        fold_age_seconds=lag.age_seconds,
    )


@router.get(
    "/metrics",
    summary="Measurements for Prometheus",
    dependencies=[permission("read")],
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
def metrics(services: Given, meters: Measured) -> Response:
    """The text format of Prometheus."""
    with reading(services.engine) as connection:
        system = read_system(connection, services.log, services.consumer, services.clock())
        meters.messages.set(totals_by_kind(connection))
    meters.log_end.set(system.lag.end)
    meters.folded.set(system.lag.folded)
    meters.lag_bytes.set(system.lag.bytes)
    meters.lag_seconds.set(system.lag.seconds)
    meters.quarantined.set(system.quarantined)
    meters.open_alerts.set(system.open_alerts)
    return Response(generate_latest(meters.registry), media_type=CONTENT_TYPE_LATEST)
