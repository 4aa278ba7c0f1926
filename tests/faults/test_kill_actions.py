"""kill -9 of the worker at every boundary of an action: it is done, at most once more than meant, with one key."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from modelwatch.store.engine import open_database
from modelwatch.store.migrate import migrate
from tests.alerts.receivers import Receiver, receiving
from tests.faults.acting import MOMENTS
from tests.jobs.acting import Place, over_loopback

ROOT = Path(__file__).parents[2]


def lives(place: Place, service: Receiver, moments: Sequence[str]) -> None:
    """A worker that is killed at each of the moments, one after the other, and one that is not."""
    place.act(webhook={"url": f"{service.url}/hook", "secret": "s"}, timeout_seconds=5)
    place.alert()
    for moment in moments:
        command = [sys.executable, "-m", "tests.faults.acting", str(place.folder), str(place.clock()), moment]
        died = subprocess.run(command, cwd=ROOT, check=False, timeout=120)
        assert died.returncode == -signal.SIGKILL
        place.clock.forward(0.1)
    place.job.ways = over_loopback
    for _ in range(3):
        place.step()
        place.clock.forward(0.1)


@pytest.mark.parametrize(
    ("moments", "state", "requests"),
    [
        (["proposing"], "done", 1),
        (["begun"], "done", 1),
        (["sent"], "done", 2),
        (["done"], "done", 1),
        pytest.param(["begun", "sent"], "failed", 1, marks=pytest.mark.soak),
        (["sent", "sent"], "failed", 2),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, list) else "",
)
def test_an_action_outlives_its_worker(tmp_path: Path, moments: list[str], state: str, requests: int) -> None:
    assert set(moments) <= set(MOMENTS)
    engine = open_database(tmp_path / "modelwatch.db")
    migrate(engine)
    with receiving(lambda _: (200, {}, b"{}")) as service:
        place = Place(engine, tmp_path)
        lives(place, service, moments)
        run = place.run()
        place.job.close()
    assert run.state == state
    assert [heard.headers["idempotency-key"] for heard in service.heard] == [run.key] * requests
    assert len({heard.body for heard in service.heard}) == 1
    engine.dispose()
