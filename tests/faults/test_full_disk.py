"""A full disk: answered 507, nothing acknowledged is lost, and there is no restart needed when there is room again."""

from __future__ import annotations

import json
import os
import random
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from modelwatch.core import wire
from tests.faults.serving import serving
from tests.faults.test_kill import ROWS, arrow, rows_in_database, rows_in_lake, rows_in_log


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 48 MB of its own."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount a file system")
    folder = tmp_path / "disk"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", str(folder)], check=True)
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_is_answered_and_survived(small_disk: Path) -> None:
    folder = small_disk / "data"
    folder.mkdir()
    dice = random.Random(1)
    acknowledged, sequence, refused = 0, 0, 0
    with serving(folder, "--lake-flush-seconds", "0.5") as server:

        def post() -> int:
            nonlocal acknowledged, sequence
            body = arrow("p", sequence, dice)
            status, text = server.request("POST", "/api/v1/predictions", body, wire.ARROW_STREAM)
            if status == 200:
                assert json.loads(text)["accepted"] + json.loads(text)["duplicate"] == ROWS
                acknowledged += ROWS
                sequence += 1
            return status

        for _ in range(30):
            assert post() == 200
        ballast = small_disk / "ballast"
        with open(ballast, "wb", buffering=0) as file:
            try:
                while file.write(b"\0" * 65536):
                    pass
            except OSError:
                pass
        for _ in range(400):
            status = post()
            assert status in (200, 507), status
            refused += status == 507
            if refused >= 20:
                break
        assert refused >= 20
        assert server.request("GET", "/healthz")[0] == 200
        ballast.unlink()
        deadline = time.monotonic() + 30
        while post() != 200:
            assert time.monotonic() < deadline, "still refused though there is room"
        for _ in range(30):
            assert post() == 200
        deadline = time.monotonic() + 60
        while rows_in_database(folder) != (acknowledged, acknowledged) and time.monotonic() < deadline:
            time.sleep(0.2)
    assert rows_in_log(folder) == acknowledged
    assert rows_in_database(folder) == (acknowledged, acknowledged)
    assert rows_in_lake(folder) == (acknowledged, acknowledged)
