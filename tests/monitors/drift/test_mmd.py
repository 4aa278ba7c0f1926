"""MMD and centroid of vector columns against the exact ones, and how often chance alone raises them."""

import numpy as np
import pytest
from scipy import stats

from modelwatch.core.column import ColumnKey
from modelwatch.core.level import CODE, Level
from modelwatch.core.segment import Segment
from modelwatch.core.wire import Role
from modelwatch.monitors.drift import DriftTable, check, findings, moved
from modelwatch.monitors.drift.centroid import centroid
from modelwatch.monitors.drift.dependence import Dependence, estimate, independent
from modelwatch.monitors.drift.mmd import discrepancy, hotelling_point, hotelling_tail
from modelwatch.monitors.drift.on_request import compute
from modelwatch.monitors.drift.segments import Sides, carriers
from modelwatch.monitors.quality.cardinality import cardinality
from modelwatch.monitors.sequential.expectation import expect
from modelwatch.profiles import fit, merge, profile
from modelwatch.profiles.describe import describe
from modelwatch.profiles.vector import features_of
from tests.profiles.vectors import IMG, vectors


def normal(rng, n, d=16, shift=0.0):
    return rng.normal(shift, 1, size=(n, d))


def compared(now, before, binning=None):
    """Both sides as profiles on the reference's bins."""
    binning = fit({IMG: vectors(before)}) if binning is None else binning
    return binning, profile(binning, {IMG: vectors(now)}), profile(binning, {IMG: vectors(before)})


def table_of(now, before):
    binning, current, reference = compared(now, before)
    return check(current, reference, binning)


def exact_mmd(x, y, bandwidth):
    """The unbiased estimate over all pairs."""

    def kernel(a, b):
        square = (a**2).sum(1)[:, None] + (b**2).sum(1)[None, :] - 2 * a @ b.T
        return np.exp(-np.maximum(square, 0) / (2 * bandwidth**2))

    k, q, c = kernel(x, x), kernel(y, y), kernel(x, y)
    n, m = len(x), len(y)
    return (k.sum() - n) / (n * (n - 1)) + (q.sum() - m) / (m * (m - 1)) - 2 * c.mean()


@pytest.mark.parametrize("shift", [0.0, 0.2, 0.5, 1.5])
@pytest.mark.parametrize("d", [1, 8, 64])
def test_gaussian_mmd_is_the_exact_one_within_its_bound(shift, d):
    rng = np.random.default_rng(d)
    before, now = normal(rng, 1500, d), normal(rng, 1000, d, shift)
    binning, current, reference = compared(now, before)
    bins = binning.columns[0].bins
    z = [np.clip((side - bins.mean) / bins.scale, -8, 8) for side in (now, before)]
    exact = exact_mmd(*z, bins.bandwidth)
    found = discrepancy(current.counts[0], reference.counts[0], bins, 1000, 1500).gaussian
    assert abs(found - exact) <= 8 * np.sqrt(np.log(2 / 1e-3) / (2 * bins.waves))
    assert found == pytest.approx(exact, rel=0.25, abs=0.002)


@pytest.mark.parametrize(("k", "freedom"), [(2, 30), (16, 999), (7.5, 400)])
def test_hotellings_tail_is_that_of_f(k, freedom):
    for x in (0.1, 3.0, 20.0, 80.0):
        exact = stats.f.sf(x * (freedom - k + 1) / (k * freedom), k, freedom - k + 1)
        assert hotelling_tail(x, k, freedom) == pytest.approx(exact, rel=1e-9)
    assert hotelling_tail(hotelling_point(0.01, k, freedom), k, freedom) == pytest.approx(0.01)


def test_for_a_normal_column_it_is_psi():
    """Jeffreys' divergence of N(0, 1) and N(s, 1) is s^2; the chi-square distance is exp(s^2) - 1."""
    rng = np.random.default_rng(4)
    for s in (0.3, 0.5):
        table = table_of(normal(rng, 40_000, 1, s), normal(rng, 40_000, 1))
        assert s**2 * 0.95 <= table.size(0).value <= (np.exp(s**2) - 1) * 1.05


def test_the_centroid_is_the_exact_distance():
    rng = np.random.default_rng(6)
    for d, shift in ((4, 0.5), (200, 0.3)):
        before, now = normal(rng, 4000, d), normal(rng, 4000, d, shift)
        binning, current, reference = compared(now, before)
        far, chance = centroid(current.counts[0], reference.counts[0], binning.columns[0].bins, 4000, 4000)
        z = (before - before.mean(0)) / before.std(0)
        exact = np.linalg.norm((now.mean(0) - before.mean(0)) / before.std(0)) / np.sqrt((z**2).sum(1).mean())
        assert far == pytest.approx(exact, rel=0.25)
        assert 0 < chance < 0.06


