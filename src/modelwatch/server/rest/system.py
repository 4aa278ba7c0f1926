"""/api/v1/system and /api/v1/quarantine: how the server is doing, and what it could not take."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from modelwatch.core.wire import DEFAULT_PROJECT
from modelwatch.server.permission import permission
from modelwatch.server.rest import shapes
from modelwatch.server.services import Given, Measured
from modelwatch.server.state import SystemState, system_state
from modelwatch.store.engine import reading
from modelwatch.store.ledger import list_quarantine

router = APIRouter(prefix="/api/v1", tags=["system"], dependencies=[permission("read")])


@router.get("/system", summary="How the server is doing", response_model=shapes.SystemState)
def get_system(services: Given, meters: Measured) -> SystemState:
    """Counts of rows, rate of arrival, and how far the fold is behind the log."""
    with reading(services.engine) as connection:
        return system_state(connection, services, meters, services.clock())


@router.get("/quarantine", summary="Rejected rows", response_model=shapes.Quarantine)
def get_quarantine(
    services: Given,
    model_id: str | None = None,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
    cursor: Annotated[int | None, Query(description="`next` of the page before", ge=0, le=2**63 - 1)] = None,
) -> dict[str, Any]:
    """Rows that were not taken, the newest first, each with its reason and as much of it as was kept."""
    with reading(services.engine) as connection:
        found = list_quarantine(connection, DEFAULT_PROJECT, model_id, cursor, limit + 1)
    page = [
        shapes.Quarantined(
            id=row.id,
            model=row.model,
            received_at=row.received_us,
            row=row.row,
            reason=row.reason,
            detail=row.detail,
            record=row.record,
        )
        for row in found[:limit]
    ]
    return {"rows": page, "next": page[-1].id if len(found) > limit else None}
