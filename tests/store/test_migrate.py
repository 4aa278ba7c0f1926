"""Migrations go up, down and up again, give the tables that the code has, and refuse the future."""

import os
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from modelwatch.assembly import database, prepare
from modelwatch.errors import Conflict, StorageFailed
from modelwatch.log.embedded import hold
from modelwatch.settings import Settings
from modelwatch.store import outcome_tables
from modelwatch.store.engine import open_database, writing
from modelwatch.store.migrate import downgrade, migrate, outdated


def test_up_down_up(engine: Engine) -> None:
    tables = set(outcome_tables.metadata.tables)
    assert tables <= set(inspect(engine).get_table_names())
    downgrade(engine, "base")
    assert not tables & set(inspect(engine).get_table_names())
    migrate(engine)
    assert tables <= set(inspect(engine).get_table_names())


def test_the_migrations_make_the_tables_of_the_code(engine: Engine) -> None:
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), outcome_tables.metadata) == []


def test_a_database_from_the_future_is_refused(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(text("update alembic_version set version_num = 'of-the-future'"))
    with pytest.raises(StorageFailed, match="of-the-future"):
        migrate(engine)


def test_migrating_twice_changes_nothing(tmp_path: Path) -> None:
    first = open_database(tmp_path / "one.db")
    migrate(first)
    migrate(first)
    with first.connect() as connection:
        assert connection.execute(text("select version_num from alembic_version")).scalar_one()
    first.dispose()


def test_an_older_version_that_still_runs_keeps_its_tables(tmp_path: Path) -> None:
    settings = Settings(data=str(tmp_path))
    prepare(settings)
    engine = database(settings)
    head = outdated(engine)
    downgrade(engine, "0008")
    running = hold(tmp_path / "log")
    with pytest.raises(Conflict, match="another process"):
        prepare(settings)
    assert (head, outdated(engine)) == (False, True)
    os.close(running)
    prepare(settings)
    assert not outdated(engine)
    engine.dispose()
