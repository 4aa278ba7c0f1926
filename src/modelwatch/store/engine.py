"""How the database is opened: SQLite in WAL mode, safe against the WAL-reset bug of SQLite 3.7.0 to 3.51.2.

With automatic checkpoints two connections can lose committed pages. So no connection ever checkpoints by itself
(`wal_autocheckpoint=0`), and one process alone, the worker, runs `wal_checkpoint(TRUNCATE)`, which holds the writer
lock, so that no commit can fall into it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text


def open_database(file: Path) -> Engine:
    """An engine on the SQLite file, whose transactions take the write lock when they begin with `writing`."""
    engine = create_engine(f"sqlite:///{file}", connect_args={"timeout": 30.0, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "wal_autocheckpoint=0",
            "foreign_keys=ON",
            "busy_timeout=30000",
            "cache_size=-32768",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        mode = connection.get_execution_options().get("modelwatch_begin", "BEGIN")
        connection.exec_driver_sql(mode)

    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One write transaction: it holds the write lock from its first statement, and is durable when it ends."""
    with engine.connect().execution_options(modelwatch_begin="BEGIN IMMEDIATE") as connection, connection.begin():
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One read transaction: all its queries see the same state."""
    with engine.connect() as connection, connection.begin():
        yield connection


def checkpoint(engine: Engine) -> None:
    """Move the write-ahead log into the database file. For the worker process alone; see the top of this file."""
    with engine.connect() as connection:
        connection.commit()
        raw = connection.connection.driver_connection
        if raw is not None:
            raw.execute("PRAGMA busy_timeout=0").close()
            try:
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
            finally:
                raw.execute("PRAGMA busy_timeout=30000").close()


def version(engine: Engine) -> str:
    """The SQLite library in use, for `modelwatch doctor`."""
    with engine.connect() as connection:
        return str(connection.execute(text("select sqlite_version()")).scalar_one())
