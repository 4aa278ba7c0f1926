"""What columns have in common, against simulations whose truth is known."""

import numpy as np
import pytest
from scipy import stats

from modelwatch.core.column import ColumnKey
from modelwatch.core.wire import Role
from modelwatch.monitors.drift import check, estimate
from modelwatch.monitors.drift.block_squares import Squares
from modelwatch.monitors.drift.moderated import Kind, apart, credible, together
from modelwatch.monitors.drift.smooth import smooth_p
from modelwatch.profiles import NumericValues, fit, merge, profile, profile_buckets

BLOCKS, GROUP, COLUMNS = 96, 4, 40
FREEDOM = BLOCKS - BLOCKS // GROUP


def squares(rng, effect, alike=0.0, columns=COLUMNS):
    """The squares of two scores of columns with these design effects, in groups of four blocks; `alike` correlates
    the columns with each other."""
    shape = (BLOCKS // GROUP, GROUP)
    common, own = rng.normal(size=(*shape, 1, 2)), rng.normal(size=(*shape, columns, 2))
    z = np.sqrt(alike) * common + np.sqrt(1 - alike) * own
    z = (z - z.mean(axis=1, keepdims=True)) * np.sqrt(effect)[None, None, :, None]
    by_block = (z**2).sum(axis=3).reshape(BLOCKS, columns)
    two = np.full(columns, 2)
    return Squares(by_block.sum(axis=0), np.full(columns, FREEDOM), two, by_block)


def share(rng, effect, repetitions, **how):
    return sum(together([squares(rng, np.asarray(effect), **how)]) for _ in range(repetitions)) / repetitions


@pytest.mark.parametrize("alike", [0.0, 0.5, 1.0])
def test_independent_rows_are_taken_for_dependent_in_one_table_of_a_hundred_however_alike_columns_are(alike):
    found = share(np.random.default_rng(1), np.ones(COLUMNS), 800, alike=alike)
    assert found * 800 <= stats.binom.isf(1e-3, 800, 0.01)


def test_what_no_column_shows_alone_all_show_together():
    rng = np.random.default_rng(2)
    assert share(rng, np.full(COLUMNS, 1.1), 100) > 0.95
    alone = np.mean([stats.chi2.sf(each, 2 * FREEDOM) < 0.025 for each in squares(rng, np.full(COLUMNS, 1.1)).squares])
    assert alone < 0.5


def test_one_column_says_nothing_of_all():
    one = np.ones(COLUMNS)
    one[0] = 50.0
    assert share(np.random.default_rng(3), one, 200) < 0.12
    assert not together([squares(np.random.default_rng(3), np.zeros(3), columns=3)])


@pytest.mark.parametrize("lent", [20.0, 200.0, np.inf])
def test_tests_that_divide_by_moderated_variances_keep_their_level(lent):
    """Variances are drawn from the inverse gamma distribution on which `lent` degrees of freedom stand (Smyth, 2004):
    p-values of a chi-square(2) in units of the moderated one, Hotelling's, are then uniform or above."""
    rng = np.random.default_rng(4)
    hits, raw, tables = 0, 0.0, 500
    closer = 0.0
    for _ in range(tables):
        truth = np.full(COLUMNS, 2.0) if np.isinf(lent) else 2.0 * lent / rng.chisquare(lent, COLUMNS)
        own = truth * rng.chisquare(FREEDOM, COLUMNS) / FREEDOM
        part = credible([Kind(own, np.full(COLUMNS, float(FREEDOM)))], FREEDOM)
        moderated = own + part * (own.mean() - own)
        raw += float(((own - truth) ** 2).sum())
        closer += float(((moderated - truth) ** 2).sum())
        scores = rng.normal(size=(COLUMNS, 2)) * np.sqrt(truth)[:, None]
        _, p = smooth_p(scores, np.outer(moderated, (1.0, 0.0, 1.0)), FREEDOM / (1 - part))
        hits += int((p < 0.01).sum())
    trials = tables * COLUMNS
    assert stats.binom.isf(0.999, trials, 0.006) <= hits <= stats.binom.isf(1e-3, trials, 0.0105)
    assert closer < raw * (0.95 if lent == 20.0 else 0.6)


def test_few_columns_lend_nothing():
    assert credible([Kind(np.full(3, 2.0), np.full(3, 72.0))], 72) == 0.0
    assert credible([], 72) == 0.0


def test_independent_columns_beside_dependent_ones_are_known():
    rng = np.random.default_rng(5)
    freedom = np.full(50, 72.0)
    truth = np.repeat([1.0, 1.9], 25)
    right = wrong = 0
    for _ in range(200):
        found = apart(Kind(truth * rng.chisquare(72, 50) / 72, freedom))
        right, wrong = right + int(found[:25].sum()), wrong + int(found[25:].sum())
    assert right > 0.4 * 200 * 25
    assert wrong < 0.005 * 200 * 25
    alike = [apart(Kind(1.2 * rng.chisquare(72, 50) / 72, freedom)).sum() for _ in range(200)]
    assert np.mean(alike) < 1.0


def customers(rng, rows, correlations):
    """Columns of 10 rows a customer with these intra-class correlations."""
    answer = {}
    for i, correlation in enumerate(correlations):
        own = np.repeat(rng.normal(size=rows // 10), 10)
        z = np.sqrt(correlation) * own + np.sqrt(1 - correlation) * rng.normal(size=rows)
        answer[ColumnKey(Role.FEATURE, f"x{i:02d}")] = NumericValues(z)
    return answer


def known(rng, rows, correlations):
    columns = customers(rng, rows, correlations)
    binning = fit(columns)
    blocks = profile_buckets(binning, columns, (np.arange(rows) * BLOCKS // rows).astype(np.int32), BLOCKS)
    whole = blocks[0]
    for block in blocks[1:]:
        whole = merge(whole, block)
    return binning, whole, estimate(blocks, binning)


def test_small_effects_are_those_of_the_formula_in_every_column():
    """1 + 9 x .1 (Kish, 1965); ranks of a normal column are correlated by .096."""
    _, _, effect = known(np.random.default_rng(6), 60_000, [0.1] * 30)
    assert effect.scores[:, 0].mean() == pytest.approx(1.87, rel=0.06)
    alone = 1.87 * np.sqrt(2 / FREEDOM)  # by how much an estimate of one column errs
    assert np.sqrt(np.mean((effect.scores[:, 0] - 1.87) ** 2)) < 0.75 * alone
    assert effect.freedom > 1.5 * FREEDOM


def test_small_effects_raise_no_more_false_alarms_than_promised():
    rng = np.random.default_rng(7)
    correlations = [0.1] * 30
    hits = naive = 0
    for _ in range(3):
        binning, before, effect = known(rng, 60_000, correlations)
        for _ in range(120):
            now = profile(binning, customers(rng, 2_000, correlations))
            hits += int(check(now, before, binning, dependence=effect).test_p.min() < 0.01 / 30)
            naive += int(check(now, before, binning).test_p.min() < 0.01 / 30)
    assert hits <= stats.binom.isf(1e-3, 360, 0.01)
    assert naive > 20


def test_a_column_that_depends_alone_leaves_the_others_what_they_are():
    _, _, effect = known(np.random.default_rng(8), 60_000, [0.6] + [0.0] * 29)
    assert effect.scores[0, 0] > 4
    assert np.mean(effect.largest[1:] == 1.0) > 0.8
