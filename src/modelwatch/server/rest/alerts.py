"""/api/v1/alerts: the inbox, page by page, and each of them."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from modelwatch.alerts.life import Status
from modelwatch.core.level import Level
from modelwatch.core.wire import DEFAULT_PROJECT
from modelwatch.server.permission import permission
from modelwatch.server.queries.alerts import Alert, read_alert, read_alerts
from modelwatch.server.rest import shapes
from modelwatch.server.services import Given
from modelwatch.store.alert_list import AlertFilter, count_statuses
from modelwatch.store.engine import reading

LARGEST = 2**63 - 1
AlertId = Annotated[int, Path(ge=0, le=LARGEST)]
router = APIRouter(prefix="/api/v1", tags=["alerts"])


@router.get("/alerts", summary="List alerts", response_model=shapes.Alerts, dependencies=[permission("read")])
def list_alerts(
    services: Given,
    model_id: str | None = None,
    environment: str | None = None,
    version: str | None = None,
    status: Annotated[list[Status] | None, Query(description="may be given more than once")] = None,
    level: Annotated[list[Level] | None, Query(description="may be given more than once")] = None,
    kind: Annotated[list[str] | None, Query(description="may be given more than once")] = None,
    assigned_to: Annotated[str | None, Query(description="empty: assigned to nobody")] = None,
    group: Annotated[int | None, Query(description="alerts that were told together", ge=0, le=LARGEST)] = None,
    text: Annotated[str | None, Query(description="part of the title or a name, in any case", max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    cursor: Annotated[int | None, Query(description="`next` of the page before", ge=0, le=LARGEST)] = None,
) -> dict[str, Any]:
    """Alerts that go on first, then the newest; pending ones only when `status` asks for them."""
    wanted = AlertFilter(
        DEFAULT_PROJECT, model_id, environment, version, status, level, kind, assigned_to, group, text, cursor
    )
    with reading(services.engine) as connection:
        found = read_alerts(connection, wanted, limit + 1)
        counts = count_statuses(connection, wanted)
    page = found[:limit]
    return {"alerts": page, "next": page[-1].id if len(found) > limit else None, "counts": counts}


@router.get("/alerts/{alert_id}", summary="One alert", response_model=shapes.Alert, dependencies=[permission("read")])
def get_alert(alert_id: AlertId, services: Given) -> Alert:
    """One alert with its columns and its history."""
    with reading(services.engine) as connection:
        return read_alert(connection, alert_id)
