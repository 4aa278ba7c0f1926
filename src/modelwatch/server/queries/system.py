"""How the server itself is doing: counts of rows, and how far the fold is behind the log."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from modelwatch.core.wire import DEFAULT_PROJECT
from modelwatch.log import Readable
from modelwatch.log.waiting import oldest_waiting
from modelwatch.store import drops, ledger, self_facts
from modelwatch.store.alert_list import count_open
from modelwatch.store.tables import offsets


@dataclass(frozen=True, slots=True)
class Lag:
    """`folded` and `end` are log positions; `seconds` is the age of the oldest record that waits, 0 when none does.

    `age_seconds` is how long ago the fold last committed, None when it never did.
    """

    folded: int
    end: int
    bytes: int
    seconds: float
    age_seconds: float | None


@dataclass(frozen=True, slots=True)
class System:
    """Rows of all kinds as the fold has counted them; `quarantined` are the rejected rows that are still kept,
    `client_dropped` those that senders say they dropped. `stuck` says what stands still, or is not as it should be."""

    lag: Lag
    accepted: int
    rejected: int
    quarantined: int
    open_alerts: int
    client_dropped: int
    stuck: list[str]


def read_lag(connection: Connection, log: Readable, consumer: str, now_us: int) -> Lag:
    """How far the fold is behind."""
    row = connection.execute(select(offsets).where(offsets.c.consumer == consumer)).one_or_none()
    end = log.end()
    folded = min(log.first() if row is None else row.position, end)
    age = None if row is None else max(0.0, (now_us - row.updated_us) / 1e6)
    return Lag(folded, end, end - folded, oldest_waiting(log, folded, end, now_us), age)


def read_system(
    connection: Connection, log: Readable, consumer: str, now_us: int, project: str = DEFAULT_PROJECT
) -> System:
    """The counts of a project and the lag of the fold."""
    accepted, rejected = ledger.total_tallies(connection, project)
    return System(
        read_lag(connection, log, consumer, now_us),
        accepted,
        rejected,
        ledger.count_quarantine(connection, project),
        count_open(connection, project),
        drops.total_drops(connection, project),
        self_facts.standing(connection, now_us),
    )
