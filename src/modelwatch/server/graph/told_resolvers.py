"""What the fields about groups of alerts and digests do."""

from __future__ import annotations

from typing import Annotated

import strawberry

from modelwatch.errors import NotFound
from modelwatch.server.graph.alert_resolvers import alert_number
from modelwatch.server.graph.context import Info
from modelwatch.server.queries import told as queries

GroupId = Annotated[strawberry.ID, strawberry.argument(name="id")]


def alert_group(info: Info, group_id: GroupId) -> queries.AlertGroup | None:
    """The group that a message links to, or null."""
    try:
        return queries.read_group(info.context.connection, alert_number(group_id))
    except NotFound:
        return None


def digest(info: Info, channel: str) -> queries.DigestPreview:
    """What the next digest of a channel would say."""
    context = info.context
    return queries.shown_digest(channel, context.services.digest(context.connection, channel, context.wall_us))
