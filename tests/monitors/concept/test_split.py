"""The best split against scipy, over all cuts."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from modelwatch.monitors.concept.history import BLOCK, Block
from modelwatch.monitors.concept.split import best
from tests.monitors.concept.streams import Floats, mistakes


def blocks(values: Floats) -> list[Block]:
    """Blocks of 32, none joined."""
    parts = values.reshape(-1, BLOCK)
    return [Block(BLOCK, i * BLOCK + 1, i, i, p.sum(), (p * p).sum(), p.sum()) for i, p in enumerate(parts)]


def test_mistakes_are_split_where_scipys_likelihood_ratio_is_largest() -> None:
    errors = mistakes(np.random.default_rng(1), (0.1, 64 * BLOCK), (0.3, 16 * BLOCK))
    ratios = []
    for cut in range(1, 80):
        parts = errors[: cut * BLOCK], errors[cut * BLOCK :]
        table = [[part.sum(), len(part) - part.sum()] for part in parts]
        ratios.append(stats.chi2_contingency(table, correction=False, lambda_="log-likelihood").statistic)
    split = best(blocks(errors), mistakes=True)
    assert split is not None
    assert split.at == int(np.argmax(ratios)) + 1
    assert split.certainty**2 * split.design_effect == pytest.approx(max(ratios), rel=1e-9)
    assert split.before == errors[: split.at * BLOCK].mean()
    assert split.after == errors[split.at * BLOCK :].mean()


def test_ranks_are_split_where_scipys_analysis_of_variance_is_largest() -> None:
    rng = np.random.default_rng(2)
    values = np.concatenate([rng.random(50 * BLOCK), rng.random(10 * BLOCK) ** 0.7])
    ratios = []
    for cut in range(8, 60):
        f = stats.f_oneway(values[: cut * BLOCK], values[cut * BLOCK :]).statistic
        ratios.append(f * len(values) / (len(values) - 2))
    split = best(blocks(values), mistakes=False)
    assert split is not None
    assert split.at == int(np.argmax(ratios)) + 8
    assert split.certainty**2 * split.design_effect == pytest.approx(max(ratios), rel=1e-9)


def test_the_design_effect_of_independent_labels_is_near_1_and_that_of_copies_is_their_number() -> None:
    rng = np.random.default_rng(3)
    apart, alike = [], []
    for _ in range(20):
        independent = best(blocks(mistakes(rng, (0.2, 3_200))), mistakes=True)
        copied = best(blocks(np.repeat(mistakes(rng, (0.2, 800)), 4)), mistakes=True)
        assert independent is not None
        assert copied is not None
        apart.append(independent.design_effect)
        alike.append(copied.design_effect)
    assert np.mean(apart) == pytest.approx(1.0, abs=0.15)
    assert np.mean(alike) == pytest.approx(4.0, rel=0.15)


def test_there_is_no_split_of_too_few_labels_or_mistakes() -> None:
    assert best([], mistakes=True) is None
    assert best(blocks(np.ones(256)), mistakes=True) is None
    few = np.zeros(3_200)
    few[-9:] = 1
    assert best(blocks(few), mistakes=True) is None
    few[-10:] = 1
    assert best(blocks(few), mistakes=True) is not None


@pytest.mark.parametrize("value", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("mistakes", [True, False])
def test_a_constant_has_no_certain_split(value: float, mistakes: bool) -> None:
    if mistakes and value == 0.5:
        return
    split = best(blocks(np.full(3_200, value)), mistakes)
    assert split is None or split.certainty < 1e-3
