"""Bring a database to the shape that this version of the code needs."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from modelwatch.errors import StorageFailed


def settings(connection: Connection) -> Config:
    """Alembic's configuration for a connection; there is no ini file."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def migrate(engine: Engine, revision: str = "head") -> None:
    """Run the migrations up to `revision`; a database of a newer version than the code is refused."""
    with engine.connect() as connection:
        config = settings(connection)
        current = MigrationContext.configure(connection).get_current_revision()
        known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
        connection.commit()
        if current is not None and current not in known:
            raise StorageFailed(
                f"the database has revision {current}, which this version does not know",
                hint="start the version of modelwatch that wrote it, or a newer one",
            )
        if revision != "head" or current != ScriptDirectory.from_config(config).get_current_head():
            command.upgrade(config, revision)
            connection.commit()


def outdated(engine: Engine) -> bool:
    """True when a version before this one wrote the database."""
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
        return current not in (None, ScriptDirectory.from_config(settings(connection)).get_current_head())


def downgrade(engine: Engine, revision: str) -> None:
    """Undo migrations down to `revision` (`base` is an empty database)."""
    with engine.connect() as connection:
        command.downgrade(settings(connection), revision)
        connection.commit()
