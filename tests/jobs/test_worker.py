"""The worker as a whole, in its own threads: from an appended record to a checked window, and an end without loss."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from modelwatch.alerts.notification import Notification, Told
from modelwatch.alerts.notifiers.contract import Delivery
from modelwatch.assembly import build_worker, prepare
from modelwatch.core.level import Level
from modelwatch.core.wire import Kind
from modelwatch.ingest.decode import decode
from modelwatch.jobs.worker import Worker
from modelwatch.lake.contract import TableKey
from modelwatch.log.embedded import EmbeddedLog
from modelwatch.log.entry import Entry, encode
from modelwatch.settings import Settings
from modelwatch.store import models
from modelwatch.store.checks import newest_check
from modelwatch.store.engine import reading, writing
from modelwatch.store.profiles import Series
from modelwatch.store.sequential import load_crossings


def until(condition: Callable[[], bool], seconds: float = 30) -> None:
    """Return when the condition holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.02)


def append(log: EmbeddedLog, rows: int, first: int, shift: float = 0.0) -> None:
    """One request with predictions of the last hour."""
    now = time.time_ns() // 1000
    rng = np.random.default_rng(first)
    body = [
        {
            "model_id": "m",
            "model_version": "1",
            "prediction_id": f"p{first + i}",
            "prediction_score": float(rng.random()),
            "features": {"x": float(rng.normal(shift))},
            "timestamp": now / 1e6 - 3600 * (1 - i / rows),
        }
        for i in range(rows)
    ]
    decoded = decode(json.dumps(body).encode(), "application/json", Kind.PREDICTIONS, now, lambda: "unused")
    log.append(encode(Entry(now, "default", decoded.parts, decoded.rejected)), None, now).result()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    found = Settings(data=str(tmp_path / "data"), hold_rows=500)
    prepare(found)
    return found


def start(settings: Settings) -> tuple[Worker, threading.Thread]:
    worker = build_worker(settings)
    thread = threading.Thread(target=worker.run)
    thread.start()
    return worker, thread


def test_rows_are_folded_checked_and_flushed_at_the_end(settings: Settings) -> None:
    log = EmbeddedLog(settings.folder / "log")
    worker, thread = start(settings)
    append(log, 3000, 0)

    def checked() -> bool:
        with reading(worker.engine) as connection:
            return newest_check(connection, Series(1)) is not None

    until(checked)
    append(log, 100, 3000)
    worker.stop()
    thread.join(60)
    assert not thread.is_alive()
    with reading(worker.engine) as connection:
        (deployment,) = models.list_deployments(connection)
        check = newest_check(connection, Series(1))
    assert deployment.live_us is not None
    assert deployment.length_us is not None
    assert check is not None
    key = TableKey("default", "m", Kind.PREDICTIONS)
    assert worker.lake.scan(key, ["prediction_id"], 0, 2**62).read_all().num_rows == deployment.rows
    log.close()
    again, thread = start(settings)
    until(lambda: again.fold.position >= LogEnd(settings).end)
    again.stop()
    thread.join(60)
    with reading(again.engine) as connection:
        assert models.list_deployments(connection)[0].rows == 3100
    assert again.lake.scan(key, ["prediction_id"], 0, 2**62).read_all().num_rows == 3100
    worker.engine.dispose()
    again.engine.dispose()


class LogEnd:
    """The durable end of the log."""

    def __init__(self, settings: Settings) -> None:
        from modelwatch.log.reader import LogReader

        reader = LogReader(settings.folder / "log")
        self.end = reader.end()
        reader.close()


def test_a_failing_check_is_shown_and_does_not_stop_the_worker(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from modelwatch.jobs import worker as module

    def broken(*_: object) -> int:
        raise RuntimeError("broken check")

    monkeypatch.setattr(module, "check_series", broken)
    log = EmbeddedLog(settings.folder / "log")
    worker, thread = start(settings)
    append(log, 1000, 0)

    def failed() -> bool:
        with reading(worker.engine) as connection:
            found = models.list_deployments(connection)
            return bool(found) and found[0].level.value == "error"

    until(failed)
    append(log, 500, 1000)

    def folded() -> bool:
        with reading(worker.engine) as connection:
            return models.list_deployments(connection)[0].rows == 1500

    until(folded)
    worker.stop()
    thread.join(60)
    log.close()
    worker.engine.dispose()


def test_a_critical_model_is_told_of_without_a_check(settings: Settings) -> None:
    """No check runs in this worker, so that only the fold can have raised the alert."""
    settings = replace(settings, webhook_url="http://127.0.0.1:9/")
    log = EmbeddedLog(settings.folder / "log")
    worker = build_worker(settings)
    told: list[Notification] = []
    arrived = threading.Event()

    def send(_channel: object, notification: Notification, _thread: object) -> Delivery:
        told.append(notification)
        arrived.set()
        return Delivery(True)

    worker.sending.send = send
    worker.runner.submit = lambda series: None  # type: ignore[method-assign]
    thread = threading.Thread(target=worker.run)
    thread.start()
    append(log, 1000, 0)

    def known() -> bool:
        with reading(worker.engine) as connection:
            return any(row.binning_hash for row in models.list_models(connection, "default"))

    until(known)
    with writing(worker.engine) as connection:
        models.set_settings(connection, 1, "binary", {"critical": True})
    critical = worker.fold.critical
    assert critical is not None
    until(lambda: bool(critical.watched))
    for first in range(1000, 3000, 200):
        append(log, 200, first, shift=3.0)
    assert arrived.wait(30)
    assert (told[0].told, told[0].channel, told[0].lines[0].level) == (Told.OPENED, "webhook", Level.CRITICAL)
    assert told[0].lines[0].sure
    with reading(worker.engine) as connection:
        assert newest_check(connection, Series(1)) is None
        assert load_crossings(connection, 1, 0)
    worker.stop()
    thread.join(60)
    log.close()
    worker.engine.dispose()
