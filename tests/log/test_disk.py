"""Writing all of something, however the disk takes it."""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modelwatch.log.disk import IOV_MAX, Disk, make_folder, replace_file, write_all
from tests.log.faulty import FaultyDisk


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pieces=st.lists(st.binary(max_size=9), max_size=30), bites=st.lists(st.integers(1, 20), min_size=1))
def test_a_disk_that_takes_little_at_a_time_gets_it_all(tmp_path: Path, pieces: list[bytes], bites: list[int]) -> None:
    turn = iter(bites * 1_000)

    def bite(file: int, views: Sequence[bytes | memoryview], offset: int) -> int:
        return os.pwrite(file, b"".join(views)[: next(turn)], offset)

    with (tmp_path / "file").open("wb+") as file:
        write_all(Disk(write=bite), file.fileno(), pieces, 3)
        assert file.read() == bytes(3 if any(pieces) else 0) + b"".join(pieces)


def test_more_pieces_than_one_call_takes(tmp_path: Path) -> None:
    pieces = [b"%d " % number for number in range(3 * IOV_MAX)]
    with (tmp_path / "file").open("wb+") as file:
        write_all(Disk(), file.fileno(), pieces, 0)
        assert file.read() == b"".join(pieces)


@pytest.mark.parametrize("call", ["write", "sync"])
def test_a_replacement_that_fails_leaves_what_was_there(tmp_path: Path, call: str) -> None:
    path = tmp_path / "file"
    replace_file(Disk(), path, [b"old"])
    with pytest.raises(OSError, match="No space left"):
        replace_file(FaultyDisk(errors={call: [errno.ENOSPC]}).disk, path, [b"new"])
    assert [file.name for file in tmp_path.iterdir()] == ["file"]
    assert path.read_bytes() == b"old"


def test_every_folder_that_is_made_has_its_name_made_durable(tmp_path: Path) -> None:
    faulty = FaultyDisk()
    make_folder(faulty.disk, tmp_path / "a" / "b" / "c")
    assert (tmp_path / "a" / "b" / "c").is_dir()
    assert faulty.calls == ["sync_folder"] * 3
    make_folder(faulty.disk, tmp_path / "a" / "b" / "c")
    assert faulty.calls == ["sync_folder"] * 3
