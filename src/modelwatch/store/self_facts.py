"""What the database says about how modelwatch itself is doing, and how often its worker began anew."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, delete, exists, func, insert, select, update

from modelwatch.alerts.life import ON
from modelwatch.core.wire import SYSTEM_PROJECT
from modelwatch.store import models
from modelwatch.store.channels import BUILT_IN
from modelwatch.store.messages import DEAD
from modelwatch.store.models import DeploymentRow
from modelwatch.store.notify_tables import channel_states, channels, messages, worker_starts
from modelwatch.store.outcome_tables import label_inbox
from modelwatch.store.tables import alerts

MODEL: Final = "modelwatch"
ENVIRONMENT: Final = "system"
VERSION: Final = "self"
KEPT_STARTS: Final = 50
QUIET_US: Final = 5 * 60 * 1_000_000


def own_deployment(connection: Connection, now_us: int) -> DeploymentRow:
    """What the alerts about modelwatch itself are about, made when it is missing."""
    model = models.ensure_model(connection, SYSTEM_PROJECT, MODEL, now_us)
    return models.ensure_deployment(connection, model.id, ENVIRONMENT, VERSION, now_us)


def find_own(connection: Connection) -> DeploymentRow | None:
    """The same, if there is any."""
    model = models.find_model(connection, SYSTEM_PROJECT, MODEL)
    found = [] if model is None else models.list_deployments(connection, model.id)
    return found[0] if found else None


def oldest_label(connection: Connection) -> int | None:
    """When the labels came that wait longest to be joined for the first time."""
    query = select(func.min(label_inbox.c.received_us)).where(~label_inbox.c.orphaned)
    return connection.execute(query).scalar_one_or_none()


def dead_letters(connection: Connection, since_us: int) -> int:
    """The messages that were given up since then."""
    query = select(func.count()).select_from(messages)
    return int(connection.execute(query.where(messages.c.state == DEAD, messages.c.done_us >= since_us)).scalar_one())


def failing_channels(connection: Connection, since_us: int) -> list[str]:
    """The channels that failed since then and have delivered nothing after it; none that is off or was deleted, for
    nothing is to be delivered there. The operator's webhook has no row."""
    c = channel_states.c
    after = c.delivered_us.is_(None) | (c.delivered_us < c.failed_us)
    row = channels.c.project == c.project, channels.c.name == c.channel, channels.c.enabled
    on = (c.channel == BUILT_IN) | exists().where(*row)
    query = select(c.channel).where(c.failed_us >= since_us, after, on).order_by(c.channel)
    return list(connection.execute(query).scalars())


def worker_began(connection: Connection, now_us: int) -> int:
    """Note that a worker begins; its row goes when it ends as it should. Returns the row's id."""
    key = connection.execute(insert(worker_starts).values(at_us=now_us)).inserted_primary_key
    assert key is not None
    kept = select(worker_starts.c.id).order_by(worker_starts.c.id.desc()).limit(KEPT_STARTS)
    connection.execute(delete(worker_starts).where(worker_starts.c.id.not_in(kept.scalar_subquery())))
    return int(key[0])


def worker_lives(connection: Connection, start_id: int, now_us: int) -> None:
    """Note that the worker looks after itself."""
    connection.execute(update(worker_starts).where(worker_starts.c.id == start_id).values(seen_us=now_us))


def worker_ended(connection: Connection, start_id: int) -> None:
    """Note that a worker ended as it should."""
    connection.execute(delete(worker_starts).where(worker_starts.c.id == start_id))


def worker_seen(connection: Connection) -> int | None:
    """When the present worker looked after itself for the last time, or began."""
    query = select(worker_starts).order_by(worker_starts.c.id.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return None if row is None else row.seen_us or row.at_us


def deaths(connection: Connection, start_id: int, since_us: int) -> int:
    """How many workers before this one began since then and never ended as they should."""
    query = select(func.count()).where(worker_starts.c.id < start_id, worker_starts.c.at_us >= since_us)
    return int(connection.execute(query.select_from(worker_starts)).scalar_one())


def standing(connection: Connection, now_us: int, quiet_us: int = QUIET_US) -> list[str]:
    """What stands still, as the database tells it to other processes."""
    seen = worker_seen(connection)
    found = [] if seen is None or now_us - seen <= quiet_us else ["the worker has not looked after itself for minutes"]
    own = find_own(connection)
    if own is not None:
        going_on = (alerts.c.deployment_id == own.id, alerts.c.status.in_(ON))
        found += connection.execute(select(alerts.c.title).where(*going_on).order_by(alerts.c.id)).scalars()
    return found
