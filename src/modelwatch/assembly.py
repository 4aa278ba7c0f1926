"""The only module that knows which implementation runs: settings in, a running api or worker out.

Each role imports what it runs on inside its own function: the api starts without the kernels and Delta, the worker
without the web.
"""

from __future__ import annotations

import os
import time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from modelwatch.settings import Settings
from modelwatch.store.engine import open_database
from modelwatch.store.migrate import migrate, outdated

if TYPE_CHECKING:
    from fastapi import FastAPI
    from sqlalchemy import Connection, Engine

    from modelwatch.alerts.notification import Notification
    from modelwatch.alerts.notifiers.contract import Transport
    from modelwatch.jobs.dispatch import Telling
    from modelwatch.jobs.remediate import Remediate
    from modelwatch.jobs.self_watch import Beat
    from modelwatch.jobs.send import Send
    from modelwatch.jobs.worker import Worker
    from modelwatch.lake.contract import Lake

FLUSH_ROWS = 200_000
"""Rows of one table that go to the lake without waiting any longer: a good size for a Parquet file."""


def clock_us() -> int:
    """The wall clock in microseconds since 1970."""
    return time.time_ns() // 1000


def prepare(settings: Settings) -> Path:
    """The data folder with everything in it that a process expects to find; raises `Conflict` when the database is of
    an older version that still runs."""
    from modelwatch.log.embedded import hold

    folder = settings.folder
    for name in ("log", "lake", "references"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    build_send(settings)  # what is wrong with its settings is said before any process starts
    engine = database(settings)
    if outdated(engine):
        os.close(hold(folder / "log"))  # an older version that still runs would lose its tables
    migrate(engine)
    engine.dispose()
    return folder


def database(settings: Settings) -> Engine:
    """The database of the data folder."""
    return open_database(settings.folder / "modelwatch.db")


def address(settings: Settings) -> str:
    """Where people find the dashboard and clients the API."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{settings.port}"


def public_address(settings: Settings) -> str:
    """Where links in messages and requests point."""
    return settings.public_url.rstrip("/") or address(settings)


def build_api(settings: Settings) -> FastAPI:
    """The HTTP application on the embedded log."""
    from modelwatch.log.embedded import EmbeddedLog
    from modelwatch.server.app import create_app
    from modelwatch.server.services import Services
    from modelwatch.server.single_label import Matcher
    from modelwatch.store import ledger
    from modelwatch.store.engine import reading

    log, engine = EmbeddedLog(settings.folder / "log"), database(settings)
    lake = cache(lambda: open_lake(settings))

    def in_lake() -> int:
        with reading(engine) as connection:
            return ledger.load_offset(connection, ledger.LAKE) or log.first()

    matcher = Matcher(lake, log, in_lake, int(settings.lake_flush_seconds * 1e6))
    references, send = settings.folder / "references", build_send(settings)
    telling = telling_of(settings)

    def digest(connection: Connection, channel: str, now_us: int) -> Notification | None:
        from modelwatch.jobs.dispatch import next_digest_of

        return next_digest_of(connection, channel, telling, now_us)

    services = Services(settings, engine, log, clock_us, references, lake, matcher=matcher, send=send, digest=digest)
    return create_app(services)


def open_lake(settings: Settings) -> Lake:
    """The lake of the data folder."""
    from modelwatch.lake.local import LocalLake

    return LocalLake(settings.folder / "lake", clock_us)


def build_send(settings: Settings) -> Send:
    """What makes one try to tell somebody something; raises `InvalidSettings`."""
    from modelwatch.jobs.addresses import allowed
    from modelwatch.jobs.outgoing import Outgoing, host_of, trusted
    from modelwatch.jobs.send import Send
    from modelwatch.store.vault import Vault

    tls = trusted(settings.outgoing_ca_file)
    ways = Outgoing(allowed(settings.outgoing_allow), tls)
    operators = Outgoing(allowed(settings.outgoing_allow, host_of(settings.webhook_url)), tls)
    return Send(Vault(settings.folder, settings.secret_key), ways.transport(), operators.transport())


def telling_of(settings: Settings) -> Telling:
    """How people are told."""
    from modelwatch.alerts.stages.group import Timing
    from modelwatch.jobs.dispatch import Telling

    timing = Timing(
        wait_us=int(settings.group_wait_seconds * 1e6),
        interval_us=int(settings.group_interval_seconds * 1e6),
        repeat_us=int(settings.repeat_interval_seconds * 1e6),
        by=settings.group_by,
    )
    return Telling(
        public_address(settings), settings.webhook_url, timing, settings.digest_hour, settings.digest_timezone
    )


def build_remediate(settings: Settings, engine: Engine) -> Remediate:
    """What does something about alerts that last; raises `InvalidSettings`."""
    from modelwatch.jobs.addresses import allowed
    from modelwatch.jobs.outgoing import Outgoing, trusted
    from modelwatch.jobs.remediate import Remediate
    from modelwatch.store.vault import Vault

    reach, tls = allowed(settings.outgoing_allow), trusted(settings.outgoing_ca_file)

    def ways(seconds: float) -> Transport:
        return Outgoing(reach, tls, deadline_s=seconds).transport()

    return Remediate(engine, Vault(settings.folder, settings.secret_key), ways, public_address(settings), clock_us)


def beat_of(settings: Settings) -> Beat | None:
    """How a watcher outside is told that all goes on; the operator chose the address, so it may be a private one."""
    from modelwatch.jobs.addresses import allowed
    from modelwatch.jobs.outgoing import Outgoing, host_of, trusted
    from modelwatch.jobs.self_watch import Beat

    if not settings.heartbeat_url:
        return None
    reach = allowed(settings.outgoing_allow, host_of(settings.heartbeat_url))
    ways = Outgoing(reach, trusted(settings.outgoing_ca_file)).transport()
    return Beat(settings.heartbeat_url, int(settings.heartbeat_seconds * 1e6), ways.http)


def build_worker(settings: Settings) -> Worker:
    """The worker on the embedded log, the local lake and SQLite."""
    from modelwatch.jobs.critical import Critical
    from modelwatch.jobs.deliver import Deliver
    from modelwatch.jobs.fold import Fold, FoldOptions
    from modelwatch.jobs.worker import Worker, WorkerOptions
    from modelwatch.lake.buffer import Buffer
    from modelwatch.log.reader import LogReader
    from modelwatch.store.actions import reseal_actions
    from modelwatch.store.channels import reseal
    from modelwatch.store.engine import writing

    engine, send = database(settings), build_send(settings)
    with writing(engine) as connection:
        reseal(connection, send.vault)
        reseal_actions(connection, send.vault)
    lake = open_lake(settings)
    buffer = Buffer(settings.lake_buffer_mb * 1024 * 1024)
    reader = LogReader(settings.folder / "log")
    options = FoldOptions(hold_rows=settings.hold_rows)
    critical = Critical(engine, clock_us)
    fold = Fold(engine, reader, lake, buffer, settings.folder / "references", clock_us, options, critical)
    return Worker(
        engine,
        fold,
        lake,
        clock_us,
        WorkerOptions(
            check_interval_us=int(settings.check_interval_seconds * 1e6),
            flush_us=int(settings.lake_flush_seconds * 1e6),
            flush_rows=FLUSH_ROWS,
            beat=beat_of(settings),
        ),
        telling_of(settings),
        Deliver(engine, send, clock_us, settings.webhook_url),
        build_remediate(settings, engine),
    )
