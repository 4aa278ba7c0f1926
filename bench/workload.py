"""W1, the workload on which statistics are measured: 40 numeric and 10 category features that do not drift.

A column is known by its quantile function, for rows, and by its distribution function, for the true share of each
bin. Counts of windows are drawn from these shares (`trust/draw.py`), which costs 5 ns a value; rows where rows are
asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from modelwatch.core.column import ColumnKey
from modelwatch.core.wire import Role
from modelwatch.profiles import NULL, WIDTH, Binning, CategoryBinning, CategoryValues, NumericValues, Values
from modelwatch.profiles.category import hash64

Floats = NDArray[np.float64]

REFERENCE_ROWS: Final = 100_000
WINDOW_ROWS: Final = (500, 2_000, 10_000)


@dataclass(frozen=True, slots=True)
class Number:
    """A numeric column: `quantile` of shares in (0, 1), `below(x)` = P(X < x); `nulls` is the share without a value."""

    name: str
    quantile: Callable[[Floats], Floats]
    below: Callable[[Floats], Floats]
    nulls: float = 0.0


@dataclass(frozen=True, slots=True)
class Words:
    """A category column: its names with their shares of the rows that have a value."""

    name: str
    names: tuple[str, ...]
    shares: Floats
    nulls: float = 0.0


Column = Number | Words


def key(column: Column) -> ColumnKey:
    """The column as the monitors know it."""
    return ColumnKey(Role.FEATURE, column.name)


def normal(name: str, mean: float = 0.0, sd: float = 1.0) -> Number:
    """Gaussian values."""
    return Number(name, lambda u: mean + sd * special.ndtri(u), lambda x: special.ndtr((x - mean) / sd))


def lognormal(name: str, mean: float, sd: float) -> Number:
    """Values whose logarithm is Gaussian."""

    def below(x: Floats) -> Floats:
        safe = np.where(x > 0, x, 1.0)
        answer: Floats = np.where(x > 0, special.ndtr((np.log(safe) - mean) / sd), 0.0)
        return answer

    return Number(name, lambda u: np.exp(mean + sd * special.ndtri(u)), below)


def exponential(name: str, scale: float) -> Number:
    """Waiting times."""
    return Number(name, lambda u: -scale * np.log1p(-u), lambda x: -np.expm1(-np.maximum(x, 0.0) / scale))


def uniform(name: str, low: float, high: float) -> Number:
    """Values that are equally likely between two ends."""
    return Number(name, lambda u: low + (high - low) * u, lambda x: np.clip((x - low) / (high - low), 0.0, 1.0))


def counts(name: str, chance: Callable[[Floats], Floats], zeros: float = 0.0) -> Number:
    """Whole numbers from 0 on with P(X <= k) = `chance(k)`, of which a share `zeros` more is 0."""
    size = 64
    while float(chance(np.array([size - 1.0]))[0]) < 1 - 1e-14:
        size *= 2
    cumulative = zeros + (1 - zeros) * chance(np.arange(size, dtype=np.float64))

    def quantile(u: Floats) -> Floats:
        return np.searchsorted(cumulative, u, side="left").clip(0, size - 1).astype(np.float64)

    def below(x: Floats) -> Floats:
        last = np.clip(np.ceil(np.minimum(x, size)) - 1, -1, size - 1).astype(np.intp)  # the largest value under x
        answer: Floats = np.where(last < 0, 0.0, np.where(last >= size - 1, 1.0, cumulative[last]))
        return answer

    return Number(name, quantile, below)


def numbers() -> list[Number]:
    """The 40 numeric columns of W1."""
    answer = [normal(f"normal {i}", mean, sd) for i, (mean, sd) in enumerate(zip(range(-5, 5), SPREADS, strict=True))]
    answer += [lognormal(f"lognormal {i}", i - 3.0, 0.25 * (i + 1)) for i in range(8)]
    answer += [exponential(f"exponential {i}", 10.0 ** (i - 2)) for i in range(6)]
    answer += [uniform(f"uniform {i}", -float(i), 10.0**i) for i in range(4)]
    for i, mean in enumerate((0.1, 0.7, 3.0, 12.0, 60.0, 400.0)):
        answer.append(counts(f"count {i}", stats.poisson(mean).cdf))
    for i, (size, chance) in enumerate(((0.5, 0.1), (2.0, 0.2), (5.0, 0.02))):
        answer.append(counts(f"bursty count {i}", stats.nbinom(size, chance).cdf))
    for i, (zeros, mean) in enumerate(((0.3, 2.0), (0.8, 5.0), (0.97, 20.0))):
        answer.append(counts(f"mostly zero {i}", stats.poisson(mean).cdf, zeros))
    return answer


SPREADS: Final = (1.0, 0.1, 10.0, 1.0, 1e-3, 1e3, 1.0, 2.0, 3.0, 1.0)


def words(name: str, size: int, exponent: float) -> Words:
    """Categories whose shares fall as a power of their rank: 0 for equal shares, 1 for Zipf's."""
    shares = np.arange(1.0, size + 1) ** -exponent
    return Words(name, tuple(f"value {i}" for i in range(size)), shares / shares.sum())


