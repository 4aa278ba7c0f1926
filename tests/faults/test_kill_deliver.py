"""kill -9 at every boundary while messages are sent: each arrives, none more than twice, twice with one key."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, insert, select

from modelwatch.store import channels, messages
from modelwatch.store.channels import Channel
from modelwatch.store.engine import open_database, reading, writing
from modelwatch.store.migrate import migrate
from modelwatch.store.notify_tables import messages as table
from modelwatch.store.notify_tables import notice_groups
from tests.faults.delivering import POINTS
from tests.jobs.http_receiver import receiving
from tests.jobs.sending import NOW_US, told

GROUPS, CHANNELS = 40, 3
ROOT = Path(__file__).parents[2]


def fill(engine: Engine, url: str, count: int) -> dict[str, int]:
    """Queue the messages; {key: group}."""
    migrate(engine)
    groups = {}
    with writing(engine) as connection:
        for i in range(CHANNELS):
            channels.add_channel(connection, Channel(-1, "default", f"c{i}", "webhook", {"url": f"{url}/{i}"}, b""))
        for i in range(GROUPS):
            values = {"project": "default", "channel": f"c{i % CHANNELS}", "state": "open", "opened_us": NOW_US}
            connection.execute(insert(notice_groups).values(key=f"g{i}", **values))
        for i in range(count):
            group = i % GROUPS
            groups[f"k{i:04d}"] = group
            channel = f"c{group % CHANNELS}"
            messages.queue_message(connection, told(f"k{i:04d}", channel), group + 1, NOW_US)
    return groups


def counts(engine: Engine) -> dict[str, int]:
    """{state: messages}."""
    with reading(engine) as connection:
        return {r[0]: r[1] for r in connection.execute(select(table.c.state, func.count()).group_by(table.c.state))}


@pytest.mark.parametrize(
    ("count", "times_each"), [(200, 1), pytest.param(1_000, 3, marks=pytest.mark.soak)], ids=["short", "whole"]
)
def test_each_message_arrives_and_none_more_than_twice(tmp_path: Path, count: int, times_each: int) -> None:
    engine = open_database(tmp_path / "modelwatch.db")
    chance = random.Random(5)
    latest = count // (len(POINTS) * times_each)
    kills = [(point, chance.randrange(5, latest)) for point in POINTS for _ in range(times_each)]
    chance.shuffle(kills)
    died = Counter[str]()
    with receiving() as receiver:
        groups = fill(engine, receiver.url, count)
        for i, (point, number) in enumerate([*kills, ("", 0)]):
            now = NOW_US // 1_000_000 + i * 3_600
            command = [sys.executable, "-m", "tests.faults.delivering", str(tmp_path), str(now), point, str(number)]
            code = subprocess.run(command, cwd=ROOT, timeout=300, check=False).returncode
            died[point] += code == -signal.SIGKILL
            assert code in (0, -signal.SIGKILL), (point, code)
        assert code == 0
        seen = [request.headers["idempotency-key"] for request in receiver.seen]
    times = Counter(seen)
    assert counts(engine) == {"sent": count}
    assert set(times) == set(groups)
    assert max(times.values()) <= 2
    twice = sum(n == 2 for n in times.values())
    assert {point: died[point] for point in POINTS} == dict.fromkeys(POINTS, times_each)
    assert 0 < twice <= CHANNELS * len(kills), "a message in flight may be lost to the record; nothing else is"
    first = list(dict.fromkeys(seen))
    for group in range(GROUPS):
        mine = [key for key in first if groups[key] == group]
        assert mine == sorted(mine)
    engine.dispose()
