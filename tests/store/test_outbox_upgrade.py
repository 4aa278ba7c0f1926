"""What stood in the outbox of an older version: told once and for all, or planned anew."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select, text

from modelwatch.alerts.stages.group import Group
from modelwatch.store import cases, groups
from modelwatch.store.engine import open_database, reading, writing
from modelwatch.store.migrate import downgrade, migrate
from modelwatch.store.tables import alerts

ALERT = (
    "insert into alerts (id, model_id, deployment_id, kind, level, status, title, items, peak_level, peak_items,"
    " historic, opened_us, checked_us, by_hand) values (:id, 1, 1, 'data_drift', 'warning', :status, '', '[]',"
    " 'warning', '[]', false, 0, 0, false)"
)
OUTBOX = (
    "insert into outbox (alert_id, channel, key, payload, state, next_us)"
    " values (:alert, 'webhook', :key, '{}', :state, 0)"
)


def test_what_was_told_is_not_told_again_and_what_waited_is_planned(tmp_path: Path) -> None:
    engine = open_database(tmp_path / "modelwatch.db")
    migrate(engine)
    downgrade(engine, "0008")
    with writing(engine) as connection:
        connection.execute(text("insert into models (id, project, name, created_us) values (1, 'default', 'm', 0)"))
        connection.execute(
            text("insert into deployments (id, model_id, environment, version, seen_us) values (1, 1, 'p', '1', 0)")
        )
        for number, status in ((1, "firing"), (2, "firing"), (3, "resolved"), (4, "firing")):
            connection.execute(text(ALERT), {"id": number, "status": status})
        for alert, state in ((1, "sent"), (2, "waiting"), (3, "sent")):
            connection.execute(text(OUTBOX), {"alert": alert, "key": f"k{alert}", "state": state})
    migrate(engine)
    with reading(engine) as connection:
        changed = connection.execute(select(alerts.c.id).where(alerts.c.changed_us.is_not(None))).scalars().all()
        assert changed == [2]
        (group,) = groups.load_groups(connection, "default", "webhook", [1], 2**62)
        assert isinstance(group, Group)
        assert [(m.case.id, m.told_status, m.told_level) for m in group.members] == [(1, "firing", "warning")]
        assert (group.sends, group.closed) == (1, False)
        assert cases.changed_ids(connection, 2**62, 10) == [2]
    engine.dispose()
