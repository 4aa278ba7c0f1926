"""How much the rows of an epoch speak against "nothing has changed": e-values, all columns and causes at once.

An e-value is what a gambler has made of 1 who bets against the reference with fair odds; under no change its mean is 1
after any number of rows, whenever one looks, and it passes c at any time with a probability of at most 1 / c (Ville,
Étude critique de la notion de collectif, 1939; Ramdas, Grünwald, Vovk and Shafer, Game-theoretic statistics and safe
anytime-valid inference, Statistical Science 38, 2023). Here it is a ratio of two probabilities of the same counts: a
mixture of bets over the reference's predictive distribution, both in closed form, so that it depends on the counts
alone and not on when they were looked at. Mean 1 holds exactly for the urn of `expectation`.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from modelwatch.monitors.drift.groups import OTHER, QUANTILES
from modelwatch.monitors.sequential.cells import ABOVE, BELOW, CAUSES, NAMED, RATES
from modelwatch.monitors.sequential.expectation import ODDS, RISES, SPREADS, Expectation, Floats
from modelwatch.monitors.sequential.log_gamma import log_gamma

SHAPE_SHARE: Final = 0.5
"""Of a column's allowance; the rates share the rest."""
NEVER: Final = -np.inf
NUMBER_CELLS: Final = (*range(QUANTILES), BELOW, ABOVE)
CATEGORY_CELLS: Final = (*range(NAMED), OTHER)


def log_allowances(expected: Expectation) -> Floats:
    """Logarithms [F, causes] of the part of a column's allowance that each cause has; -inf where it cannot be."""
    rates = expected.urn[:, list(RATES)] > 0
    answer = np.full((len(expected), len(CAUSES)), NEVER)
    answer[:, 0] = math.log(SHAPE_SHARE)
    each = np.log((1 - SHAPE_SHARE) / np.maximum(rates.sum(axis=1), 1))
    answer[:, 1:] = np.where(rates, each[:, None], NEVER)
    return answer


def log_evidence(expected: Expectation, counts: Floats) -> Floats:
    """Logarithms [..., F, causes] of the e-values of effective rows `counts` [..., F, CELLS]."""
    answer = np.full((*counts.shape[:-1], len(CAUSES)), 0.0)
    numeric = expected.numeric
    answer[..., numeric, 0] = numbers(expected, counts[..., numeric, :])
    answer[..., ~numeric, 0] = categories(expected, counts[..., ~numeric, :])
    answer[..., 1:] = rates(expected, counts)
    return answer


def log_mean(values: Floats, axis: int) -> Floats:
    """The logarithm of the mean of exponentials along an axis."""
    largest = np.max(values, axis=axis, keepdims=True)
    with np.errstate(under="ignore"):
        mean = np.mean(np.exp(values - largest), axis=axis)
    answer: Floats = np.log(mean) + np.squeeze(largest, axis=axis)
    return answer


def log_urn(urn: Floats, counts: Floats) -> Floats:
    """The logarithm of the probability [...] that draws from an urn [..., C] give `counts` [..., C], order given."""
    some = urn > 0
    safe = np.where(some, urn, 1.0)
    cells = np.where(some, log_gamma(counts + safe) - log_gamma(safe), 0.0).sum(axis=-1)
    total, n = urn.sum(axis=-1), np.where(some, counts, 0.0).sum(axis=-1)
    answer: Floats = cells - log_gamma(total + n) + log_gamma(total)
    return answer


def spread_bets(urn: Floats, counts: Floats) -> list[Floats]:
    """Bets on any change at all: Dirichlet distributions around the reference, wide and narrow."""
    shares = urn / np.maximum(urn.sum(axis=-1, keepdims=True), 1e-300)
    return [log_urn(shares * spread, counts) for spread in SPREADS]


def numbers(expected: Expectation, counts: Floats) -> Floats:
    """The shape of numbers [..., N]: half of the stake on moves and stretches, half on any change."""
    some, cells = np.ix_(expected.numeric, NUMBER_CELLS)
    urn = np.where(expected.value[some, cells], expected.urn[some, cells], 0.0)
    counts = np.where(expected.value[some, cells], counts[..., NUMBER_CELLS], 0.0)
    moved = np.einsum("...fc,jfc->j...f", counts, expected.moved[:, some, cells], optimize=True)
    bets = np.stack([log_mean(moved, 0), log_mean(np.stack(spread_bets(urn, counts)), 0)])
    return log_mean(bets, 0) - log_urn(urn, counts)


def categories(expected: Expectation, counts: Floats) -> Floats:
    """The shape of categories [..., N]: half of the stake on one category's odds, half on any change."""
    some, cells = np.ix_(~expected.numeric, CATEGORY_CELLS)
    urn = np.where(expected.value[some, cells], expected.urn[some, cells], 0.0)
    counts = np.where(expected.value[some, cells], counts[..., CATEGORY_CELLS], 0.0)
    total, n = urn.sum(axis=-1, keepdims=True), counts.sum(axis=-1, keepdims=True)
    share = np.clip(urn / np.maximum(total, 1e-300), 1e-9, 1 - 1e-9)
    odds = np.array(ODDS)[:, *[None] * urn.ndim] * share / (1 - share)
    changed = odds / (1 + odds)
    changed = changed.reshape(len(ODDS), *[1] * (counts.ndim - urn.ndim), *urn.shape)
    one = log_mean(counts * np.log(changed) + (n - counts) * np.log1p(-changed), 0) - log_rest(urn, total, counts, n)
    known = np.broadcast_to(urn > 0, one.shape)
    held = np.maximum(known.sum(axis=-1), 1)
    each = np.where(known, one, NEVER)
    largest = each.max(axis=-1, initial=-1e300)
    with np.errstate(under="ignore"):
        single = np.log(np.exp(each - largest[..., None]).sum(axis=-1) / held) + largest
    any_change = log_mean(np.stack(spread_bets(urn, counts)), 0) - log_urn(urn, counts)
    return log_mean(np.stack([single, any_change]), 0)


def log_rest(urn: Floats, total: Floats, counts: Floats, n: Floats) -> Floats:
    """The logarithm of the probability that an urn gives `counts` of one cell and n - counts of all others."""
    inside = np.where(urn > 0, urn, 1.0)
    rest = np.maximum(total - inside, 1e-9)
    return (
        log_gamma(counts + inside)
        - log_gamma(inside)
        + log_gamma(n - counts + rest)
        - log_gamma(rest)
        - log_gamma(total + n)
        + log_gamma(total)
    )


def rates(expected: Expectation, counts: Floats) -> Floats:
    """The rates [..., F, rates]: a share of all rows that goes up; 0 where there is no such cell."""
    cells = list(RATES)
    urn, inside = expected.urn[:, cells], counts[..., cells]
    total, n = expected.urn.sum(axis=-1, keepdims=True), counts.sum(axis=-1, keepdims=True)
    share = urn / np.maximum(total, 1e-300)
    bets = []
    for rise in RISES:
        risen = np.clip(share + (1 - share) * rise, 1e-12, 1 - 1e-12)
        bets.append(inside * np.log(risen) + (n - inside) * np.log1p(-risen))
    found = log_mean(np.stack(bets), 0) - log_rest(urn, total, inside, n)
    return np.where(urn > 0, found, 0.0)
