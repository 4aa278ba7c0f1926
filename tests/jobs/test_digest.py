"""Notices that have held for a week enter the digest, once."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from sqlalchemy import Engine

from modelwatch.alerts.notification import Told
from modelwatch.core.column import ColumnKey
from modelwatch.core.level import CODE, Level
from modelwatch.core.wire import Role
from modelwatch.jobs import digest
from modelwatch.store import models
from modelwatch.store.checks import CheckRow, save_checks
from modelwatch.store.engine import writing
from modelwatch.store.profiles import Series
from tests.jobs.telling import DAY, HOUR, T0, Telltale

COLUMNS = [SimpleNamespace(key=ColumnKey(Role.FEATURE, name)) for name in ("age", "amount", "<b>shop")]


@pytest.fixture
def telltale(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Telltale:
    monkeypatch.setattr(digest, "load_binning", lambda *_: SimpleNamespace(columns=COLUMNS))
    made = Telltale(engine)
    made.channel("mail", min_level=Level.NOTICE)
    return made


def checked(telltale: Telltale, first: int, last: int, *levels: Level, binning: str = "b") -> None:
    """Windows of six hours with these levels of the columns, between two times."""
    with writing(telltale.engine) as connection:
        model = models.ensure_model(connection, "default", "fraud", T0)
        place = models.ensure_deployment(connection, model.id, "production", "1", T0)
        values = {"id": place.id, "level": Level.NOTICE.value, "last_event_us": last}
        models.update_deployments(connection, [values])
        codes = bytes(CODE[each] for each in levels)
        rows = [
            CheckRow(6 * HOUR, end, end, 500.0, Level.NOTICE, 0, 0.1, [], codes, codes, binning, None, b"")
            for end in range(first, last, 6 * HOUR)
        ]
        save_checks(connection, Series(place.id), rows)


def digests(telltale: Telltale) -> list[tuple[str, tuple[str, ...]]]:
    return [(each.title, each.notes) for each in telltale.told() if each.told is Told.DIGEST]


def test_what_has_been_at_notice_for_a_week_is_told_once(telltale: Telltale) -> None:
    checked(telltale, T0 - 8 * DAY, T0 + 3 * DAY, Level.NOTICE, Level.OK, Level.WARNING)
    telltale.run(T0 + 3 * DAY)
    said = [f"fraud 1 (production): {name} has been at notice for a week" for name in ("age", "<b>shop")]
    assert digests(telltale) == [("2 notices have held for a week", tuple(said))]


def test_a_week_with_a_quiet_window_a_gap_or_another_binning_is_none(telltale: Telltale) -> None:
    checked(telltale, T0 - 8 * DAY, T0, Level.NOTICE, Level.OK, Level.OK)
    checked(telltale, T0 - 3 * DAY, T0 - 3 * DAY + 1, Level.OK, Level.OK, Level.OK)
    checked(telltale, T0, T0 + 12 * HOUR, Level.NOTICE, Level.NOTICE, Level.OK)
    telltale.run(T0 + DAY)
    assert digests(telltale) == []
    checked(telltale, T0 - 8 * DAY, T0 + DAY, Level.NOTICE, Level.OK, Level.OK, binning="b")
    checked(telltale, T0 + 12 * HOUR, T0 + 2 * DAY, Level.NOTICE, Level.OK, Level.OK, binning="other")
    telltale.run(T0 + 2 * DAY)
    assert digests(telltale) == []


def test_windows_that_could_not_be_judged_decide_nothing(telltale: Telltale) -> None:
    checked(telltale, T0 - 8 * DAY, T0 + DAY, Level.NOTICE, Level.OK, Level.OK)
    few = Level.INSUFFICIENT_DATA
    checked(telltale, T0 - 3 * DAY, T0 - 2 * DAY, few, few, few)
    checked(telltale, T0 + DAY, T0 + DAY + 1, Level.NOTICE, Level.OK, Level.OK)
    telltale.run(T0 + DAY)
    assert [title for title, _ in digests(telltale)] == ["1 notice has held for a week"]