def populations(rng):
    weights, centres = rng.normal(size=(6, 24)), rng.normal(size=(10, 6)) * 2

    def clusters(n):
        x = (centres[rng.integers(0, 10, n)] + rng.normal(size=(n, 6))) @ weights + 0.5 * rng.normal(size=(n, 24))
        return x / np.linalg.norm(x, axis=1, keepdims=True)

    return {
        "clusters": clusters,
        "normal": lambda n: rng.normal(size=(n, 24)),
        "heavy": lambda n: rng.standard_t(2, size=(n, 12)),
    }


@pytest.mark.parametrize("name", ["clusters", "normal", "heavy"])
def test_false_alarms_are_nominal(name):
    """20 references of 500 rows with 3,200 rows of windows each; bounds are 4 standard errors wide.

    `python -m bench embeddings --only chance` does it with thousands.
    """
    draw = populations(np.random.default_rng(17))[name]
    found = {200: [], 500: [], 1600: []}
    for _ in range(20):
        before, fresh = draw(500), draw(3200)
        bins = fit({IMG: vectors(before)}).columns[0].bins
        base = features_of(bins, before.astype(np.float32)).values.mean(axis=0)
        z = (features_of(bins, fresh.astype(np.float32)).values - base) @ bins.whitening.T
        for n, values in found.items():
            means = z[: len(z) // n * n].reshape(-1, n, z.shape[1]).mean(axis=1)
            statistic = (means**2).sum(axis=1) * n * 500 / (n + 500)
            values += [hotelling_tail(float(t), z.shape[1], bins.fitted - 1) for t in statistic]
    for values in found.values():
        for nominal in (0.1, 0.01):
            # windows of one reference share its luck: count references, not windows
            allowed = nominal + 4 * np.sqrt(nominal * (1 - nominal) / max(20, len(values) / 4))
            assert np.mean(np.array(values) < nominal) <= allowed


def test_every_kind_of_change_is_seen():
    rng = np.random.default_rng(20)
    before = normal(rng, 5000, 4)
    turned = normal(rng, 2000, 4)
    turned[:, 1] = turned[:, 0] * 0.8 + turned[:, 1] * 0.6
    half = normal(rng, 2000, 4)
    half[:600] = half[0]
    changes = {
        "shift": normal(rng, 2000, 4, 0.15),
        "scale": normal(rng, 2000, 4) * 1.2,
        "correlation": turned,
        "one vector repeated": half,
        "far": np.concatenate((normal(rng, 1940, 4), normal(rng, 60, 4) * 6)),
    }
    for name, now in changes.items():
        assert table_of(now, before).levels[0] <= CODE[Level.NOTICE], name
    same = table_of(normal(rng, 2000, 4), before)
    assert same.levels[0] == CODE[Level.OK]


def test_levels_ask_for_certainty_and_size():
    rng = np.random.default_rng(21)
    before = normal(rng, 5000, 4)
    small, large = (table_of(normal(rng, 5000, 4, shift), before) for shift in (0.08, 0.4))
    assert small.mmd_levels[0] == CODE[Level.NOTICE]
    assert large.mmd_levels[0] == CODE[Level.CRITICAL]
    assert large.psi_levels[0] == CODE[Level.OK]
    few = table_of(normal(rng, 100, 4, 3.0), before)
    assert few.levels[0] == CODE[Level.INSUFFICIENT_DATA]


def test_constant_vectors_that_change_are_seen_by_their_reach():
    table = table_of(np.full((500, 3), 2.0), np.ones((500, 3)))
    assert table.levels[0] == CODE[Level.CRITICAL]
    assert table.outside[0] == 1
    assert table_of(np.ones((500, 3)), np.ones((500, 3))).levels[0] == CODE[Level.OK]


def test_rows_without_a_vector_have_their_rates():
    rng = np.random.default_rng(22)
    before = normal(rng, 3000, 4)
    binning, _, reference = compared(before, before)
    now = normal(rng, 1000, 4).astype(np.float32)
    now[:50, 2] = np.nan
    held = np.r_[np.ones(1000, bool), np.zeros(100, bool)]
    table = check(profile(binning, {IMG: vectors(now, held)}), reference, binning)
    assert table.nans[0] == pytest.approx(50 / 1100)
    assert table.nulls[0] == pytest.approx(150 / 1100)
    assert table.nulls_levels[0] == CODE[Level.CRITICAL]
    assert np.isnan(table.unseen[0])
    assert table.effective_rows == 1100


def test_a_finding_explains_itself():
    rng = np.random.default_rng(23)
    binning, current, reference = compared(normal(rng, 2000, 8, 0.5), normal(rng, 3000, 8))
    table = check(current, reference, binning)
    found = {each.metric: each for each in findings(table, current, reference, binning)}
    assert {"mmd", "centroid", "nulls", "outside"} <= set(found)
    assert "psi" not in found
    mmd = found["mmd"]
    assert mmd.level is Level.CRITICAL
    assert (mmd.threshold_warning, mmd.threshold_critical) == (0.1, 0.25)
    assert mmd.chance is not None
    assert mmd.chance < 0.1
    text = " ".join(mmd.evidence["why"])
    assert "MMD" in text
    assert "middle has moved by 0.5" in text
    assert "Mean length" in text
    again = DriftTable.from_bytes(table.to_bytes())
    assert again.mmd == pytest.approx(table.mmd, rel=1e-6)
    assert np.array_equal(again.mmd_levels, table.mmd_levels)


def test_dependent_vectors_count_as_fewer():
    """Blocks of 50 rows, in each of which ten rows of one customer stand together with intra-class correlation .3."""
    rng = np.random.default_rng(24)

    def customers(n):
        own = np.repeat(rng.normal(size=(n // 10, 6)), 10, axis=0)
        return np.sqrt(0.3) * own + np.sqrt(0.7) * rng.normal(size=(n, 6))

    before = customers(20_000)
    binning = fit({IMG: vectors(before)})
    blocks = [profile(binning, {IMG: vectors(part)}) for part in np.split(before, 100)]
    reference = blocks[0]
    for block in blocks[1:]:
        reference = merge(reference, block)
    effect = estimate(blocks, binning)
    assert effect.largest[0] > 1.5
    naive, careful = [], []
    for _ in range(40):
        current = profile(binning, {IMG: vectors(customers(2000))})
        naive.append(check(current, reference, binning).mmd_p[0])
        careful.append(check(current, reference, binning, dependence=effect).mmd_p[0])
    assert np.mean(np.array(naive) < 0.01) > 0.3
    assert np.mean(np.array(careful) < 0.01) <= 0.1
    again = Dependence.from_bytes(effect.to_bytes())
    assert again.scale == pytest.approx(effect.scale, rel=1e-6)
    shuffled = rng.permutation(before)
    assert estimate([profile(binning, {IMG: vectors(p)}) for p in np.split(shuffled, 100)], binning).largest[0] < 1.3
    assert independent(1).largest[0] == 1


def test_segments_parts_add_up_to_the_mmd():
    """One of three segments moves, another grows."""
    rng = np.random.default_rng(25)
    before = [normal(rng, 1500, 6), normal(rng, 1500, 6, 1.0), normal(rng, 1500, 6, -1.0)]
    now = [normal(rng, 900, 6, 0.8), normal(rng, 900, 6, 1.0), normal(rng, 2000, 6, -1.0)]
    binning = fit({IMG: vectors(np.concatenate(before))})
    counted = [[profile(binning, {IMG: vectors(part)}) for part in side] for side in (now, before)]
    cut = {
        Segment(ColumnKey(Role.TAG, "kind"), name): Sides(*pair) for name, *pair in zip("abc", *counted, strict=True)
    }
    whole = [merge(merge(a, b), c) for a, b, c in counted]
    ranking = carriers(*whole, cut, binning, 0)
    table = check(*whole, binning)
    assert ranking.total == pytest.approx(table.mmd[0], rel=1e-5)
    named = {each.segment.value: each.named for each in ranking.carriers if each.segment}
    assert named == {"a": "within", "b": "", "c": "mix"}
    without = {each.segment.value: each.without for each in ranking.carriers if each.segment}
    rest = [merge(side[1], side[2]) for side in counted]
    assert without["a"] == pytest.approx(check(*rest, binning).mmd[0], rel=1e-5)


def test_what_looks_at_counts_leaves_vectors_out():
    rng = np.random.default_rng(26)
    binning, current, reference = compared(normal(rng, 500), normal(rng, 2000))
    assert not expect(reference, binning).judged.any()
    assert np.isnan(cardinality(current, reference, binning).distinct).all()
    assert np.isnan(compute("hellinger", current, reference, binning)[0]).all()
    assert moved(current, reference, binning, 0) == ()
    drawn = describe(current, reference, binning, 0)
    assert (drawn.bars, drawn.categories, drawn.reference_median) == ((), (), None)
