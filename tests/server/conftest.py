"""The app over a real embedded log and SQLite in a temporary folder, and the same with a watched model in it."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine

from modelwatch.lake.local import LocalLake
from modelwatch.log.embedded import EmbeddedLog
from modelwatch.server.services import Services
from modelwatch.settings import Settings
from modelwatch.store.engine import open_database
from modelwatch.store.migrate import migrate
from tests.server.running import NOW_US, asking, check, fold, send_history, set_window


def lake_in(folder: Path) -> Callable[[], LocalLake]:
    """Opens the lake of a data folder."""
    return lambda: LocalLake(folder / "lake", lambda: NOW_US)


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with its tables; copying it is quicker than making it."""
    file = tmp_path_factory.mktemp("empty") / "modelwatch.db"
    engine = open_database(file)
    migrate(engine)
    settle(engine)
    return file


def settle(engine: Engine) -> None:
    """Everything into the one file, so that it can be copied."""
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()


@pytest.fixture
def services(empty_database: Path, tmp_path: Path) -> Iterator[Services]:
    engine = open_database(shutil.copy(empty_database, tmp_path / "modelwatch.db"))
    log = EmbeddedLog(tmp_path / "log")
    settings = Settings(data=str(tmp_path))
    yield Services(
        settings,
        engine,
        log,
        lambda: NOW_US,
        tmp_path / "references",
        lake_in(tmp_path),
        dashboard=tmp_path / "dashboard",
    )
    log.close()
    engine.dispose()


@pytest.fixture
async def client(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    async with asking(services) as opened:
        yield opened


@pytest.fixture(scope="session")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which the model `fraud/eu` has drifted since its fourth day, folded and checked."""
    folder = tmp_path_factory.mktemp("history")
    engine = open_database(folder / "modelwatch.db")
    migrate(engine)
    log = EmbeddedLog(folder / "log")
    made = Services(Settings(data=str(folder)), engine, log, lambda: NOW_US, folder / "references", lake_in(folder))
    asyncio.run(send_history(made))
    fold(made)
    asyncio.run(set_window(made))
    check(made)
    log.close()
    settle(engine)
    return folder


@pytest.fixture
def watched_services(history: Path, tmp_path: Path) -> Iterator[Services]:
    folder = tmp_path / "watched"
    shutil.copytree(history, folder)
    engine = open_database(folder / "modelwatch.db")
    log = EmbeddedLog(folder / "log")
    yield Services(Settings(data=str(folder)), engine, log, lambda: NOW_US, folder / "references", lake_in(folder))
    log.close()
    engine.dispose()


@pytest.fixture
async def watched(watched_services: Services) -> AsyncIterator[httpx.AsyncClient]:
    async with asking(watched_services) as opened:
        yield opened
