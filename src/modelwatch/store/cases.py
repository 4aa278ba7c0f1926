"""Alerts as the stages of `alerts.stages` see them, and which of them are to be looked at."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, bindparam, func, insert, or_, select, update

from modelwatch.alerts.life import NO_DATA, ON
from modelwatch.alerts.matcher import About
from modelwatch.alerts.stages.case import Case
from modelwatch.alerts.stages.inhibit import BEHIND, INHIBITORS, outage_key
from modelwatch.core.level import Level
from modelwatch.core.window import DAY_US
from modelwatch.core.wire import DEFAULT_PROJECT, SYSTEM_PROJECT
from modelwatch.store.tables import alert_events, alerts, deployments, models

CHUNK: Final = 500


def changed_ids(connection: Connection, now_us: int, limit: int) -> list[int]:
    """The alerts that changed, or are to be looked at again, and are not planned since; the oldest change first."""
    query = select(alerts.c.id).where(alerts.c.changed_us <= now_us).order_by(alerts.c.changed_us, alerts.c.id)
    return list(connection.execute(query.limit(limit)).scalars())


def load_cases(connection: Connection, alert_ids: Sequence[int]) -> list[Case]:
    """Alerts by their ids, in order of id."""
    found: list[Case] = []
    for i in range(0, len(alert_ids), CHUNK):
        wanted = case_query().where(alerts.c.id.in_(alert_ids[i : i + CHUNK]))
        found += [case_row(row) for row in connection.execute(wanted)]
    return found


@cache
def case_query() -> Select[Any]:
    """Alerts with their names, and with how many of their kind opened in the day up to them."""
    before = alerts.alias("before")
    openings = (
        select(func.count())
        .where(
            before.c.deployment_id == alerts.c.deployment_id,
            before.c.kind == alerts.c.kind,
            before.c.rule_id.is_not_distinct_from(alerts.c.rule_id),
            before.c.opened_us > alerts.c.opened_us - DAY_US,
            before.c.opened_us <= alerts.c.opened_us,
            ~before.c.historic,
        )
        .scalar_subquery()
    )
    names = (models.c.project, models.c.name.label("model"), deployments.c.environment, deployments.c.version)
    return (
        select(alerts, *names, openings.label("openings"))
        .join(models, models.c.id == alerts.c.model_id)
        .join(deployments, deployments.c.id == alerts.c.deployment_id)
        .order_by(alerts.c.id)
    )


def case_row(row: Row[Any]) -> Case:
    """A row of `alerts` with its names as a value. What modelwatch tells of itself goes to the default project."""
    features = tuple(item["name"] for item in json.loads(row.items) if "figure" not in item)
    return Case(
        id=row.id,
        project=DEFAULT_PROJECT if row.project == SYSTEM_PROJECT else row.project,
        model_id=row.model_id,
        deployment_id=row.deployment_id,
        about=About(row.model, row.environment, row.version, row.kind, Level(row.level), features),
        status=row.status,
        opened_us=row.opened_us,
        historic=row.historic,
        wanted=tuple(json.loads(row.channels)),
        silenced_until_us=row.silenced_until_us,
        openings=row.openings,
    )


def load_outages(connection: Connection, cases: Sequence[Case]) -> dict[tuple[str, int], Case]:
    """The alerts that go on and may inhibit some of the cases."""
    about = sorted({case.deployment_id for case in cases})
    found: list[int] = []
    goes_on = (alerts.c.status.in_(ON), alerts.c.kind.in_(INHIBITORS), ~alerts.c.historic)
    for i in range(0, len(about), CHUNK):
        mine = or_(alerts.c.deployment_id.in_(about[i : i + CHUNK]), alerts.c.kind == BEHIND)
        found += connection.execute(select(alerts.c.id).where(*goes_on, mine)).scalars()
    return {outage_key(case): case for case in load_cases(connection, sorted(set(found)))}


def inhibited_by(connection: Connection, over: Sequence[Case]) -> list[int]:
    """The alerts that go on and may have been held back by one that is over now."""
    found: list[int] = []
    places = sorted({case.deployment_id for case in over})
    for i in range(0, len(places), CHUNK):
        mine = alerts.c.deployment_id.in_(places[i : i + CHUNK])
        found += connection.execute(select(alerts.c.id).where(mine, alerts.c.status.in_(ON))).scalars()
    if any(case.about.kind == BEHIND for case in over):
        silent = alerts.c.kind == NO_DATA
        found += connection.execute(select(alerts.c.id).where(silent, alerts.c.status.in_(ON))).scalars()
    return found


def load_reasons(connection: Connection, alert_ids: Collection[int]) -> dict[int, dict[str, str]]:
    """{alert: {channel: why it is not told there}} as it was last written."""
    ids, found = list(alert_ids), {}
    for i in range(0, len(ids), CHUNK):
        query = select(alerts.c.id, alerts.c.reasons).where(alerts.c.id.in_(ids[i : i + CHUNK]))
        found.update({row.id: json.loads(row.reasons) for row in connection.execute(query)})
    return found


def save_reasons(
    connection: Connection, reasons: Mapping[int, Mapping[str, str]], whole: Collection[int], now_us: int
) -> None:
    """Write why alerts are not told, and into their histories what is new of that. '' is no reason any more; of the
    alerts in `whole` nothing else holds, of others only some channels were looked at."""
    before = load_reasons(connection, reasons.keys())
    changed: dict[int, dict[str, str]] = {}
    for i, said in reasons.items():
        now = {name: text for name, text in ({} if i in whole else before[i]).items() if name not in said}
        now |= {name: text for name, text in said.items() if text}
        if now != before[i]:
            changed[i] = now
    rows = [{"alert": i, "said": json.dumps(said)} for i, said in changed.items()]
    if rows:
        statement = update(alerts).where(alerts.c.id == bindparam("alert")).values(reasons=bindparam("said"))
        connection.execute(statement, rows)
    lines = [
        {"alert_id": i, "at_us": now_us, "kind": "not_sent", "text": text, "by": ""}
        for i, said in changed.items()
        for text in dict.fromkeys(said.values())
        if text not in before[i].values()
    ]
    if lines:
        connection.execute(insert(alert_events), lines)


def note_linked(connection: Connection, alert_ids: Collection[int], channel: str, now_us: int) -> None:
    """Write into the histories of alerts that a message does not name that it tells of them all the same."""
    text = f"Told to {channel}, on the page that a message about many alerts links to"
    lines = [{"alert_id": i, "at_us": now_us, "kind": "told", "text": text, "by": ""} for i in alert_ids]
    if lines:
        connection.execute(insert(alert_events), lines)


def look_again_at(connection: Connection, wakes: Mapping[int, int | None]) -> None:
    """Set when alerts are to be looked at again, None for when they change."""
    rows = [{"alert": i, "at": at} for i, at in wakes.items()]
    if rows:
        statement = update(alerts).where(alerts.c.id == bindparam("alert")).values(changed_us=bindparam("at"))
        connection.execute(statement, rows)