def categories() -> list[Words]:
    """The 10 category columns of W1."""
    sizes = (3, 4, 5, 6, 8, 12, 18, 25, 35, 50)
    exponents = (0.5, 2.0, 0.0, 1.0, 3.0, 0.8, 1.5, 1.0, 0.6, 1.6)
    return [words(f"word {i}", *each) for i, each in enumerate(zip(sizes, exponents, strict=True))]


def w1(nulls: bool = False) -> list[Column]:
    """The 50 columns; with `nulls`, a third of them lack 0.1 to 50 % of their values."""
    columns: list[Column] = [*numbers(), *categories()]
    if not nulls:
        return columns
    lacking = (0.001, 0.01, 0.05, 0.5)
    return [replace(each, nulls=lacking[i // 3 % 4]) if i % 3 == 0 else each for i, each in enumerate(columns)]


def values(column: Column, u: Floats) -> Values:
    """The rows [n] of a column at uniform places `u` in (0, 1); the lowest of them, if any, are null."""
    lacking = u < column.nulls
    u = np.where(lacking, 0.5, (u - column.nulls) / (1 - column.nulls))
    match column:
        case Number():
            return NumericValues(column.quantile(u), lacking if column.nulls else None)
        case Words():
            codes = np.searchsorted(np.cumsum(column.shares)[:-1], u, side="right").astype(np.int32)
            codes[lacking] = -1
            return CategoryValues(codes, column.names)


def rows(columns: Sequence[Column], random: np.random.Generator, n: int) -> dict[ColumnKey, Values]:
    """Independent rows of independent columns."""
    return {key(column): values(column, random.random(n)) for column in columns}


def shares(columns: Sequence[Column], binning: Binning) -> Floats:
    """The true share [F, WIDTH] of the rows in each slot of a binning of these columns."""
    known: Mapping[ColumnKey, Column] = {key(column): column for column in columns}
    answer = np.zeros((len(binning), WIDTH))
    for f, fitted in enumerate(binning.columns):
        column = known[fitted.key]
        if isinstance(column, Number):
            edges = binning.edges[f, : binning.size[f] - 1]
            below = np.concatenate(([0.0], column.below(edges), [1.0]))
            answer[f, : binning.size[f]] = np.maximum(np.diff(below), 0.0)
        elif isinstance(fitted.bins, CategoryBinning):
            np.add.at(answer[f], places(column, fitted.bins), column.shares)
        answer[f] *= 1 - column.nulls
        answer[f, NULL] = column.nulls
    return answer


def places(column: Words, bins: CategoryBinning) -> NDArray[np.int64]:
    """The bin of each of a column's names."""
    hash64.cache_clear()
    return bins.bins_of(column.names)
