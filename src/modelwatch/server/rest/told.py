"""/api/v1/alert-groups and the preview of a channel's digest: what was and will be told together."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path

from modelwatch.core.level import Level
from modelwatch.server.paths import decoded
from modelwatch.server.permission import permission
from modelwatch.server.queries import told as queries
from modelwatch.server.rest.alerts import LARGEST
from modelwatch.server.rest.shapes import Alert, Moment, Shape
from modelwatch.server.services import Given
from modelwatch.store.engine import reading

router = APIRouter(prefix="/api/v1", tags=["alerts"], dependencies=[permission("read")])
GroupId = Annotated[int, Path(ge=0, le=LARGEST)]


class AlertGroup(Shape):
    """Alerts that a channel was told together, those that go on first; at most 500 are listed. `next_at` is when the
    group is looked at again, `messages` how many it has sent."""

    id: int
    channel: str
    state: Literal["open", "closed", "digest"]
    scope: str
    opened_at: Moment
    told_at: Moment | None
    next_at: Moment | None
    messages: int
    count: int
    alerts: list[Alert]


class DigestLine(Shape):
    """One alert of a digest; `news` is opened, resolved, or '' for what goes on."""

    alert_id: int
    model: str
    version: str
    environment: str
    kind: str
    level: Level
    status: str
    title: str
    since: Moment
    news: str
    facts: list[str]


class DigestPreview(Shape):
    """What the next digest would say now: `lines` name alerts, `notes` columns that have been at notice for a week."""

    channel: str
    empty: bool
    title: str
    lines: list[DigestLine]
    more: int
    notes: list[str]


@router.get("/alert-groups/{group_id}", summary="Alerts that were told together", response_model=AlertGroup)
def get_group(group_id: GroupId, services: Given) -> queries.AlertGroup:
    """The group that a message links to."""
    with reading(services.engine) as connection:
        return queries.read_group(connection, group_id)


@router.get("/channels/{name}/digest", summary="What the next digest would say", response_model=DigestPreview)
def get_digest(name: str, services: Given) -> queries.DigestPreview:
    """Channels that take the level notice are sent one a day, unless it is empty."""
    channel = decoded(name)
    with reading(services.engine) as connection:
        return queries.shown_digest(channel, services.digest(connection, channel, services.clock()))
