import numpy as np
import pytest
from scipy import stats

from modelwatch.core.level import Level
from modelwatch.monitors.quality import repeated_ids
from modelwatch.monitors.quality.repeated_ids import clopper_pearson
from modelwatch.profiles.id_sketch import NOTHING, SIZE, IdSketch, sketch_ids


def window(rng, rows, again, times=1):
    """A window whose ids are new but for the share `again` of its ids, which come `times` more."""
    names = rng.integers(0, 2**63, rows).astype(np.uint64)
    repeated = names[rng.random(rows) < again]
    hashes = np.concatenate([names, *[repeated] * times])
    share = 1 - rows / len(hashes)
    return sketch_ids(hashes, np.ones(len(hashes), bool), np.zeros(len(hashes), np.int32), 1)[0], share


def test_a_small_window_is_counted_exactly():
    hashes = np.array([1, 2, 2, 3, 3, 3] * 40, np.uint64)
    found = repeated_ids(sketch_ids(hashes, np.ones(240, bool), np.zeros(240, np.int32), 1)[0])
    assert (found.rows, found.exact, found.level) == (240, True, Level.WARNING)
    assert found.low == found.share == found.high == 1 - 3 / 240


def test_nothing_is_said_of_few_rows_or_none():
    assert repeated_ids(NOTHING).level is Level.INSUFFICIENT_DATA
    assert repeated_ids(NOTHING).share == 0
    assert repeated_ids(IdSketch(9, np.array([1], np.uint64), np.array([9]))).level is Level.INSUFFICIENT_DATA


def test_a_window_without_repeated_ids_is_ok_whatever_its_size():
    rng = np.random.default_rng(1)
    for rows in (300, 5_000, 200_000):
        found = repeated_ids(window(rng, rows, 0.0)[0])
        assert (found.share, found.low, found.level, found.exact) == (0.0, 0.0, Level.OK, False)
        assert found.high < 0.021


@pytest.mark.parametrize(("again", "times"), [(0.001, 1), (0.02, 1), (0.1, 1), (0.5, 1), (0.9, 3), (0.05, 4)])
def test_the_interval_holds_the_true_share(again, times):
    """400 windows of 3,000 ids: at 99 % about 4 miss, and over 12 would come up once in 1,000 times."""
    rng = np.random.default_rng(2)
    pairs = [window(rng, 3_000, again, times) for _ in range(400)]
    found = [(repeated_ids(sketch), share) for sketch, share in pairs]
    assert sum(not each.low <= share <= each.high for each, share in found) <= 12
    shares = [each.share for each, _ in found]
    assert np.mean(shares) == pytest.approx(np.mean([share for _, share in found]), rel=0.05, abs=0.0005)


@pytest.mark.parametrize("share", [0.1, 0.4, 0.9])
def test_one_id_in_a_loop_is_seen_when_it_is_a_large_part(share):
    """It is in the sample of ids by luck alone; the number of distinct ids tells of it."""
    rng = np.random.default_rng(4)
    found = []
    for _ in range(100):
        names = rng.integers(0, 2**63, 20_000).astype(np.uint64) * np.uint64(2)
        hashes = np.concatenate([names, np.full(int(20_000 * share / (1 - share)), 2**63 + 1, np.uint64)])
        each = sketch_ids(hashes, np.ones(len(hashes), bool), np.zeros(len(hashes), np.int32), 1)[0]
        found.append(repeated_ids(each))
    if share > 0.3:
        assert sum(each.low <= share <= each.high for each in found) >= 95
        assert {each.level for each in found} == {Level.WARNING}
    else:
        assert all(each.low <= share for each in found)


def test_levels_ask_for_certainty():
    rng = np.random.default_rng(3)
    levels = {
        again: [repeated_ids(window(rng, 4_000, again)[0]).level for _ in range(60)] for again in (0.005, 0.05, 0.2)
    }
    assert levels[0.005].count(Level.OK) >= 59
    assert levels[0.05].count(Level.OK) < 45
    assert levels[0.05].count(Level.WARNING) <= 3
    assert set(levels[0.2]) == {Level.WARNING}


@pytest.mark.parametrize("count", [0, 1, 12, 130, 255, 256])
def test_the_binomial_interval_is_scipys(count):
    exact = stats.binomtest(count, SIZE).proportion_ci(0.99)
    assert clopper_pearson(count, SIZE) == pytest.approx((exact.low, exact.high), abs=1e-6)
