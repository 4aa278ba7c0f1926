"""Keys in memory and in files answer as one dictionary would."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modelwatch.core.window import DAY_US
from modelwatch.core.wire import Keyed
from modelwatch.log.disk import Disk
from modelwatch.log.keys import Keys
from modelwatch.log.sequences import Verdict
from tests.log.faulty import FaultyDisk, flip

WEEK_US = 7 * DAY_US


def use(keys: Keys, name: str, received_us: int) -> bool:
    verdict = keys.decide(Keyed(name), received_us)
    keys.commit()
    return verdict is Verdict.NEW


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    script=st.lists(
        st.tuples(
            st.sampled_from(["use", "use", "use", "roll back", "spill", "expire", "reopen"]),
            st.integers(0, 12),
            st.sampled_from([0, 1, DAY_US, 3 * DAY_US]),
        ),
        max_size=60,
    )
)
def test_they_answer_as_a_dictionary_of_times(
    tmp_path_factory: pytest.TempPathFactory, script: list[tuple[str, int, int]]
) -> None:
    folder = tmp_path_factory.mktemp("log") / "keys"
    keys, used, now = Keys(folder, Disk()), dict[int, int](), 0
    for step, name, later in script:
        now += later
        new = name not in used or now - used[name] >= WEEK_US
        if step == "use":
            assert use(keys, str(name), now) is new
            used[name] = now if new else used[name]
        elif step == "roll back":
            assert (keys.decide(Keyed(str(name)), now) is Verdict.NEW) is new
            assert keys.decide(Keyed(str(name)), now) is Verdict.DUPLICATE
            keys.rollback()
        else:
            keys.spill()
            if step == "expire":
                keys.expire(now - WEEK_US)
            if step == "reopen":
                keys.close()
                keys = Keys(folder, Disk())
    keys.close()


def test_files_stay_few_and_hold_every_key(tmp_path: Path) -> None:
    keys = Keys(tmp_path / "keys", Disk())
    for number in range(100):
        for name in range(10):
            assert use(keys, f"{number} {name}", number)
        keys.spill()
        assert len(keys.recent) == 0
    assert len(keys.files) <= 7
    assert sum(file.count for file in keys.files) == 1_000
    assert not any(use(keys, f"{number} {name}", 100) for number in range(100) for name in range(10))
    assert use(keys, "another", 100)
    keys.close()


def test_old_files_go_and_new_ones_stay(tmp_path: Path) -> None:
    keys = Keys(tmp_path / "keys", Disk())
    for name in ("a", "b", "c", "d", "e"):
        use(keys, name, 0)
    keys.spill()
    use(keys, "new", 1)
    keys.spill()
    keys.expire(1)
    assert [file.count for file in keys.files] == [1]
    assert len(list((tmp_path / "keys").iterdir())) == 1
    assert not use(keys, "new", 2)
    keys.close()


@pytest.mark.parametrize("call", ["write", "sync", "sync_folder"])
def test_a_spill_that_fails_has_changed_no_answer(tmp_path: Path, call: str) -> None:
    faulty = FaultyDisk()
    keys = Keys(tmp_path / "keys", faulty.disk)
    use(keys, "old", 0)
    keys.spill()
    use(keys, "recent", 0)
    faulty.errors[call] = [errno.ENOSPC]
    with pytest.raises(OSError, match="No space left"):
        keys.spill()
    for _ in range(2):
        assert not use(keys, "old", 1)
        assert not use(keys, "recent", 1)
        keys.spill()
    keys.close()


@pytest.mark.parametrize("place", [0, 9, 17, 30, 47])
def test_a_damaged_file_is_set_aside_and_the_rest_is_known(tmp_path: Path, place: int) -> None:
    keys = Keys(tmp_path / "keys", Disk())
    for name in ("a", "b", "c"):
        use(keys, name, 0)
    keys.spill()
    use(keys, "last", 0)
    keys.spill()
    keys.close()
    oldest = min((tmp_path / "keys").iterdir())
    flip(oldest, place)
    keys = Keys(tmp_path / "keys", Disk())
    assert (tmp_path / "damaged" / oldest.name).exists()
    assert (use(keys, "a", 0), use(keys, "last", 0)) == (True, False)
    keys.close()
