"""Evidence is fair: its mean under the expectation is exactly 1, and it depends on counts alone."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import gammaln

from modelwatch.monitors.sequential import expect
from modelwatch.monitors.sequential.cells import CAUSES, CELLS
from modelwatch.monitors.sequential.evidence import log_allowances, log_evidence
from modelwatch.monitors.sequential.expectation import Expectation
from modelwatch.monitors.sequential.log_gamma import log_gamma
from modelwatch.profiles import fit, profile
from tests.monitors.drift.frames import X, column


def expected_of(values: object) -> Expectation:
    """The expectation of a reference of one column."""
    columns = {X: column(values)}
    binning = fit(columns)
    return expect(profile(binning, columns), binning)


def numbers() -> Expectation:
    rng = np.random.default_rng(1)
    return expected_of([None if x < 0.02 else float(x > 0.6) for x in rng.random(300).tolist()])


def names() -> Expectation:
    rng = np.random.default_rng(1)
    return expected_of(rng.choice(["a", "b", "b", "c"], 300).tolist())


@given(st.floats(1e-4, 1e8))
def test_log_gamma_is_that_of_scipy(x: float) -> None:
    found = float(log_gamma(np.array([x]))[0])
    assert found == pytest.approx(float(gammaln(x)), rel=1e-12, abs=1e-11)


@pytest.mark.parametrize("make", [numbers, names])
def test_the_mean_of_every_e_value_is_one(make: object) -> None:
    expected: Expectation = make()  # type: ignore[operator]
    used = np.flatnonzero(expected.urn[0] > 0)
    urn, n = expected.urn[0, used], 4
    draws = [
        np.bincount(drawn, minlength=len(used))
        for drawn in itertools.combinations_with_replacement(range(len(used)), n)
    ]
    held = np.array(draws, dtype=np.float64)
    ways = gammaln(n + 1) - gammaln(held + 1).sum(axis=1)
    cells = (gammaln(held + urn) - gammaln(urn)).sum(axis=1)
    chance = np.exp(ways + cells + gammaln(urn.sum()) - gammaln(urn.sum() + n))
    assert chance.sum() == pytest.approx(1.0)
    counts = np.zeros((len(draws), 1, CELLS))
    counts[:, 0, used] = held
    means = (np.exp(log_evidence(expected, counts)) * chance[:, None, None]).sum(axis=0)[0]
    for cause, mean in zip(CAUSES, means, strict=True):
        assert mean == pytest.approx(1.0, abs=1e-9), cause


@pytest.mark.parametrize("make", [numbers, names])
def test_the_causes_share_one_allowance(make: object) -> None:
    expected: Expectation = make()  # type: ignore[operator]
    assert np.exp(log_allowances(expected)).sum(axis=1) == pytest.approx(1.0)


@given(st.lists(st.integers(0, 40), min_size=6, max_size=6))
def test_evidence_of_a_rate_is_that_of_the_paper_s_formula(held: list[int]) -> None:
    """Beta-binomial against a mixture of binomials, written down with scipy."""
    expected = numbers()
    used = np.flatnonzero(expected.urn[0] > 0)
    counts = np.zeros((1, CELLS))
    counts[0, used[: len(held)]] = held
    null = CAUSES.index("null")
    cell = 32
    a, total = expected.urn[0, cell], expected.urn[0].sum()
    k, n = counts[0, cell], counts[0].sum()
    bets = [a / total + (1 - a / total) * rise for rise in (0.01, 0.03, 0.1, 0.3, 0.97)]
    top = np.log(np.mean([np.exp(k * np.log(p) + (n - k) * np.log1p(-p)) for p in bets]))
    bottom = gammaln(k + a) + gammaln(n - k + total - a) + gammaln(total)
    bottom -= gammaln(a) + gammaln(total - a) + gammaln(total + n)
    assert log_evidence(expected, counts)[0, null] == pytest.approx(top - bottom, abs=1e-6)
